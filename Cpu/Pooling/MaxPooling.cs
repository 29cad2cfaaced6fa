using System.Runtime.CompilerServices;

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
        var job = new ForwardJob { Geometry = geometry, X = x, Y = y, Switches = switches };
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

    struct ForwardJob : ITicketJob
    {
        public PoolingGeometry Geometry;
        public float* X, Y;
        public int* Switches;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int ticket, int lane)
        {
            PoolingGeometry g = Geometry;
            float* plane = X + (nint)ticket * g.H * g.W;
            nint to = (nint)ticket * g.OutH * g.OutW;
            for (int i = 0; i < g.OutH; i++)
            {
                (int y0, int y1) = Window.Inside(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H);
                for (int j = 0; j < g.OutW; j++, to++)
                {
                    (int x0, int x1) = Window.Inside(j * g.StrideX - g.PadLeft, g.S, g.DilationX, g.W);
                    float best = float.NegativeInfinity;
                    int at = -1;
                    for (int y = y0; y < y1; y += g.DilationY)
                    {
                        for (int x = x0; x < x1; x += g.DilationX)
                        {
                            float value = plane[y * g.W + x];
                            // The first tap is taken whatever it is; after that "not at most" lets not-a-number in, unless one is there already.
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
