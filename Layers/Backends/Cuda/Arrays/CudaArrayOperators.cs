using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

/// <summary>Arithmetic on arrays by kernels on the stream of a plan; what a table says of the iteration is read by the kernels, at the counter.</summary>
internal sealed partial class CudaArrayOperators(CudaQueue queue, DeviceArray<int> counter) : ILoopOperators
{
    KernelLibrary Kernels => queue.Kernels;

    CudaStream Stream => queue.Stream;

    nint Iteration => counter.Address;

    public void Advance() => PreimageKernels.Advance(Kernels, Stream, LaunchShape.Over(1, block: 32), Iteration);

    public void Fill(DeviceArray<float> x, float value) => ElementwiseKernels.Fill(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, value, x.Count);

    public void Copy(DeviceArray<float> from, DeviceArray<float> to)
    {
        Stream.Copy(to.Address, from.Address, to.Shape.Bytes);
    }

    public void Add(DeviceArray<float> x, DeviceArray<float> y, float factor = 1)
    {
        LaunchShape shape = LaunchShape.Over(y.Count);
        if (x.Count == y.Count)
            ElementwiseKernels.Axpy(Kernels, Stream, shape, x.Address, y.Address, factor, y.Count);
        else
            PreimageKernels.AddRepeated(Kernels, Stream, shape, x.Address, y.Address, factor, y.Count, x.Count);
    }

    public void Scale(DeviceArray<float> x, DeviceArray<float> y, float factor)
    {
        ElementwiseKernels.Scale(Kernels, Stream, LaunchShape.Over(y.Count), x.Address, y.Address, factor, y.Count);
    }

    public void ScaleChannels(DeviceArray<float> x, DeviceArray<float> scale, DeviceArray<float>? shift, DeviceArray<float> y)
    {
        ElementwiseKernels.ChannelAffine(Kernels, Stream, LaunchShape.Over(y.Count), x.Address, scale.Address, shift?.Address ?? 0, y.Address, y.Count, y.Shape.C, Plane(y));
    }

    public void Residual(DeviceArray<float> x, DeviceArray<float> target, DeviceArray<float>? mask, float factor, DeviceArray<float> residual)
    {
        PreimageKernels.MaskedResidual(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, target.Address, mask?.Address ?? 0, residual.Address, factor, x.Count,
            target.Count, mask?.Count ?? 1);
    }

    public void AddScaledRows(DeviceArray<float> x, DeviceArray<double> coefficients, int first, float factor, DeviceArray<float> y)
    {
        PreimageKernels.AddScaledRows(Kernels, Stream, LaunchShape.Over(y.Count), x.Address, Place(coefficients, first), y.Address, factor, y.Count, y.Shape.SampleCount);
    }

    /// <remarks>Column-major there: the product of the transposes, the other way round.</remarks>
    public void Product(
        int m, int n, int k, DeviceArray<float> a, bool transposeA, DeviceArray<float> b, bool transposeB, float alpha, float beta, DeviceArray<float> c)
    {
        int products = c.Count / (m * n), rowOfA = transposeA ? m : k, rowOfB = transposeB ? k : n;
        long strideA = a.Count == m * k ? 0 : m * k, strideB = b.Count == k * n ? 0 : k * n;
        if (products == 1)
            queue.Blas.Multiply(transposeB, transposeA, n, m, k, alpha, b.Address, rowOfB, a.Address, rowOfA, beta, c.Address, n);
        else
            queue.Blas.MultiplyBatch(transposeB, transposeA, n, m, k, alpha, b.Address, rowOfB, strideB, a.Address, rowOfA, strideA, beta, c.Address, n, m * n, products);
    }

    static int Plane(DeviceArray<float> x) => x.Shape.H * x.Shape.W;

    static nint Place(DeviceArray<double> results, int first) => results.Address + first * sizeof(double);
}
