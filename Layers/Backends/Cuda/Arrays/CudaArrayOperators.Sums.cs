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
        ArrayChecks.Rows(nameof(Sum), "results", results.Shape, first, x.Shape.N);
        SumChunks(Summand.Value, x, 0, 0, factor, results, first);
    }

    public void Dot(DeviceArray<float> x, DeviceArray<float> y, double factor, DeviceArray<double> results, int first)
    {
        bool repeats = ArrayChecks.SameOrOneRow(nameof(Dot), "y", y.Shape, "x", x.Shape);
        ArrayChecks.Rows(nameof(Dot), "results", results.Shape, first, x.Shape.N);
        SumChunks(Summand.Product, x, y.Address, repeats ? 0 : x.Shape.SampleCount, factor, results, first);
    }

    public void VariationEnergy(DeviceArray<float> x, float beta, double factor, DeviceArray<double> results, int first)
    {
        Shape shape = x.Shape;
        ArrayChecks.Images(nameof(VariationEnergy), "x", shape);
        ArrayChecks.Rows(nameof(VariationEnergy), "results", results.Shape, first, shape.N);
        ArrayChecks.AtLeast(nameof(VariationEnergy), "beta", beta, 1);
        long chunks = ChunksOf(shape.SampleCount);
        nint partials = Partials(shape.N * chunks);
        PriorsKernels.VariationEnergy(Kernels, Stream, BlockEach(shape.N * chunks), x.Address, partials, shape.N, shape.C, shape.H, shape.W, beta);
        SumRows(partials, shape.N, chunks, factor, results, first);
    }

    public void VariationGradient(DeviceArray<float> x, float beta, float factor, DeviceArray<float> gradient)
    {
        Shape shape = x.Shape;
        ArrayChecks.Images(nameof(VariationGradient), "x", shape);
        ArrayChecks.Same(nameof(VariationGradient), "gradient", gradient.Shape, "x", shape);
        ArrayChecks.AtLeast(nameof(VariationGradient), "beta", beta, 1);
        PriorsKernels.VariationGradient(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, gradient.Address, (long)shape.N * shape.C, shape.H, shape.W, beta,
            PriorFactors.Variation(beta, factor));
    }

    public void RangeEnergy(DeviceArray<float> x, float alpha, float bound, double factor, DeviceArray<double> results, int first)
    {
        int plane = Plane(x), rows = x.Shape.N;
        ArrayChecks.Rows(nameof(RangeEnergy), "results", results.Shape, first, rows);
        ArrayChecks.Range(nameof(RangeEnergy), alpha, bound);
        long chunks = ChunksOf(plane);
        nint partials = Partials(rows * chunks);
        PriorsKernels.RangeEnergy(Kernels, Stream, BlockEach(rows * chunks), x.Address, partials, rows, x.Shape.C, plane, alpha, PriorFactors.InverseSquare(bound));
        SumRows(partials, rows, chunks, factor, results, first);
    }

    public void RangeGradient(DeviceArray<float> x, float alpha, float bound, float factor, DeviceArray<float> gradient)
    {
        int plane = Plane(x), rows = x.Shape.N;
        ArrayChecks.Same(nameof(RangeGradient), "gradient", gradient.Shape, "x", x.Shape);
        ArrayChecks.Range(nameof(RangeGradient), alpha, bound);
        PriorsKernels.RangeGradient(Kernels, Stream, LaunchShape.Over((long)rows * plane), x.Address, gradient.Address, rows, x.Shape.C, plane, alpha,
            PriorFactors.InverseSquare(bound), PriorFactors.Range(alpha, bound, factor));
    }

    public void Dispose()
    {
        foreach (DeviceMemory memory in _partials)
            memory.Dispose();
    }

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
