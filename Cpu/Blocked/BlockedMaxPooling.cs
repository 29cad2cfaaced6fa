using System.Runtime.CompilerServices;
using Preimage.Cpu.Pooling;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Max pooling in blocked layout and the two ways its signal goes back: the results of <see cref="MaxPooling"/>, bit for bit.</summary>
/// <remarks>
/// <para>A switch is one byte: the index of the tap in its window, row-major, of the first maximum; <see cref="None"/> where a window has no tap in the
/// plane, whose value is minus infinity. Switches lie as the outputs do, 16 bytes per block of 16 channels.</para>
/// <para>Forward scans a window's taps in row-major order, 16 channels at once: two vectors live per pixel (the best value and its tap). Backward
/// gathers: a pixel starts from +0 and takes, windows in row-major order, the signal of each whose switch names it; that is the order in
/// which the planar kernel scatters, without reading the result back, and a store is all that non-overlapping windows need. A ticket is a strip of rows
/// of one block of one sample.</para>
/// </remarks>
internal sealed unsafe partial class BlockedMaxPooling
{
    /// <summary>The switch of a window without a tap.</summary>
    public const byte None = 255;

    readonly PoolingGeometry _geometry;
    readonly PoolingAxis _rows, _columns;

    public BlockedMaxPooling(in PoolingGeometry geometry)
    {
        _geometry = geometry;
        _rows = new PoolingAxis(geometry.H, geometry.R, geometry.StrideY, geometry.DilationY, geometry.PadTop);
        _columns = new PoolingAxis(geometry.W, geometry.S, geometry.StrideX, geometry.DilationX, geometry.PadLeft);
    }

    /// <summary>Whether the windows' taps can be told in one byte.</summary>
    public static bool Supports(in PoolingGeometry geometry) => geometry.R * geometry.S < None;

    int Blocks => BlockedLayout.Blocks(_geometry.C);

    /// <summary>Bytes of switches of that many samples.</summary>
    public long SwitchBytes(int samples) => BlockedLayout.Floats(samples, _geometry.C, _geometry.OutH * _geometry.OutW);

    /// <summary>Pools; switches may be null.</summary>
    public void Forward(Execution execution, int samples, float* x, float* y, byte* switches)
    {
        if (switches == null)
            PlaneStrips.Run<ForwardJob<Inference>>(execution, samples * Blocks, _geometry.OutH, _geometry.OutW, new() { Geometry = _geometry, X = x, Y = y });
        else
            PlaneStrips.Run<ForwardJob<Switching>>(execution, samples * Blocks, _geometry.OutH, _geometry.OutW, new() { Geometry = _geometry, X = x, Y = y, Switches = switches });
    }

    /// <summary>Passes signals to the maxima: row r of the signal reads the switches of row r / seeds.</summary>
    public void Backward(Execution execution, int rows, int seeds, float* signal, float* result, byte* switches) =>
        PlaneStrips.Run<BackwardJob>(execution, rows * Blocks, _geometry.H, _geometry.W, new()
        {
            Geometry = _geometry, Rows = _rows, Columns = _columns, Seeds = seeds, Signal = signal, Result = result, Switches = switches,
        });

    /// <summary>Passes signals to the centres of the windows.</summary>
    public void BackwardToCentres(Execution execution, int rows, float* signal, float* result)
    {
        var job = new CentreJob { Isa = execution.Isa, Geometry = _geometry, Signal = signal, Result = result };
        WorkerTeam.Shared.Run(ref job, checked(rows * Blocks), execution.Lanes);
    }

    interface IKeeping
    {
        static abstract bool Switches { get; }
    }

    readonly struct Inference : IKeeping
    {
        public static bool Switches => false;
    }

    readonly struct Switching : IKeeping
    {
        public static bool Switches => true;
    }

    struct ForwardJob<TKeeping> : IStripJob where TKeeping : struct, IKeeping
    {
        public PoolingGeometry Geometry;
        public float* X, Y;
        public byte* Switches;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            float* plane = X + (nint)block * g.H * g.W * Lanes;
            for (int i = firstRow; i < endRow; i++)
            {
                int top = i * g.StrideY - g.PadTop;
                (int y0, int y1) = Window.Inside(top, g.R, g.DilationY, g.H);
                int rows = Window.Count(y0, y1, g.DilationY), firstTap = (y0 - top) / g.DilationY * g.S;
                nint to = ((nint)block * g.OutH + i) * g.OutW * Lanes, rowStep = (nint)g.DilationY * g.W * Lanes, columnStep = (nint)g.DilationX * Lanes;
                for (int j = 0; j < g.OutW; j++, to += Lanes)
                {
                    int left = j * g.StrideX - g.PadLeft, x0 = left, columns = g.S, tap = firstTap;
                    if (left < 0 || left + (g.S - 1) * g.DilationX >= g.W)
                    {
                        (x0, int x1) = Window.Inside(left, g.S, g.DilationX, g.W);
                        columns = Window.Count(x0, x1, g.DilationX);
                        tap += (x0 - left) / g.DilationX;
                    }

                    if (rows == 0 || columns == 0)
                    {
                        Empty(block, to);
                        continue;
                    }

                    float* first = plane + ((nint)y0 * g.W + x0) * Lanes;
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                        Window16<TS, TV>(first + lane, rows, rowStep, columns, columnStep, tap, g.S - columns, Y + to + lane, Switches + to + lane);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Window16<TS, TV>(float* row, int rows, nint rowStep, int columns, nint columnStep, int tap, int skipped, float* to, byte* switches)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            // The first tap is taken whatever it is: it meets itself, and "not at most" lets nothing in that is there already.
            TV best = TS.Load(row), at = TKeeping.Switches ? TS.BroadcastBits(tap) : default;
            for (; rows > 0; rows--, row += rowStep, tap += skipped)
            {
                float* x = row;
                for (int s = columns; s > 0; s--, x += columnStep, tap++)
                {
                    // "Not at most" lets not-a-number in, unless one is there already.
                    TV value = TS.Load(x), atMost = TS.LessOrEqual(value, best), isNumber = TS.LessOrEqual(best, best);
                    best = TS.Select(isNumber, TS.Select(atMost, best, value), best);
                    if (TKeeping.Switches)
                        at = TS.Select(isNumber, TS.Select(atMost, at, TS.BroadcastBits(tap)), at);
                }
            }

            TS.Store(to, best);
            if (TKeeping.Switches)
                TS.StoreBytes(switches, at);
        }

        /// <summary>A window without a tap; lanes without a channel stay +0.</summary>
        readonly void Empty(int block, nint to)
        {
            int first = block % BlockedLayout.Blocks(Geometry.C) * BlockedLayout.Lanes;
            for (int lane = 0; lane < BlockedLayout.Lanes; lane++)
            {
                Y[to + lane] = first + lane < Geometry.C ? float.NegativeInfinity : 0;
                if (TKeeping.Switches)
                    Switches[to + lane] = None;
            }
        }
    }

    struct BackwardJob : IStripJob
    {
        public PoolingGeometry Geometry;
        public PoolingAxis Rows, Columns;
        public int Seeds;
        public float* Signal, Result;
        public byte* Switches;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            int blocks = BlockedLayout.Blocks(g.C), outW = g.OutW;
            nint outputs = (nint)g.OutH * outW * Lanes;
            float* signal = Signal + block * outputs;
            byte* switches = Switches + ((nint)(block / blocks / Seeds) * blocks + block % blocks) * outputs;
            for (int y = firstRow; y < endRow; y++)
            {
                int[] rowTaps = Rows.Taps[y % Rows.Stride], rowOffsets = Rows.Offsets[y % Rows.Stride];
                int i = y / Rows.Stride, r0 = 0, r1 = rowTaps.Length;
                for (; r0 < r1 && i + rowOffsets[r0] < 0; r0++) { }
                for (; r0 < r1 && i + rowOffsets[r1 - 1] >= g.OutH; r1--) { }
                for (int residue = 0; residue < Columns.Residues; residue++)
                {
                    float* to = Result + (((nint)block * g.H + y) * g.W + residue) * Lanes;
                    fixed (int* rows = rowOffsets, rowTap = rowTaps, columns = Columns.Offsets[residue], columnTap = Columns.Taps[residue])
                    {
                        int all = Columns.Taps[residue].Length, pixels = (g.W - residue + Columns.Stride - 1) / Columns.Stride;
                        for (int j = 0; j < pixels; j++, to += (nint)Columns.Stride * Lanes)
                        {
                            int s0 = 0, s1 = all;
                            for (; s0 < s1 && j + columns[s0] < 0; s0++) { }
                            for (; s0 < s1 && j + columns[s1 - 1] >= outW; s1--) { }
                            for (int lane = 0; lane < Lanes; lane += TS.Width)
                            {
                                TV sum = TS.Broadcast(0), zero = TS.Broadcast(0);
                                for (int r = r0; r < r1; r++)
                                {
                                    nint row = ((nint)(i + rows[r]) * outW + j) * Lanes + lane;
                                    int firstTap = rowTap[r] * g.S;
                                    for (int s = s0; s < s1; s++)
                                    {
                                        nint from = row + (nint)columns[s] * Lanes;
                                        TV own = TS.BitsEqual(TS.LoadBytes(switches + from), TS.BroadcastBits(firstTap + columnTap[s]));
                                        sum = TS.Add(sum, TS.Select(own, TS.Load(signal + from), zero));
                                    }
                                }

                                TS.Store(to + lane, sum);
                            }
                        }
                    }
                }
            }
        }
    }

    struct CentreJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public PoolingGeometry Geometry;
        public float* Signal, Result;
        int _block;

        public readonly void Run(int ticket, int lane)
        {
            CentreJob own = this;
            own._block = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            float* plane = Result + (nint)_block * g.H * g.W * Lanes, signal = Signal + (nint)_block * g.OutH * g.OutW * Lanes;
            new Span<float>(plane, g.H * g.W * Lanes).Clear();
            for (int i = 0; i < g.OutH; i++)
            {
                int y = Window.Centre(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H);
                for (int j = 0; j < g.OutW; j++, signal += Lanes)
                {
                    float* to = plane + ((nint)y * g.W + Window.Centre(j * g.StrideX - g.PadLeft, g.S, g.DilationX, g.W)) * Lanes;
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                        TS.Store(to + lane, TS.Add(TS.Load(to + lane), TS.Load(signal + lane)));
                }
            }
        }
    }
}
