using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Perf.Kernels;

/// <summary>The register tile, and the packing of the panels it reads: a depth of 256, the panels in the first-level cache.</summary>
public unsafe class GemmBenchmarks : IDisposable
{
    const int Depth = 256, Columns = 48, Rows = 8;

    readonly AlignedBuffer _a = Values.Drawn(1, Depth * Rows), _b = Values.Drawn(2, Depth * Columns), _c = Values.Drawn(3, Rows * Columns);
    readonly AlignedBuffer _matrix = Values.Drawn(4, 1024 * 1024), _panel = Values.Drawn(5, Depth * Columns);

    /// <summary>196608 operations; where there is no AVX-512 the AVX2 tile of 6 x 16 runs, 49152.</summary>
    [Benchmark]
    public void Tile()
    {
        if (IsaChoice.Default == Isa.Avx512)
            GemmTile.Run<Simd512, Vector512<float>, Eight, Three>(Depth, _a.Floats, _b.Floats, Columns, _c.Floats, Columns, false);
        else
            GemmTile.Run<Simd256, Vector256<float>, Six, Two>(Depth, _a.Floats, _b.Floats, 16, _c.Floats, 16, false);
    }

    /// <summary>A panel of the right matrix, 48 columns of a matrix 1024 wide.</summary>
    [Benchmark]
    public void PackStraight() =>
        PanelPacking.Straight<Simd512, Vector512<float>>(_matrix.Floats, 1024, Depth, Columns, _panel.Floats, Columns, Columns);

    /// <summary>A panel of the left matrix, 8 rows of a matrix 1024 wide.</summary>
    [Benchmark]
    public void PackTransposed() =>
        PanelPacking.Transposed<Simd512, Vector512<float>>(_matrix.Floats, 1024, Depth, Rows, _panel.Floats, Rows, Rows, 0, 0);

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (AlignedBuffer buffer in (AlignedBuffer[])[_a, _b, _c, _matrix, _panel])
            buffer.Dispose();
        GC.SuppressFinalize(this);
    }
}
