using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Windows of 6x6 pixels to the 36 values whose products give 4x4 outputs: V = B^T d B, lane by lane.</summary>
/// <remarks>
/// <para>One block of 16 channels: [plane][16] to [36 positions][tiles][16]. Zeros stand outside the plane: windows that reach out are copied first,
/// the others are read where they lie.</para>
/// <para>Points 0, +-a, +-b, infinity with a = sqrt(1/2), b = sqrt(2). B^T d in 12 operations:
/// d0 + d4 - 2.5 d2 | t +- a u, t = d4 - 2 d2, u = d3 - 2 d1 | v +- b w, v = d4 - d2/2, w = d3 - d1/2 | d1 + d5 - 2.5 d3.</para>
/// <para>Order: columns of the window first, three of the six results at a time, then their rows; each value is the same operations with the same
/// roundings on every instruction set. Registers (AVX-512): 18 results of columns + 7 constants + 5 loaded and 1 sum = 31 of 32.</para>
/// </remarks>
internal static unsafe class WinogradInput
{
    /// <summary>Floats of the copied window.</summary>
    public const int WindowFloats = WinogradTiles.Positions * BlockedLayout.Lanes;

    /// <summary>Transforms a run of tiles of one block of channels.</summary>
    /// <param name="tiles">The problem.</param>
    /// <param name="source">The source array.</param>
    /// <param name="block">Which block of its channels.</param>
    /// <param name="first">The first tile, counted through all samples.</param>
    /// <param name="count">How many.</param>
    /// <param name="to">The first tile's 16 values of position 0; tiles follow each other.</param>
    /// <param name="position">Floats from one position to the next.</param>
    /// <param name="window">Room for <see cref="WindowFloats"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(in WinogradTiles tiles, float* source, int block, int first, int count, float* to, nint position, float* window)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Lanes = BlockedLayout.Lanes, Side = WinogradTiles.Side, Window = WinogradTiles.Window;
        int across = tiles.Across, down = tiles.Down, h = tiles.SourceH, w = tiles.SourceW, blocks = BlockedLayout.Blocks(tiles.SourceChannels);
        int tileX = first % across, tileY = first / across % down, sample = first / tiles.PerSample;
        while (count > 0)
        {
            int y = tileY * Side - tiles.PadTop, x = tileX * Side - tiles.PadLeft, run = 1;
            float* plane = source + ((nint)sample * blocks + block) * h * w * Lanes;
            if (x >= 0 && x + Window <= w && y >= 0 && y + Window <= h)
            {
                run = Math.Min(Math.Min(count, across - tileX), (w - Window - x) / Side + 1);
                Transform<TS, TV>(plane + ((nint)y * w + x) * Lanes, (nint)w * Lanes, run, to, position);
            }
            else
            {
                Copy<TS, TV>(plane, h, w, y, x, window);
                Transform<TS, TV>(window, Window * Lanes, 1, to, position);
            }

            to += run * Lanes;
            count -= run;
            tileX += run;
            if (tileX == across)
            {
                tileX = 0;
                if (++tileY == down)
                {
                    tileY = 0;
                    sample++;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Copy<TS, TV>(float* plane, int h, int w, int y, int x, float* window)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Lanes = BlockedLayout.Lanes, Window = WinogradTiles.Window;
        for (int row = y; row < y + Window; row++)
        {
            float* from = plane + ((nint)row * w + x) * Lanes;
            for (int column = x; column < x + Window; column++, from += Lanes, window += Lanes)
            {
                bool inside = (uint)row < (uint)h && (uint)column < (uint)w;
                for (int lane = 0; lane < Lanes; lane += TS.Width)
                    TS.Store(window + lane, inside ? TS.Load(from + lane) : default);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transform<TS, TV>(float* from, nint row, int tiles, float* to, nint position)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const float A = 0.70710678118654752440f, B = 1.41421356237309504880f;
        TV outer = TS.Broadcast(-2.5f), two = TS.Broadcast(-2f), half = TS.Broadcast(-0.5f);
        TV a = TS.Broadcast(A), minusA = TS.Broadcast(-A), b = TS.Broadcast(B), minusB = TS.Broadcast(-B);
        for (; tiles > 0; tiles--)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
            {
                float* d = from + lane, v = to + lane;
                Upper<TS, TV>(d + 0 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p0, out TV q0, out TV r0);
                Upper<TS, TV>(d + 1 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p1, out TV q1, out TV r1);
                Upper<TS, TV>(d + 2 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p2, out TV q2, out TV r2);
                Upper<TS, TV>(d + 3 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p3, out TV q3, out TV r3);
                Upper<TS, TV>(d + 4 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p4, out TV q4, out TV r4);
                Upper<TS, TV>(d + 5 * BlockedLayout.Lanes, row, outer, two, a, minusA, out TV p5, out TV q5, out TV r5);
                Line<TS, TV>(p0, p1, p2, p3, p4, p5, outer, two, half, a, minusA, b, minusB, v, position);
                v += 6 * position;
                Line<TS, TV>(q0, q1, q2, q3, q4, q5, outer, two, half, a, minusA, b, minusB, v, position);
                v += 6 * position;
                Line<TS, TV>(r0, r1, r2, r3, r4, r5, outer, two, half, a, minusA, b, minusB, v, position);
                v += 6 * position;
                Lower<TS, TV>(d + 0 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p0, out q0, out r0);
                Lower<TS, TV>(d + 1 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p1, out q1, out r1);
                Lower<TS, TV>(d + 2 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p2, out q2, out r2);
                Lower<TS, TV>(d + 3 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p3, out q3, out r3);
                Lower<TS, TV>(d + 4 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p4, out q4, out r4);
                Lower<TS, TV>(d + 5 * BlockedLayout.Lanes, row, outer, half, b, minusB, out p5, out q5, out r5);
                Line<TS, TV>(p0, p1, p2, p3, p4, p5, outer, two, half, a, minusA, b, minusB, v, position);
                v += 6 * position;
                Line<TS, TV>(q0, q1, q2, q3, q4, q5, outer, two, half, a, minusA, b, minusB, v, position);
                v += 6 * position;
                Line<TS, TV>(r0, r1, r2, r3, r4, r5, outer, two, half, a, minusA, b, minusB, v, position);
            }

            from += WinogradTiles.Side * BlockedLayout.Lanes;
            to += BlockedLayout.Lanes;
        }
    }

    /// <summary>Rows 0 to 2 of a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Upper<TS, TV>(float* d, nint row, TV outer, TV two, TV a, TV minusA, out TV r0, out TV r1, out TV r2)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV d2 = TS.Load(d + 2 * row), d4 = TS.Load(d + 4 * row);
        r0 = TS.Fma(outer, d2, TS.Add(TS.Load(d), d4));
        TV t = TS.Fma(two, d2, d4), u = TS.Fma(two, TS.Load(d + row), TS.Load(d + 3 * row));
        r1 = TS.Fma(a, u, t);
        r2 = TS.Fma(minusA, u, t);
    }

    /// <summary>Rows 3 to 5 of a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Lower<TS, TV>(float* d, nint row, TV outer, TV half, TV b, TV minusB, out TV r3, out TV r4, out TV r5)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV d1 = TS.Load(d + row), d3 = TS.Load(d + 3 * row);
        r5 = TS.Fma(outer, d3, TS.Add(d1, TS.Load(d + 5 * row)));
        TV v = TS.Fma(half, TS.Load(d + 2 * row), TS.Load(d + 4 * row)), w = TS.Fma(half, d1, d3);
        r3 = TS.Fma(b, w, v);
        r4 = TS.Fma(minusB, w, v);
    }

    /// <summary>All of a row, to six positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Line<TS, TV>(TV d0, TV d1, TV d2, TV d3, TV d4, TV d5, TV outer, TV two, TV half, TV a, TV minusA, TV b, TV minusB, float* to, nint position)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TS.Store(to, TS.Fma(outer, d2, TS.Add(d0, d4)));
        TV t = TS.Fma(two, d2, d4), u = TS.Fma(two, d1, d3);
        TS.Store(to + position, TS.Fma(a, u, t));
        TS.Store(to + 2 * position, TS.Fma(minusA, u, t));
        TV v = TS.Fma(half, d2, d4), w = TS.Fma(half, d1, d3);
        TS.Store(to + 3 * position, TS.Fma(b, w, v));
        TS.Store(to + 4 * position, TS.Fma(minusB, w, v));
        TS.Store(to + 5 * position, TS.Fma(outer, d3, TS.Add(d1, d5)));
    }
}
