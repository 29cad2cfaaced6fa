using System.Runtime.CompilerServices;
using Preimage.Cpu.Pooling;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>What max pooling writes.</summary>
internal interface IPooled
{
    static abstract bool Switches { get; }
}

internal readonly struct ValuesOnly : IPooled
{
    public static bool Switches => false;
}

internal readonly struct ValuesAndSwitches : IPooled
{
    public static bool Switches => true;
}

/// <summary>Rows of maxima of one block of channels, with or without the index of the tap each came from.</summary>
/// <remarks>
/// <para>Windows of 2 or 3 columns that lie in the plane on that axis go through <see cref="Run2"/> and <see cref="Run3"/>: of two values the later is taken where it is
/// greater, which never lets not-a-number in. So the taps are added up too, and where the sum is not a number (one of them is not, or infinities
/// cancelled) the window is scanned again with all the comparisons, as all other windows are.</para>
/// <para>Registers: best, its tap, the sum, the tap's number and a one; values come from memory.</para>
/// </remarks>
internal unsafe struct MaxPoolingForward<TPooled> : IStripJob where TPooled : struct, IPooled
{
    public PoolingGeometry Geometry;
    public float* X, Y;
    public byte* Switches;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Lanes = BlockedLayout.Lanes;
        PoolingGeometry g = Geometry;
        int first = Math.Min((g.PadLeft + g.StrideX - 1) / g.StrideX, g.OutW), room = g.W - 1 + g.PadLeft - (g.S - 1) * g.DilationX;
        int end = room < 0 ? first : Math.Clamp(room / g.StrideX + 1, first, g.OutW);
        for (int i = firstRow; i < endRow; i++)
        {
            int top = i * g.StrideY - g.PadTop;
            (int y0, int y1) = Window.Inside(top, g.R, g.DilationY, g.H);
            nint output = ((nint)block * g.OutH + i) * g.OutW * Lanes;
            var windows = new Windows
            {
                Rows = Window.Count(y0, y1, g.DilationY), RowStep = (nint)g.DilationY * g.W * Lanes, Columns = g.S, ColumnStep = (nint)g.DilationX * Lanes,
                Tap = (y0 - top) / g.DilationY * g.S, To = Y + output, Switches = TPooled.Switches ? Switches + output : null,
            };
            float* row = X + ((nint)block * g.H + y0) * g.W * Lanes;
            for (int j = 0; j < first; j++)
                Edge<TS, TV>(windows, row, block, j);
            if (first < end && windows.Rows > 0)
            {
                Windows inside = windows.From(first);
                float* start = row + ((nint)first * g.StrideX - g.PadLeft) * Lanes;
                if (g.S == 3)
                    RunColumns<TS, TV, Three>(inside, start, g.StrideX * Lanes, end - first);
                else if (g.S == 2)
                    RunColumns<TS, TV, Two>(inside, start, g.StrideX * Lanes, end - first);
                else
                    RunAny<TS, TV>(inside, start, g.StrideX * Lanes, end - first);
            }

            for (int j = windows.Rows > 0 ? end : first; j < g.OutW; j++)
                Edge<TS, TV>(windows, row, block, j);
        }
    }

    /// <summary>Neighbouring windows: the same rows and columns of the plane for all but the start.</summary>
    struct Windows
    {
        public int Rows, Columns, Tap;
        public nint RowStep, ColumnStep;
        public float* To;
        public byte* Switches;

        public readonly Windows From(int window) =>
            this with { To = To + (nint)window * BlockedLayout.Lanes, Switches = TPooled.Switches ? Switches + (nint)window * BlockedLayout.Lanes : null };
    }

    /// <summary>A window some columns of which may lie outside the plane.</summary>
    readonly void Edge<TS, TV>(in Windows all, float* row, int block, int j) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        PoolingGeometry g = Geometry;
        int left = j * g.StrideX - g.PadLeft;
        (int x0, int x1) = Window.Inside(left, g.S, g.DilationX, g.W);
        Windows own = all.From(j);
        own.Columns = Window.Count(x0, x1, g.DilationX);
        own.Tap += (x0 - left) / g.DilationX;
        if (own.Rows > 0 && own.Columns > 0)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                Scan<TS, TV>(own, row + (nint)x0 * BlockedLayout.Lanes, lane, g.S);
            return;
        }

        // Lanes without a channel stay +0.
        int first = block % BlockedLayout.Blocks(g.C) * BlockedLayout.Lanes;
        for (int lane = 0; lane < BlockedLayout.Lanes; lane++)
        {
            own.To[lane] = first + lane < g.C ? float.NegativeInfinity : 0;
            if (TPooled.Switches)
                own.Switches[lane] = BlockedMaxPooling.None;
        }
    }

    readonly void RunAny<TS, TV>(Windows windows, float* start, nint step, int count) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        for (int j = 0; j < count; j++)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                Scan<TS, TV>(windows.From(j), start + j * step, lane, Geometry.S);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunColumns<TS, TV, TColumns>(in Windows windows, float* start, nint step, int count)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        float* to = windows.To;
        byte* switches = windows.Switches;
        int rows = windows.Rows;
        nint rowStep = windows.RowStep, columnStep = windows.ColumnStep;
        TV one = TS.BroadcastBits(1), firstTap = TS.BroadcastBits(windows.Tap);
        for (; count > 0; count--, start += step, to += BlockedLayout.Lanes, switches += TPooled.Switches ? BlockedLayout.Lanes : 0)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
            {
                float* x = start + lane;
                TV best = TS.Load(x), sum = TS.Broadcast(0), at = firstTap, tap = firstTap;
                for (int r = rows; r > 0; r--, x += rowStep)
                {
                    Take<TS, TV>(x, one, ref best, ref at, ref tap, ref sum);
                    Take<TS, TV>(x + columnStep, one, ref best, ref at, ref tap, ref sum);
                    if (TColumns.Count > 2) Take<TS, TV>(x + 2 * columnStep, one, ref best, ref at, ref tap, ref sum);
                }

                Put<TS, TV>(windows, start, to, switches, lane, best, at, sum, TColumns.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Take<TS, TV>(float* x, TV one, ref TV best, ref TV at, ref TV tap, ref TV sum) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV value = TS.Load(x);
        sum = TS.Add(sum, value);
        if (TPooled.Switches)
        {
            at = TS.Select(TS.Greater(value, best), tap, at);
            tap = TS.BitsAdd(tap, one);
        }

        best = TS.Greatest(value, best);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put<TS, TV>(in Windows windows, float* start, float* to, byte* switches, int lane, TV best, TV at, TV sum, int columns)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TS.Store(to + lane, best);
        if (TPooled.Switches)
            TS.StoreBytes(switches + lane, at);
        uint all = (uint)((1 << TS.Width) - 1);
        if (TS.ToBits(TS.LessOrEqual(sum, sum)) != all)
            Again<TS, TV>(windows, start, to, switches, lane, columns);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Again<TS, TV>(Windows windows, float* start, float* to, byte* switches, int lane, int columns) where TS : struct, ISimd<TV> where TV : unmanaged =>
        Scan<TS, TV>(windows with { To = to, Switches = switches }, start, lane, columns);

    /// <summary>One window, in full.</summary>
    /// <param name="across">Taps in a row of the whole window.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scan<TS, TV>(in Windows window, float* row, int lane, int across) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        row += lane;
        // The first tap is taken whatever it is: it meets itself, and changes nothing.
        TV best = TS.Load(row), at = default;
        int tap = window.Tap, columns = window.Columns;
        if (TPooled.Switches)
            at = TS.BroadcastBits(tap);
        for (int r = window.Rows; r > 0; r--, row += window.RowStep, tap += across - columns)
        {
            float* x = row;
            for (int s = columns; s > 0; s--, x += window.ColumnStep, tap++)
            {
                // "Not at most" lets not-a-number in, unless one is there already.
                TV value = TS.Load(x), atMost = TS.LessOrEqual(value, best), isNumber = TS.LessOrEqual(best, best);
                best = TS.Select(isNumber, TS.Select(atMost, best, value), best);
                if (TPooled.Switches)
                    at = TS.Select(isNumber, TS.Select(atMost, at, TS.BroadcastBits(tap)), at);
            }
        }

        TS.Store(window.To + lane, best);
        if (TPooled.Switches)
            TS.StoreBytes(window.Switches + lane, at);
    }
}
