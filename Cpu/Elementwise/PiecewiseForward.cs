using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>y[i] = f(x[i]) for a function linear in pieces, and one bit per element that tells where it had its upper slope.</summary>
/// <remarks>Mask: element i of a row is bit i, lowest first; each row starts at a multiple of 64 bytes. Bits beyond the last element are 0.
/// y may be x. Slopes, where given, stand for the constant a: one per element of a row, the same for all rows (stride 0) or a row of them each.</remarks>
internal static unsafe class PiecewiseForward
{
    /// <summary>Bytes of mask of a row.</summary>
    public static long MaskStride(long units) => AlignedBuffer.RoundUp((units + 7) / 8);

    public static void Run<TFunction>(Execution execution, int rows, long units, float* x, float* y, byte* mask, float a, float b, float* slopes,
        long slopeStride = 0)
        where TFunction : struct, IPiecewise
    {
        int chunks = ElementwiseTickets.PerRow(units);
        var job = new Job<TFunction>
        {
            Isa = execution.Isa, Chunks = chunks, Units = units, X = x, Y = y, Mask = mask, A = a, B = b, Slopes = slopes,
            SlopeStride = slopeStride,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    struct Job<TFunction> : ITicketJob, ISimdKernel where TFunction : struct, IPiecewise
    {
        public Isa Isa;
        public int Chunks;
        public long Units, SlopeStride;
        public float* X, Y, Slopes;
        public byte* Mask;
        public float A, B;

        public readonly void Run(int ticket, int lane)
        {
            int row = ticket / Chunks;
            (nint start, nint count) = ElementwiseTickets.Range(ticket % Chunks, Units);
            Job<TFunction> own = this;
            own.X += (nint)(row * Units) + start;
            own.Y += (nint)(row * Units) + start;
            own.Mask = Mask == null ? null : Mask + (nint)(row * MaskStride(Units)) + start / 8;
            own.Slopes = Slopes == null ? null : Slopes + (nint)(row * SlopeStride) + start;
            own.Units = count;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV constant = TS.Broadcast(A), b = TS.Broadcast(B);
            float* x = X, y = Y, slopes = Slopes;
            nint i = 0, count = (nint)Units;
            for (; i + 16 <= count; i += 16)
            {
                uint bits = 0;
                for (int lane = 0; lane < 16; lane += TS.Width)
                {
                    TV value = TS.Load(x + i + lane), a = slopes == null ? constant : TS.Load(slopes + i + lane);
                    bits |= TS.ToBits(TFunction.Upper<TS, TV>(value, a, b)) << lane;
                    TS.Store(y + i + lane, TFunction.Apply<TS, TV>(value, a, b));
                }

                if (Mask != null)
                    *(ushort*)(Mask + i / 8) = (ushort)bits;
            }

            for (byte* mask = Mask == null ? null : Mask + i / 8; i < count; mask += mask == null ? 0 : 1)
            {
                uint bits = 0;
                for (int bit = 0; bit < 8 && i < count; bit++, i++)
                {
                    float value = x[i], a = slopes == null ? A : slopes[i];
                    bits |= SimdScalar.ToBits(TFunction.Upper<SimdScalar, float>(value, a, B)) << bit;
                    y[i] = TFunction.Apply<SimdScalar, float>(value, a, B);
                }

                if (mask != null)
                    *mask = (byte)bits;
            }
        }
    }
}
