using System.Runtime.CompilerServices;
using Preimage.Cpu.Copies;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Reductions;

/// <summary>The mean over some of four axes, and its adjoint.</summary>
/// <remarks>The sum runs over the reduced axes in row-major order, in the order of <see cref="InterleavedSum"/>, and is divided by their
/// count. Back, each element gets the signal of its mean divided by that count.</remarks>
internal static unsafe class AxesMean
{
    /// <summary>Means, one per index of the kept axes.</summary>
    /// <param name="reduced">Bit a is set where axis a is reduced.</param>
    public static void Forward(Execution execution, in Axes4 extents, uint reduced, float* x, float* y)
    {
        Job job = Job.Make(execution.Isa, extents, reduced, x, y);
        WorkerTeam.Shared.Run(ref job, checked((int)job.Kept), execution.Lanes);
    }

    public static void Backward(Execution execution, in Axes4 extents, uint reduced, float* signal, float* result)
    {
        Job job = Job.Make(execution.Isa, extents, reduced, result, signal);
        job.Back = true;
        WorkerTeam.Shared.Run(ref job, checked((int)job.Kept), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public Axes4 Extents, Strides;
        public uint Reduced;
        public nint Kept, Count;
        public float* X, Y;
        public bool Back, Contiguous;

        public static Job Make(Isa isa, in Axes4 extents, uint reduced, float* x, float* y)
        {
            var job = new Job { Isa = isa, Extents = extents, Reduced = reduced, X = x, Y = y, Kept = 1, Count = 1, Contiguous = true };
            nint stride = 1;
            bool keptSeen = false;
            for (int axis = 3; axis >= 0; axis--)
            {
                job.Strides[axis] = stride;
                stride *= extents[axis];
                if (!job.IsReduced(axis))
                {
                    job.Kept *= extents[axis];
                    keptSeen |= extents[axis] > 1;
                }
                else
                {
                    job.Count *= extents[axis];
                    job.Contiguous &= !keptSeen || extents[axis] == 1;
                }
            }

            return job;
        }

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            nint rest = ticket;
            for (int axis = 3; axis >= 0; axis--)
            {
                if (IsReduced(axis))
                    continue;
                own.X += rest % Extents[axis] * Strides[axis];
                rest /= Extents[axis];
            }

            own.Y += ticket;
            if (Back)
                own.Spread();
            else if (Contiguous)
                Isa.Run(ref own);
            else
                *own.Y = own.Sum() / Count;
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged =>
            *Y = InterleavedSum.Of<ValueTerm, TS, TV>(X, X, 0, Count) / Count;

        readonly bool IsReduced(int axis) => (Reduced >> axis & 1) != 0;

        readonly nint End(int axis) => IsReduced(axis) ? Extents[axis] : 1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly float Sum()
        {
            float* partial = stackalloc float[InterleavedSum.Partials];
            InterleavedSum.Clear(partial);
            int next = 0;
            for (nint i0 = 0; i0 < End(0); i0++)
            for (nint i1 = 0; i1 < End(1); i1++)
            for (nint i2 = 0; i2 < End(2); i2++)
            for (nint i3 = 0; i3 < End(3); i3++)
            {
                partial[next] += X[i0 * Strides[0] + i1 * Strides[1] + i2 * Strides[2] + i3 * Strides[3]];
                next = (next + 1) % InterleavedSum.Partials;
            }

            return InterleavedSum.Join(partial);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Spread()
        {
            float share = *Y / Count;
            for (nint i0 = 0; i0 < End(0); i0++)
            for (nint i1 = 0; i1 < End(1); i1++)
            for (nint i2 = 0; i2 < End(2); i2++)
            for (nint i3 = 0; i3 < End(3); i3++)
                X[i0 * Strides[0] + i1 * Strides[1] + i2 * Strides[2] + i3 * Strides[3]] = share;
        }
    }
}
