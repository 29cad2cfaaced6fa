using System.Runtime.Intrinsics;
using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Perf.Disassembly;

/// <summary>The kernels that are checked. A new instantiation is a line here; a new kernel is a method like <see cref="Gemm"/> and its lines; those in blocked layout are in <see cref="BlockedKernels"/>.</summary>
internal static unsafe class TileKernels
{
    public static IReadOnlyList<TileKernel> All { get; } =
    [
        Gemm<Simd512, Vector512<float>, Eight, Three>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Eight, Two>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Eight, One>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Six, Three>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Six, Two>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Six, One>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Four, Three>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Four, Two>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Four, One>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Two, Three>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Two, Two>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, Two, One>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, One, Three>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, One, Two>(Isa.Avx512),
        Gemm<Simd512, Vector512<float>, One, One>(Isa.Avx512),
        Gemm<Simd256, Vector256<float>, Six, Two>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, Six, One>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, Four, Two>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, Four, One>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, Two, Two>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, Two, One>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, One, Two>(Isa.Avx2),
        Gemm<Simd256, Vector256<float>, One, One>(Isa.Avx2),
        .. BlockedKernels.All,
    ];

    static TileKernel Gemm<TS, TV, TRows, TColumns>(Isa isa)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TColumns : struct, ICount =>
        TileKernel.Of(typeof(GemmTile), nameof(GemmTile.Run), isa, $"{TRows.Count}x{TColumns.Count}", TRows.Count * TColumns.Count,
            [typeof(TS), typeof(TV), typeof(TRows), typeof(TColumns)],
            (a, b, c) => GemmTile.Run<TS, TV, TRows, TColumns>(TileKernel.Depth, a, b, TColumns.Count * TS.Width, c, TColumns.Count * TS.Width, false));
}
