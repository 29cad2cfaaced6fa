using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Orientation;

/// <summary>Histograms of one gradient each, planar: [colours][2][plane] (x then y) of a sample to [K][plane]. A pixel without gradient gives zeros.</summary>
/// <remarks>A vector of pixels at a time, bins in order, so the bits depend on neither vectors nor lanes.</remarks>
internal static unsafe class OrientationBins
{
    /// <summary>Pixels of a ticket: with 18 bins 72 KB of result, near a hundred microseconds.</summary>
    const int Chunk = 1024;

    /// <summary>h of g; <paramref name="directions"/> as of <see cref="OrientationGeometry.Directions"/>.</summary>
    public static void Forward<TBinning>(Execution execution, in OrientationGeometry geometry, int samples, float* directions, float* g, float* h)
        where TBinning : struct, IBinning
    {
        var job = new Job<TBinning> { Isa = execution.Isa, Geometry = geometry, Directions = directions, G = g, H = h, Seeds = 1 };
        WorkerTeam.Shared.Run(ref job, checked(samples * Chunks(geometry)), execution.Lanes);
    }

    /// <summary>The signal at the gradients from that at the bins; row r of it reads the gradients of sample r / seeds. 0 where there is no gradient,
    /// and at the colours that were not the strongest.</summary>
    public static void Backward<TBinning>(
        Execution execution, in OrientationGeometry geometry, int rows, int seeds, float* directions, float* g, float* signal, float* result)
        where TBinning : struct, IBinning
    {
        var job = new Job<TBinning>
        {
            Isa = execution.Isa, Geometry = geometry, Directions = directions, G = g, H = signal, Result = result, Seeds = seeds,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * Chunks(geometry)), execution.Lanes);
    }

    static int Chunks(in OrientationGeometry g) => (g.Plane + Chunk - 1) / Chunk;

    struct Job<TBinning> : ITicketJob, ISimdKernel where TBinning : struct, IBinning
    {
        public Isa Isa;
        public OrientationGeometry Geometry;
        public float* Directions, G, H, Result;
        public int Seeds;
        int _count;

        public readonly void Run(int ticket, int lane)
        {
            Job<TBinning> own = this;
            int chunks = Chunks(Geometry), row = ticket / chunks, start = ticket % chunks * Chunk;
            nint gradients = (nint)2 * Geometry.Colours * Geometry.Plane;
            own._count = Math.Min(Chunk, Geometry.Plane - start);
            own.G += row / Seeds * gradients + start;
            own.H += row * (nint)Geometry.Bins * Geometry.Plane + start;
            own.Result = Result == null ? null : Result + row * gradients + start;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= _count; i += TS.Width)
                At<TS, TV>(i);
            for (; i < _count; i++)
                At<SimdScalar, float>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void At<TS, TV>(int i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            PixelGradient<TV> g = Geometry.Load<TS, TV>(G + i);
            if (Result == null)
            {
                TBinning.Forward<TS, TV>(Geometry, Directions, g, H + i);
                return;
            }

            TBinning.Backward<TS, TV>(Geometry, Directions, g, H + i, out TV dx, out TV dy);
            TV zero = TS.Broadcast(0), there = TS.Greater(g.Size, zero);
            for (int c = 0; c < Geometry.Colours; c++)
            {
                TV chosen = TS.And(there, TS.BitsEqual(g.Colour, TS.Broadcast(c)));
                float* to = Result + (nint)2 * c * Geometry.Plane + i;
                TS.Store(to, TS.Select(chosen, dx, zero));
                TS.Store(to + Geometry.Plane, TS.Select(chosen, dy, zero));
            }
        }
    }
}
