using System.Runtime.Intrinsics;
using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Simd;

namespace Preimage.Perf.Disassembly;

/// <summary>The kernels in blocked layout: every instantiation that the drivers call.</summary>
internal static unsafe class BlockedKernels
{
    /// <summary>Multiply-adds of a Winograd tile's way in and out, counted from the formulas.</summary>
    const int InputMultiplyAdds = 120, OutputMultiplyAdds = 40, TurnedMultiplyAdds = 80;

    public static IEnumerable<TileKernel> All =>
    [
        .. Tiles<Simd512, Vector512<float>, One>(Isa.Avx512), .. Tiles<Simd512, Vector512<float>, Two>(Isa.Avx512),
        Tile<Simd256, Vector256<float>, Three, Two>(Isa.Avx2), Tile<Simd256, Vector256<float>, Two, Two>(Isa.Avx2), Tile<Simd256, Vector256<float>, One, Two>(Isa.Avx2),
        .. Pictures<Simd512, Vector512<float>, One>(Isa.Avx512), .. Pictures<Simd512, Vector512<float>, Two>(Isa.Avx512),
        .. Pictures<Simd512, Vector512<float>, Three>(Isa.Avx512), .. Pictures<Simd512, Vector512<float>, Four>(Isa.Avx512),
        .. Pictures<Simd256, Vector256<float>, One>(Isa.Avx2), .. Pictures<Simd256, Vector256<float>, Two>(Isa.Avx2),
        .. Pictures<Simd256, Vector256<float>, Three>(Isa.Avx2), .. Pictures<Simd256, Vector256<float>, Four>(Isa.Avx2),
        Depthwise<Simd512, Vector512<float>, Fourteen>(Isa.Avx512), Depthwise<Simd512, Vector512<float>, Twelve>(Isa.Avx512),
        .. Depthwise<Simd512, Vector512<float>>(Isa.Avx512), .. Depthwise<Simd256, Vector256<float>>(Isa.Avx2),
        .. Winograd<Simd512, Vector512<float>>(Isa.Avx512), .. Winograd<Simd256, Vector256<float>>(Isa.Avx2),
    ];

    static TileKernel[] Tiles<TS, TV, TColumns>(Isa isa) where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount =>
    [
        Tile<TS, TV, Seven, TColumns>(isa), Tile<TS, TV, Six, TColumns>(isa), Tile<TS, TV, Five, TColumns>(isa), Tile<TS, TV, Four, TColumns>(isa),
        Tile<TS, TV, Three, TColumns>(isa), Tile<TS, TV, Two, TColumns>(isa), Tile<TS, TV, One, TColumns>(isa),
    ];

    static TileKernel Tile<TS, TV, THalf, TColumns>(Isa isa)
        where TS : struct, ISimd<TV> where TV : unmanaged where THalf : struct, ICount where TColumns : struct, ICount =>
        TileKernel.Of(typeof(BlockedTile), nameof(BlockedTile.Run), isa, $"{2 * THalf.Count}x{TColumns.Count}", 2 * THalf.Count * TColumns.Count,
            [typeof(TS), typeof(TV), typeof(THalf), typeof(TColumns)], (a, b, c) =>
            {
                nint offset = 0;
                BlockedTile.Run<TS, TV, THalf, TColumns>(Segment(&offset, BlockedLayout.Lanes), (byte*)a, (byte*)a, b, c);
            });

    static IEnumerable<TileKernel> Pictures<TS, TV, TRows>(Isa isa) where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount =>
        new[] { Picture<TS, TV, TRows, One>(isa), Picture<TS, TV, TRows, Two>(isa), Picture<TS, TV, TRows, Three>(isa), Picture<TS, TV, TRows, Four>(isa) }
            .Take(DirectPictureTile.MostColumns(TS.Width, TRows.Count));

    static TileKernel Picture<TS, TV, TRows, TColumns>(Isa isa)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TColumns : struct, ICount =>
        TileKernel.Of(typeof(DirectPictureTile), "Tile", isa, $"{TRows.Count}x{TColumns.Count}", TRows.Count * TColumns.Count,
            [typeof(TS), typeof(TV), typeof(TRows), typeof(TColumns)], (a, b, c) =>
            {
                nint offset = 0;
                DirectPictureTile.Run<TS, TV>(TRows.Count, TColumns.Count, Segment(&offset, TColumns.Count * TS.Width), (byte*)a, b, c, TColumns.Count * TS.Width);
            });

    static TileKernel[] Depthwise<TS, TV>(Isa isa) where TS : struct, ISimd<TV> where TV : unmanaged =>
        [Depthwise<TS, TV, Eight>(isa), Depthwise<TS, TV, Four>(isa), Depthwise<TS, TV, Two>(isa), Depthwise<TS, TV, One>(isa)];

    /// <summary>Taps outside the plane are a loop beside that of those inside, which comes first and is counted.</summary>
    static TileKernel Depthwise<TS, TV, TPixels>(Isa isa) where TS : struct, ISimd<TV> where TV : unmanaged where TPixels : struct, ICount =>
        TileKernel.Of(typeof(DepthwiseTile), nameof(DepthwiseTile.Run), isa, $"{TPixels.Count}", TPixels.Count, [typeof(TS), typeof(TV), typeof(TPixels)], (a, b, c) =>
        {
            nint offset = 0;
            DepthwiseTile.Run<TS, TV, TPixels>(a, BlockedLayout.Lanes, &offset, 1, b, c);
        });

    static TileKernel[] Winograd<TS, TV>(Isa isa) where TS : struct, ISimd<TV> where TV : unmanaged =>
    [
        TileKernel.Of(typeof(WinogradInput), "Transform", isa, "6x6", InputMultiplyAdds, [typeof(TS), typeof(TV)],
            (a, b, c) => WinogradInput.Run<TS, TV>(OneTile, a, 0, 0, 1, b, BlockedLayout.Lanes, c)),
        Output<TS, TV, OwnWay>(isa, "4x4", OutputMultiplyAdds), Output<TS, TV, TurnedWay>(isa, "4x4 turned", TurnedMultiplyAdds),
    ];

    static TileKernel Output<TS, TV, TWay>(Isa isa, string tile, int multiplyAdds)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay =>
        TileKernel.Of(typeof(WinogradOutput), "Transform", isa, tile, multiplyAdds, [typeof(TS), typeof(TV), typeof(TWay)], (a, b, c) =>
        {
            int row = 0;
            WinogradOutput.Store<TS, TV>(OneTile, TWay.IsTurned, default, a, BlockedTile.SumsStep, &row, 0, 0, 1, b, c);
        });

    static WinogradTiles OneTile => new()
    {
        SourceChannels = BlockedLayout.Lanes, SourceH = WinogradTiles.Window, SourceW = WinogradTiles.Window, Channels = BlockedLayout.Lanes,
        H = WinogradTiles.Side, W = WinogradTiles.Side, PadTop = 0, PadLeft = 0,
    };

    /// <summary>One segment of the source.</summary>
    static TileSource Segment(nint* offset, int step) => new() { Step = step * sizeof(float), Offsets = offset, Segments = 1, Depth = TileKernel.Depth };
}
