using System.Runtime.CompilerServices;
using Preimage.Cpu.Pooling;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Average pooling in blocked layout, and its adjoint: the results of <see cref="AveragePooling"/>, bit for bit.</summary>
/// <remarks>16 channels at once in the planar kernel's order: taps inside the plane in row-major order from +0, then one division. Back, each
/// window's signal is divided once and added at every tap, windows in row-major order. Forward, a ticket is a strip of rows of a block of a sample;
/// back, since windows share pixels, the whole block.</remarks>
internal static unsafe class BlockedAveragePooling
{
    public static void Forward(Execution execution, in PoolingGeometry geometry, int samples, float* x, float* y) =>
        PlaneStrips.Run(execution, samples * BlockedLayout.Blocks(geometry.C), geometry.OutH, geometry.OutW,
            new ForwardJob { Geometry = geometry, X = x, Y = y });

    public static void Backward(Execution execution, in PoolingGeometry geometry, int rows, float* signal, float* result)
    {
        var job = new BackwardJob { Isa = execution.Isa, Geometry = geometry, Signal = signal, Result = result };
        WorkerTeam.Shared.Run(ref job, checked(rows * BlockedLayout.Blocks(geometry.C)), execution.Lanes);
    }

    /// <summary>One window on one axis: where its taps in the plane begin, how many they are, and how many the average counts.</summary>
    static (int First, int Taps, int Counted) Axis(int start, int taps, int dilation, int extent, int before, int after)
    {
        (int first, int end) = Window.Inside(start, taps, dilation, extent);
        return (first, Window.Count(first, end, dilation), Window.Divisor(start, taps, dilation, extent, before, after));
    }

    static (int First, int Taps, int Counted) Rows(in PoolingGeometry g, int i) => Axis(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H,
        g.CountIncludesPad ? g.PadTop : 0, g.CountIncludesPad ? g.PadBottom : 0);

    static (int First, int Taps, int Counted) Columns(in PoolingGeometry g, int j) => Axis(j * g.StrideX - g.PadLeft, g.S, g.DilationX, g.W,
        g.CountIncludesPad ? g.PadLeft : 0, g.CountIncludesPad ? g.PadRight : 0);

    struct ForwardJob : IStripJob
    {
        public PoolingGeometry Geometry;
        public float* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            float* plane = X + (nint)block * g.H * g.W * Lanes, to = Y + ((nint)block * g.OutH + firstRow) * g.OutW * Lanes;
            nint rowStep = (nint)g.DilationY * g.W * Lanes, columnStep = (nint)g.DilationX * Lanes;
            for (int i = firstRow; i < endRow; i++)
            {
                (int y0, int rows, int countY) = Rows(g, i);
                for (int j = 0; j < g.OutW; j++, to += Lanes)
                {
                    (int x0, int columns, int countX) = Columns(g, j);
                    int count = countY * countX;
                    float* first = plane + ((nint)y0 * g.W + x0) * Lanes;
                    TV divisor = TS.Broadcast(count);
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                    {
                        TV sum = TS.Broadcast(0);
                        float* row = first + lane;
                        for (int r = count == 0 ? 0 : rows; r > 0; r--, row += rowStep)
                        {
                            float* x = row;
                            for (int s = columns; s > 0; s--, x += columnStep)
                                sum = TS.Add(sum, TS.Load(x));
                        }

                        TS.Store(to + lane, count == 0 ? sum : TS.Div(sum, divisor));
                    }
                }
            }
        }
    }

    struct BackwardJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public PoolingGeometry Geometry;
        public float* Signal, Result;
        int _block;

        public readonly void Run(int ticket, int lane)
        {
            BackwardJob own = this;
            own._block = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            float* plane = Result + (nint)_block * g.H * g.W * Lanes, signal = Signal + (nint)_block * g.OutH * g.OutW * Lanes;
            nint rowStep = (nint)g.DilationY * g.W * Lanes, columnStep = (nint)g.DilationX * Lanes;
            new Span<float>(plane, g.H * g.W * Lanes).Clear();
            for (int i = 0; i < g.OutH; i++)
            {
                (int y0, int rows, int countY) = Rows(g, i);
                for (int j = 0; j < g.OutW; j++, signal += Lanes)
                {
                    (int x0, int columns, int countX) = Columns(g, j);
                    int count = countY * countX;
                    if (count == 0)
                        continue;
                    float* first = plane + ((nint)y0 * g.W + x0) * Lanes;
                    TV divisor = TS.Broadcast(count);
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                    {
                        TV share = TS.Div(TS.Load(signal + lane), divisor);
                        float* row = first + lane;
                        for (int r = rows; r > 0; r--, row += rowStep)
                        {
                            float* x = row;
                            for (int s = columns; s > 0; s--, x += columnStep)
                                TS.Store(x, TS.Add(TS.Load(x), share));
                        }
                    }
                }
            }
        }
    }
}
