using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Pooling;

/// <summary>Max pooling over planes and the two ways its signal goes back.</summary>
/// <remarks>
/// A window is clipped to its plane. The value is the first maximum in row-major order; not-a-number beats every number, and the first one
/// stays. Its switch is y * W + x in the plane. A window without a tap gives minus infinity and the switch -1. Backward starts from
/// zero and adds the signals in row-major order of the outputs.
/// </remarks>
internal static unsafe class MaxPooling
{
    /// <summary>Pools planes; switches may be null.</summary>
    public static void Forward(Execution execution, in PoolingGeometry geometry, int planes, float* x, float* y, int* switches)
    {
        var job = new ForwardJob { Isa = execution.Isa, Geometry = geometry, X = x, Y = y, Switches = switches };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    /// <summary>Passes signals to the maxima: row r of the signal reads the switches of row r / seeds.</summary>
    public static void Backward(Execution execution, in PoolingGeometry geometry, int rows, int seeds, float* signal, float* result, int* switches)
    {
        var job = new BackwardJob { Geometry = geometry, Seeds = seeds, Signal = signal, Result = result, Switches = switches };
        WorkerTeam.Shared.Run(ref job, checked(rows * geometry.C), execution.Lanes);
    }

    /// <summary>Passes signals to the centres of the windows.</summary>
    public static void BackwardToCentres(Execution execution, in PoolingGeometry geometry, int rows, float* signal, float* result)
    {
        var job = new BackwardJob { Geometry = geometry, Seeds = 1, Signal = signal, Result = result, Switches = null };
        WorkerTeam.Shared.Run(ref job, checked(rows * geometry.C), execution.Lanes);
    }

    struct ForwardJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public PoolingGeometry Geometry;
        public float* X, Y;
        public int* Switches;
        int _plane;

        public void Run(int ticket, int lane)
        {
            ForwardJob own = this;
            own._plane = ticket;
            // Rows too narrow for the widest vectors are not for the next narrower ones.
            Isa isa = Isa == Isa.Avx512 && Geometry.OutW < Vector512<float>.Count ? Isa.Avx2 : Isa;
            isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            PoolingGeometry g = Geometry;
            float* plane = X + (nint)_plane * g.H * g.W;
            nint to = (nint)_plane * g.OutH * g.OutW;
            // Vectors take the windows whose columns all lie in the plane; the last of them may take some a second time.
            int first = (g.PadLeft + g.StrideX - 1) / g.StrideX;
            int room = g.W - 1 + g.PadLeft - (g.S - 1) * g.DilationX - g.StrideX * (TS.Width - 1);
            int last = Math.Min(g.OutW - TS.Width, room / g.StrideX);
            bool vectors = g.StrideX <= 2 && room >= 0 && first <= last;
            float* lanes = stackalloc float[16];
            for (int i = 0; i < TS.Width; i++)
                ((int*)lanes)[i] = i * g.StrideX;
            for (int i = 0; i < g.OutH; i++, to += g.OutW)
            {
                (int y0, int y1) = Window.Inside(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H);
                int j = 0;
                if (vectors && y0 < y1)
                {
                    for (; j < first; j++)
                        OneWindow(plane, j * g.StrideX - g.PadLeft, y0, y1, to + j);
                    while (j < last + TS.Width)
                    {
                        j = Math.Min(j, last);
                        Windows<TS, TV>(plane, j * g.StrideX - g.PadLeft, y0, y1, TS.Load(lanes), to + j);
                        j += TS.Width;
                    }
                }

                for (; j < g.OutW; j++)
                    OneWindow(plane, j * g.StrideX - g.PadLeft, y0, y1, to + j);
            }
        }

        /// <summary>Neighbouring windows, one a lane, each scanned in row-major order.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Windows<TS, TV>(float* plane, int x0, int y0, int y1, TV lanes, nint to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV best = default, at = default;
            for (int y = y0; y < y1; y += Geometry.DilationY)
            {
                for (int s = 0; s < Geometry.S; s++)
                {
                    int x = x0 + s * Geometry.DilationX, offset = y * Geometry.W + x;
                    TV value = Geometry.StrideX == 1 ? TS.Load(plane + offset) : TS.LoadEven(plane + offset);
                    TV where = TS.BitsAdd(lanes, TS.BroadcastBits(offset));
                    if (y == y0 && s == 0)
                    {
                        (best, at) = (value, where);
                        continue;
                    }

                    // "Not at most" lets not-a-number in, unless one is there already.
                    TV atMost = TS.LessOrEqual(value, best), isNumber = TS.LessOrEqual(best, best);
                    best = TS.Select(isNumber, TS.Select(atMost, best, value), best);
                    at = TS.Select(isNumber, TS.Select(atMost, at, where), at);
                }
            }

            TS.Store(Y + to, best);
            if (Switches != null)
                TS.Store((float*)(Switches + to), at);
        }

        /// <summary>A window at an edge.</summary>
        readonly void OneWindow(float* plane, int start, int y0, int y1, nint to)
        {
            PoolingGeometry g = Geometry;
            (int x0, int x1) = Window.Inside(start, g.S, g.DilationX, g.W);
            float best = float.NegativeInfinity;
            int at = -1;
            for (int y = y0; y < y1; y += g.DilationY)
            {
                for (int x = x0; x < x1; x += g.DilationX)
                {
                    float value = plane[y * g.W + x];
                    // The first tap is taken whatever it is; after that as above.
                    if (at < 0 || (!(value <= best) && !float.IsNaN(best)))
                    {
                        best = value;
                        at = y * g.W + x;
                    }
                }
            }

            Y[to] = best;
            if (Switches != null)
                Switches[to] = at;
        }
    }

    struct BackwardJob : ITicketJob
    {
        public PoolingGeometry Geometry;
        public int Seeds;
        public float* Signal, Result;
        public int* Switches;

        public readonly void Run(int ticket, int lane)
        {
            PoolingGeometry g = Geometry;
            int outputs = g.OutH * g.OutW;
            float* plane = Result + (nint)ticket * g.H * g.W;
            float* signal = Signal + (nint)ticket * outputs;
            new Span<float>(plane, g.H * g.W).Clear();
            if (Switches == null)
            {
                for (int i = 0; i < g.OutH; i++)
                {
                    int y = Window.Centre(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H);
                    for (int j = 0; j < g.OutW; j++)
                        plane[y * g.W + Window.Centre(j * g.StrideX - g.PadLeft, g.S, g.DilationX, g.W)] += *signal++;
                }

                return;
            }

            int row = ticket / g.C, channel = ticket % g.C;
            int* switches = Switches + ((nint)(row / Seeds) * g.C + channel) * outputs;
            for (int i = 0; i < outputs; i++)
            {
                if (switches[i] >= 0)
                    plane[switches[i]] += signal[i];
            }
        }
    }
}
