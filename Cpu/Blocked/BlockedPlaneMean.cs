using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The mean of each plane in blocked layout (global average pooling), and its adjoint: the results of <see cref="AxesMean"/> over rows and columns.</summary>
/// <remarks>Each channel keeps the sixteen partial sums of <see cref="InterleavedSum"/>, pixel p going to number p mod 16: 16 x 16 floats that stay
/// in the first cache. The way back gives every pixel the signal divided by their count. A ticket is a block of a sample.</remarks>
internal static unsafe class BlockedPlaneMean
{
    /// <summary>Means: one block of 16 floats per block of channels.</summary>
    public static void Forward(Execution execution, int samples, int channels, int plane, float* x, float* y) =>
        Run(new Job { Isa = execution.Isa, Plane = plane, X = x, Y = y }, samples * BlockedLayout.Blocks(channels), execution.Lanes);

    public static void Backward(Execution execution, int rows, int channels, int plane, float* signal, float* result) =>
        Run(new Job { Isa = execution.Isa, Plane = plane, X = result, Y = signal, Back = true }, rows * BlockedLayout.Blocks(channels), execution.Lanes);

    static void Run(Job job, int blocks, int lanes) => WorkerTeam.Shared.Run(ref job, blocks, lanes);

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Plane;
        public float* X, Y;
        public bool Back;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own.X += (nint)ticket * Plane * BlockedLayout.Lanes;
            own.Y += (nint)ticket * BlockedLayout.Lanes;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes, All = InterleavedSum.Partials * Lanes;
            nint floats = (nint)Plane * Lanes;
            TV count = TS.Broadcast(Plane);
            if (Back)
            {
                for (int lane = 0; lane < Lanes; lane += TS.Width)
                {
                    TV share = TS.Div(TS.Load(Y + lane), count);
                    for (nint i = lane; i < floats; i += Lanes)
                        TS.Store(X + i, share);
                }

                return;
            }

            float* partial = stackalloc float[All];
            new Span<float>(partial, All).Clear();
            for (nint i = 0; i < floats; i += All)
            {
                int end = (int)Math.Min(All, floats - i);
                for (int j = 0; j < end; j += TS.Width)
                    TS.Store(partial + j, TS.Add(TS.Load(partial + j), TS.Load(X + i + j)));
            }

            for (int width = All / 2; width >= Lanes; width /= 2)
            {
                for (int j = 0; j < width; j += TS.Width)
                    TS.Store(partial + j, TS.Add(TS.Load(partial + j), TS.Load(partial + j + width)));
            }

            for (int lane = 0; lane < Lanes; lane += TS.Width)
                TS.Store(Y + lane, TS.Div(TS.Load(partial + lane), count));
        }
    }
}
