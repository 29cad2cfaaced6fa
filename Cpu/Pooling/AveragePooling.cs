using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Pooling;

/// <summary>Average pooling over planes, and its adjoint.</summary>
/// <remarks>The taps inside the plane are added in row-major order from +0 and divided by the count of the geometry's convention; a window that
/// counts no tap gives 0. Backward divides the signal by the same count and adds it at every tap, outputs in row-major order.</remarks>
internal static unsafe class AveragePooling
{
    public static void Forward(Execution execution, in PoolingGeometry geometry, int planes, float* x, float* y)
    {
        var job = new Job { Geometry = geometry, Plane = x, Pooled = y };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    public static void Backward(Execution execution, in PoolingGeometry geometry, int planes, float* signal, float* result)
    {
        var job = new Job { Geometry = geometry, Plane = result, Pooled = signal, Back = true };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    struct Job : ITicketJob
    {
        public PoolingGeometry Geometry;
        public float* Plane, Pooled;
        public bool Back;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int ticket, int lane)
        {
            PoolingGeometry g = Geometry;
            float* plane = Plane + (nint)ticket * g.H * g.W, pooled = Pooled + (nint)ticket * g.OutH * g.OutW;
            (int top, int bottom, int left, int right) = g.CountIncludesPad ? (g.PadTop, g.PadBottom, g.PadLeft, g.PadRight) : (0, 0, 0, 0);
            if (Back)
                new Span<float>(plane, g.H * g.W).Clear();
            for (int i = 0; i < g.OutH; i++)
            {
                int y = i * g.StrideY - g.PadTop;
                int rows = Window.Divisor(y, g.R, g.DilationY, g.H, top, bottom);
                (int y0, int y1) = Window.Inside(y, g.R, g.DilationY, g.H);
                for (int j = 0; j < g.OutW; j++, pooled++)
                {
                    int x = j * g.StrideX - g.PadLeft;
                    int count = rows * Window.Divisor(x, g.S, g.DilationX, g.W, left, right);
                    (int x0, int x1) = Window.Inside(x, g.S, g.DilationX, g.W);
                    if (Back && count > 0)
                        Spread(plane, g, y0, y1, x0, x1, *pooled / count);
                    else if (!Back)
                        *pooled = count == 0 ? 0 : Total(plane, g, y0, y1, x0, x1) / count;
                }
            }
        }

        static float Total(float* plane, in PoolingGeometry g, int y0, int y1, int x0, int x1)
        {
            float sum = 0;
            for (int y = y0; y < y1; y += g.DilationY)
            {
                for (int x = x0; x < x1; x += g.DilationX)
                    sum += plane[y * g.W + x];
            }

            return sum;
        }

        static void Spread(float* plane, in PoolingGeometry g, int y0, int y1, int x0, int x1, float share)
        {
            for (int y = y0; y < y1; y += g.DilationY)
            {
                for (int x = x0; x < x1; x += g.DilationX)
                    plane[y * g.W + x] += share;
            }
        }
    }
}
