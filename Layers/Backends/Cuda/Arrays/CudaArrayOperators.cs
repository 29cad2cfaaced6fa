using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

/// <summary>Arithmetic on arrays by kernels on the stream of a plan; what a table says of the iteration is read by the kernels, at the counter.</summary>
/// <remarks>Only the device knows the iteration, so that tables must have entries for all that are run.</remarks>
internal sealed partial class CudaArrayOperators(CudaQueue queue, DeviceArray<int> counter) : ILoopOperators
{
    KernelLibrary Kernels => queue.Kernels;

    CudaStream Stream => queue.Stream;

    nint Iteration => counter.Address;

    public void Advance() => PreimageKernels.Advance(Kernels, Stream, LaunchShape.Over(1, block: 32), Iteration);

    public void Fill(DeviceArray<float> x, float value) => ElementwiseKernels.Fill(Kernels, Stream, LaunchShape.OverFours(x.Count), x.Address, value, x.Count);

    public void Copy(DeviceArray<float> from, DeviceArray<float> to)
    {
        int copies = ArrayChecks.SameOrOneRow(nameof(Copy), "from", from.Shape, "to", to.Shape) ? to.Shape.N : 1;
        for (int row = 0; row < copies; row++)
            Stream.Copy(to.Address + (nint)(row * from.Shape.Bytes), from.Address, from.Shape.Bytes);
    }

    public void Add(DeviceArray<float> x, DeviceArray<float> y, float factor = 1)
    {
        if (ArrayChecks.SameOrOneRow(nameof(Add), "x", x.Shape, "y", y.Shape))
            PreimageKernels.AddRepeated(Kernels, Stream, LaunchShape.Over(y.Count), x.Address, y.Address, factor, y.Count, x.Count);
        else
            ElementwiseKernels.Axpy(Kernels, Stream, LaunchShape.OverFours(y.Count), x.Address, y.Address, factor, y.Count);
    }

    public void Scale(DeviceArray<float> x, DeviceArray<float> y, float factor)
    {
        ArrayChecks.Same(nameof(Scale), "x", x.Shape, "y", y.Shape);
        ElementwiseKernels.Scale(Kernels, Stream, LaunchShape.OverFours(y.Count), x.Address, y.Address, factor, y.Count);
    }

    public void ScaleChannels(DeviceArray<float> x, DeviceArray<float> scale, DeviceArray<float>? shift, DeviceArray<float> y)
    {
        ArrayChecks.Same(nameof(ScaleChannels), "y", y.Shape, "x", x.Shape);
        ArrayChecks.Channels(nameof(ScaleChannels), "scale", scale.Shape, x.Shape);
        if (shift is not null)
            ArrayChecks.Channels(nameof(ScaleChannels), "shift", shift.Shape, x.Shape);
        ElementwiseKernels.ChannelAffine(Kernels, Stream, LaunchShape.OverFours(x.Count), x.Address, scale.Address, shift?.Address ?? 0, y.Address, x.Count, x.Shape.C, Plane(x));
    }

    public void Residual(DeviceArray<float> x, DeviceArray<float> target, DeviceArray<float>? mask, float factor, DeviceArray<float> residual)
    {
        ArrayChecks.Same(nameof(Residual), "residual", residual.Shape, "x", x.Shape);
        ArrayChecks.SameOrOneRow(nameof(Residual), "target", target.Shape, "x", x.Shape);
        if (mask is not null)
            ArrayChecks.SameOrOneRow(nameof(Residual), "mask", mask.Shape, "x", x.Shape);
        PreimageKernels.MaskedResidual(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, target.Address, mask?.Address ?? 0, residual.Address, factor, x.Count,
            target.Count, mask?.Count ?? 1);
    }

    public void AddScaledRows(DeviceArray<float> x, DeviceArray<double> coefficients, int first, float factor, DeviceArray<float> y)
    {
        bool repeats = ArrayChecks.SameOrOneRow(nameof(AddScaledRows), "x", x.Shape, "y", y.Shape);
        ArrayChecks.Rows(nameof(AddScaledRows), "coefficients", coefficients.Shape, first, y.Shape.N);
        PreimageKernels.AddScaledRows(Kernels, Stream, LaunchShape.Over(y.Count), x.Address, Place(coefficients, first), y.Address, factor, y.Count, y.Shape.SampleCount,
            repeats ? 1 : y.Shape.N);
    }

    public void InverseRoots(DeviceArray<double> values) => PreimageKernels.InverseRoots(Kernels, Stream, LaunchShape.Over(values.Count), values.Address, values.Count);

    /// <remarks>Column-major there: the product of the transposes, the other way round.</remarks>
    public void Product(
        int m, int n, int k, DeviceArray<float> a, bool transposeA, DeviceArray<float> b, bool transposeB, float alpha, float beta, DeviceArray<float> c)
    {
        int products = ArrayChecks.Product(m, n, k, a.Shape, b.Shape, c.Shape), rowOfA = transposeA ? m : k, rowOfB = transposeB ? k : n;
        long strideA = a.Count > (long)m * k ? (long)m * k : 0, strideB = b.Count > (long)k * n ? (long)k * n : 0;
        if (products == 1)
            queue.Blas.Multiply(transposeB, transposeA, n, m, k, alpha, b.Address, rowOfB, a.Address, rowOfA, beta, c.Address, n);
        else
            queue.Blas.MultiplyBatch(transposeB, transposeA, n, m, k, alpha, b.Address, rowOfB, strideB, a.Address, rowOfA, strideA, beta, c.Address, n, (long)m * n, products);
    }

    static int Plane(DeviceArray<float> x) => x.Shape.SampleCount / x.Shape.C;

    static nint Place(DeviceArray<double> results, int first) => results.Address + first * sizeof(double);
}
