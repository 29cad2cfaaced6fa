using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

/// <summary>Sums of rows in two stages (Native/Kernels/chunks.h), with the priors, whose energies are such sums.</summary>
internal sealed partial class CudaArrayOperators
{
    /// <summary>What reductions.cu calls its summands.</summary>
    enum Summand { Value = 0, Product = 1 }

    const int Block = 256, Chunk = 4096;

    /// <summary>Sums of chunks. One that has become too small is kept: a recorded iteration may write there.</summary>
    readonly List<DeviceMemory> _partials = [];

    public void Sum(DeviceArray<float> x, double factor, DeviceArray<double> results, int first)
    {
        SumChunks(Summand.Value, x, 0, 0, factor, results, first);
    }

    public void Dot(DeviceArray<float> x, DeviceArray<float> y, double factor, DeviceArray<double> results, int first)
    {
        SumChunks(Summand.Product, x, y.Address, y.Count == x.Count ? x.Shape.SampleCount : 0, factor, results, first);
    }

    public void VariationEnergy(DeviceArray<float> x, float beta, double factor, DeviceArray<double> results, int first)
    {
        Shape shape = x.Shape;
        long chunks = ChunksOf(shape.SampleCount);
        nint partials = Partials(shape.N * chunks);
        PriorsKernels.VariationEnergy(Kernels, Stream, BlockEach(shape.N * chunks), x.Address, partials, shape.N, shape.C, shape.H, shape.W, beta);
        SumRows(partials, shape.N, chunks, factor, results, first);
    }

    public void VariationGradient(DeviceArray<float> x, float beta, float factor, DeviceArray<float> gradient)
    {
        Shape shape = x.Shape;
        PriorsKernels.VariationGradient(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, gradient.Address, (long)shape.N * shape.C, shape.H, shape.W, beta, factor * beta);
    }

    public void RangeEnergy(DeviceArray<float> x, float alpha, float bound, double factor, DeviceArray<double> results, int first)
    {
        int plane = Plane(x), rows = x.Shape.N;
        long chunks = ChunksOf(plane);
        nint partials = Partials(rows * chunks);
        PriorsKernels.RangeEnergy(Kernels, Stream, BlockEach(rows * chunks), x.Address, partials, rows, x.Shape.C, plane, alpha, InverseSquare(bound));
        SumRows(partials, rows, chunks, factor, results, first);
    }

    public void RangeGradient(DeviceArray<float> x, float alpha, float bound, float factor, DeviceArray<float> gradient)
    {
        int plane = Plane(x), rows = x.Shape.N;
        float inverseSquare = InverseSquare(bound);
        PriorsKernels.RangeGradient(Kernels, Stream, LaunchShape.Over((long)rows * plane), x.Address, gradient.Address, rows, x.Shape.C, plane, alpha, inverseSquare,
            factor * alpha * inverseSquare);
    }

    public void Dispose()
    {
        foreach (DeviceMemory memory in _partials)
            memory.Dispose();
    }

    static float InverseSquare(float bound) => 1 / (bound * bound);

    static long ChunksOf(long count) => (count + Chunk - 1) / Chunk;

    static LaunchShape BlockEach(long items) => LaunchShape.Over(items * Block, Block);

    void SumChunks(Summand kind, DeviceArray<float> x, nint y, long rowOfY, double factor, DeviceArray<double> results, int first)
    {
        int rows = x.Shape.N, count = x.Shape.SampleCount;
        long chunks = ChunksOf(count);
        nint partials = Partials(rows * chunks);
        ReductionsKernels.SumChunks(Kernels, Stream, BlockEach(rows * chunks), (int)kind, x.Address, y, partials, rows, count, rowOfY);
        SumRows(partials, rows, chunks, factor, results, first);
    }

    void SumRows(nint partials, int rows, long chunks, double factor, DeviceArray<double> results, int first) =>
        ReductionsKernels.SumRows(Kernels, Stream, BlockEach(rows), partials, Place(results, first), rows, chunks, factor, 0);

    nint Partials(long count)
    {
        if (_partials.Count == 0 || _partials[^1].Bytes < count * sizeof(double))
            _partials.Add(new DeviceMemory(Stream.Context, count * sizeof(double)));
        return _partials[^1].Handle;
    }
}
