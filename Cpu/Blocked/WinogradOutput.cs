using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The 36 products of each tile to its 4x4 outputs, Y = A^T M A, lane by lane, and through the epilogue to the destination.</summary>
/// <remarks>
/// <para>One block of 16 channels: [36 positions][rows of sums][32 of which 16] to lines of pixels. Tiles beside each other are written to four lines
/// in the first-level cache, so that the epilogue sees long runs of pixels and what sticks out at the right and bottom is not stored.</para>
/// <para>A^T m in 12 operations, with s = m1 + m2, d = m1 - m2, p = m3 + m4, q = m3 - m4:
/// (m0 + s) + p | a d + b q | s/2 + 2 p | m5 + a^3 d + b^3 q. Turned filters leave m1 and m2 to be multiplied by -2, m3 and m4 by -1/2, which the
/// constants that meet s and d, p and q do, exactly; +0 is added where a sum would begin with a product of a negative factor and zero.</para>
/// <para>Order: columns first, outputs 0 and 2 of all of them, then their rows; then outputs 1 and 3. Registers (AVX-512): 12 results of columns +
/// 6 constants, with turned filters 8 and zero, + 6 loaded or made = 24 or 27 of 32.</para>
/// </remarks>
internal static unsafe class WinogradOutput
{
    /// <summary>Most tiles written to the lines at once.</summary>
    const int Run = 8;

    const int LineStep = Run * WinogradTiles.Side * BlockedLayout.Lanes;

    /// <summary>Floats of the lines.</summary>
    public const int LineFloats = WinogradTiles.Side * LineStep;

    /// <summary>Transforms and stores tiles of one block of channels.</summary>
    /// <param name="tiles">The problem.</param>
    /// <param name="turned">Whether the products were computed with filters that are <see cref="WinogradTurned"/>.</param>
    /// <param name="epilogue">What happens on the way, of the whole array.</param>
    /// <param name="products">The block's 16 sums of row 0 at position 0; rows are <see cref="BlockedTile.SumsStep"/> apart.</param>
    /// <param name="position">Floats from one position to the next.</param>
    /// <param name="rows">The row of each tile.</param>
    /// <param name="block">Which block of the destination's channels.</param>
    /// <param name="first">The first tile, counted through all samples.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">The destination array.</param>
    /// <param name="lines">Room for <see cref="LineFloats"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store<TS, TV>(in WinogradTiles tiles, bool turned, in Epilogue epilogue, float* products, nint position, int* rows, int block, int first, int count,
        float* destination, float* lines)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Lanes = BlockedLayout.Lanes, Side = WinogradTiles.Side;
        int across = tiles.Across, down = tiles.Down, h = tiles.H, w = tiles.W, blocks = BlockedLayout.Blocks(tiles.Channels);
        int tileX = first % across, tileY = first / across % down, sample = first / tiles.PerSample;
        long rowFloats = BlockedLayout.Floats(1, tiles.Channels, h * w);
        int lanes = Math.Min(Lanes, tiles.Channels - block * Lanes);
        Epilogue own = epilogue.OfRow(sample, rowFloats);
        while (count > 0)
        {
            int run = Math.Min(Math.Min(count, across - tileX), Run), y = tileY * Side, x = tileX * Side;
            if (turned)
                Transform<TS, TV, TurnedWay>(products, position, rows, run, lines);
            else
                Transform<TS, TV, OwnWay>(products, position, rows, run, lines);
            if (lanes < Lanes)
                ClearPadLanes(lines, lanes);
            nint offset = ((((nint)sample * blocks + block) * h + y) * w + x) * Lanes;
            int pixels = Math.Min(run * Side, w - x), last = Math.Min(Side, h - y);
            for (int line = 0; line < last; line++, offset += (nint)w * Lanes)
                own.Store<TS, TV>(lines + line * LineStep, Lanes, pixels, destination, offset, Lanes, block * Lanes);
            rows += run;
            count -= run;
            tileX += run;
            if (tileX == across)
            {
                tileX = 0;
                if (++tileY == down && count > 0)
                {
                    tileY = 0;
                    own = epilogue.OfRow(++sample, rowFloats);
                }
            }
        }
    }

    /// <summary>Pad channels have filters of zeros, whose products with infinities are not numbers.</summary>
    static void ClearPadLanes(float* lines, int lanes)
    {
        for (int i = 0; i < LineFloats; i += BlockedLayout.Lanes)
            new Span<float>(lines + i + lanes, BlockedLayout.Lanes - lanes).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transform<TS, TV, TWay>(float* products, nint position, int* rows, int tiles, float* lines)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay
    {
        const float A = 0.70710678118654752440f, B = 1.41421356237309504880f, A3 = 0.35355339059327376220f, B3 = 2.82842712474619009760f;
        (float ofNear, float ofFar) = TWay.IsTurned ? (-2f, -0.5f) : (1f, 1f);
        TV near = TS.Broadcast(ofNear), half = TS.Broadcast(0.5f * ofNear), a = TS.Broadcast(A * ofNear), a3 = TS.Broadcast(A3 * ofNear);
        TV far = TS.Broadcast(ofFar), two = TS.Broadcast(2f * ofFar), b = TS.Broadcast(B * ofFar), b3 = TS.Broadcast(B3 * ofFar);
        nint column = 6 * position;
        for (; tiles > 0; tiles--)
        {
            float* from = products + (nint)(*rows) * BlockedTile.SumsStep;
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
            {
                float* m = from + lane, to = lines + lane;
                Even<TS, TV, TWay>(m, column, near, far, half, two, out TV p0, out TV q0);
                Even<TS, TV, TWay>(m + position, column, near, far, half, two, out TV p1, out TV q1);
                Even<TS, TV, TWay>(m + 2 * position, column, near, far, half, two, out TV p2, out TV q2);
                Even<TS, TV, TWay>(m + 3 * position, column, near, far, half, two, out TV p3, out TV q3);
                Even<TS, TV, TWay>(m + 4 * position, column, near, far, half, two, out TV p4, out TV q4);
                Even<TS, TV, TWay>(m + 5 * position, column, near, far, half, two, out TV p5, out TV q5);
                Line<TS, TV, TWay>(p0, p1, p2, p3, p4, p5, near, far, half, two, a, b, a3, b3, to);
                Line<TS, TV, TWay>(q0, q1, q2, q3, q4, q5, near, far, half, two, a, b, a3, b3, to + 2 * LineStep);
                Odd<TS, TV, TWay>(m, column, a, b, a3, b3, out p0, out q0);
                Odd<TS, TV, TWay>(m + position, column, a, b, a3, b3, out p1, out q1);
                Odd<TS, TV, TWay>(m + 2 * position, column, a, b, a3, b3, out p2, out q2);
                Odd<TS, TV, TWay>(m + 3 * position, column, a, b, a3, b3, out p3, out q3);
                Odd<TS, TV, TWay>(m + 4 * position, column, a, b, a3, b3, out p4, out q4);
                Odd<TS, TV, TWay>(m + 5 * position, column, a, b, a3, b3, out p5, out q5);
                Line<TS, TV, TWay>(p0, p1, p2, p3, p4, p5, near, far, half, two, a, b, a3, b3, to + LineStep);
                Line<TS, TV, TWay>(q0, q1, q2, q3, q4, q5, near, far, half, two, a, b, a3, b3, to + 3 * LineStep);
            }

            rows++;
            lines += WinogradTiles.Side * BlockedLayout.Lanes;
        }
    }

    /// <summary>Outputs 0 and 2 of a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Even<TS, TV, TWay>(float* m, nint step, TV near, TV far, TV half, TV two, out TV y0, out TV y2)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay
    {
        TV s = TS.Add(TS.Load(m + step), TS.Load(m + 2 * step)), p = TS.Add(TS.Load(m + 3 * step), TS.Load(m + 4 * step));
        y0 = Sum<TS, TV, TWay>(TS.Load(m), s, p, near, far);
        y2 = TS.Fma(two, p, Product<TS, TV, TWay>(half, s));
    }

    /// <summary>Outputs 1 and 3 of a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Odd<TS, TV, TWay>(float* m, nint step, TV a, TV b, TV a3, TV b3, out TV y1, out TV y3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay
    {
        TV d = TS.Sub(TS.Load(m + step), TS.Load(m + 2 * step)), q = TS.Sub(TS.Load(m + 3 * step), TS.Load(m + 4 * step));
        y1 = TS.Fma(b, q, Product<TS, TV, TWay>(a, d));
        y3 = TS.Fma(b3, q, TS.Fma(a3, d, TS.Load(m + 5 * step)));
    }

    /// <summary>The four outputs of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Line<TS, TV, TWay>(TV m0, TV m1, TV m2, TV m3, TV m4, TV m5, TV near, TV far, TV half, TV two, TV a, TV b, TV a3, TV b3, float* to)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay
    {
        const int Lanes = BlockedLayout.Lanes;
        TV s = TS.Add(m1, m2), p = TS.Add(m3, m4);
        TS.Store(to, Sum<TS, TV, TWay>(m0, s, p, near, far));
        TS.Store(to + 2 * Lanes, TS.Fma(two, p, Product<TS, TV, TWay>(half, s)));
        TV d = TS.Sub(m1, m2), q = TS.Sub(m3, m4);
        TS.Store(to + Lanes, TS.Fma(b, q, Product<TS, TV, TWay>(a, d)));
        TS.Store(to + 3 * Lanes, TS.Fma(b3, q, TS.Fma(a3, d, m5)));
    }

    /// <summary>m0 + s + p, each with its factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Sum<TS, TV, TWay>(TV m0, TV s, TV p, TV near, TV far)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay =>
        TWay.IsTurned ? TS.Fma(far, p, TS.Fma(near, s, m0)) : TS.Add(TS.Add(m0, s), p);

    /// <summary>The product that a sum begins with: +0 where it is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Product<TS, TV, TWay>(TV factor, TV value)
        where TS : struct, ISimd<TV> where TV : unmanaged where TWay : struct, IWinogradWay =>
        TWay.IsTurned ? TS.Fma(factor, value, default) : TS.Mul(factor, value);
}
