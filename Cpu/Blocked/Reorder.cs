using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>NCHW to NCHW16c and back, at the edges between kernels of either kind. Moves bits; writes +0 to pad lanes.</summary>
/// <remarks>A ticket is a stretch of pixels of one block of one sample, transposed 16 x 16 in registers (as squares of the vector's width).</remarks>
internal static unsafe class Reorder
{
    /// <summary>Pixels of a ticket: 16 channels of them are 64 KB.</summary>
    const int Stretch = 1024;

    public static void ToBlocked(Execution execution, int samples, int channels, int plane, float* planar, float* blocked) =>
        Run<Blocking>(execution, samples, channels, plane, planar, blocked);

    public static void ToPlanar(Execution execution, int samples, int channels, int plane, float* blocked, float* planar) =>
        Run<Unblocking>(execution, samples, channels, plane, planar, blocked);

    static void Run<TDirection>(Execution execution, int samples, int channels, int plane, float* planar, float* blocked)
        where TDirection : struct, IDirection
    {
        int blocks = BlockedLayout.Blocks(channels), stretches = (plane + Stretch - 1) / Stretch;
        var job = new Job<TDirection>
        {
            Isa = execution.Isa, Channels = channels, Blocks = blocks, Plane = plane, Stretches = stretches, Planar = planar, Blocked = blocked,
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * blocks * stretches), execution.Lanes);
    }

    interface IDirection
    {
        static abstract bool ToBlocked { get; }
    }

    readonly struct Blocking : IDirection
    {
        public static bool ToBlocked => true;
    }

    readonly struct Unblocking : IDirection
    {
        public static bool ToBlocked => false;
    }

    struct Job<TDirection> : ITicketJob, ISimdKernel where TDirection : struct, IDirection
    {
        public Isa Isa;
        public int Channels, Blocks, Plane, Stretches;
        public float* Planar, Blocked;
        int _pixels, _lanes;

        public readonly void Run(int ticket, int lane)
        {
            int first = ticket % Stretches * Stretch, block = ticket / Stretches % Blocks, sample = ticket / Stretches / Blocks;
            Job<TDirection> own = this;
            own._pixels = Math.Min(Stretch, Plane - first);
            own._lanes = Math.Min(BlockedLayout.Lanes, Channels - block * BlockedLayout.Lanes);
            own.Planar += ((nint)sample * Channels + block * BlockedLayout.Lanes) * Plane + first;
            own.Blocked += (((nint)sample * Blocks + block) * Plane + first) * BlockedLayout.Lanes;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            int pixel = 0;
            // Squares of the vector's width: 1 of 16, 4 of 8, 16 of 4. Channels that do not exist are left out by rows of a square of their own.
            int full = _lanes / TS.Width * TS.Width;
            float* square = stackalloc float[Lanes * Lanes];
            new Span<float>(square, Lanes * Lanes).Clear();
            for (; TS.Width > 1 && pixel + TS.Width <= _pixels; pixel += TS.Width)
            {
                for (int lane = 0; lane < Lanes; lane += TS.Width)
                {
                    float* planar = Planar + (nint)lane * Plane + pixel, blocked = Blocked + (nint)pixel * Lanes + lane;
                    int rows = Math.Min(TS.Width, _lanes - lane);
                    if (lane < full)
                    {
                        if (TDirection.ToBlocked)
                            TS.Transpose(planar, Plane, blocked, Lanes);
                        else
                            TS.Transpose(blocked, Lanes, planar, Plane);
                    }
                    else if (TDirection.ToBlocked && rows <= 0)
                    {
                        for (int row = 0; row < TS.Width; row++)
                            TS.Store(blocked + row * Lanes, TS.Broadcast(0));
                    }
                    else if (TDirection.ToBlocked)
                    {
                        for (int row = 0; row < rows; row++)
                            TS.Store(square + row * TS.Width, TS.Load(planar + (nint)row * Plane));
                        TS.Transpose(square, TS.Width, blocked, Lanes);
                    }
                    else if (rows > 0)
                    {
                        TS.Transpose(blocked, Lanes, square, TS.Width);
                        for (int row = 0; row < rows; row++)
                            TS.Store(planar + (nint)row * Plane, TS.Load(square + row * TS.Width));
                    }
                }
            }

            for (; pixel < _pixels; pixel++)
            {
                float* blocked = Blocked + (nint)pixel * Lanes;
                for (int lane = 0; lane < _lanes; lane++)
                {
                    if (TDirection.ToBlocked)
                        blocked[lane] = Planar[(nint)lane * Plane + pixel];
                    else
                        Planar[(nint)lane * Plane + pixel] = blocked[lane];
                }

                for (int lane = _lanes; TDirection.ToBlocked && lane < Lanes; lane++)
                    blocked[lane] = 0;
            }
        }
    }
}
