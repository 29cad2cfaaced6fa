using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Copies;

/// <summary>Four axes with a stride each on both sides, in floats; strides may be negative.</summary>
[InlineArray(4)]
internal struct Axes4
{
    nint _first;
}

/// <summary>Copies an array between two strided views: transposes, slices with steps, crops, joins. Moves bits, computes nothing.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>to[sum of i_a * toStrides_a] = from[sum of i_a * fromStrides_a] over all indices below the extents.</summary>
    public static void Run(Execution execution, in Axes4 extents, float* from, in Axes4 fromStrides, float* to, in Axes4 toStrides)
    {
        var job = new Job { Extents = extents, From = from, FromStrides = fromStrides, To = to, ToStrides = toStrides };
        WorkerTeam.Shared.Run(ref job, checked((int)(extents[0] * extents[1])), execution.Lanes);
    }

    struct Job : ITicketJob
    {
        public Axes4 Extents, FromStrides, ToStrides;
        public float* From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int ticket, int lane)
        {
            nint i0 = ticket / Extents[1], i1 = ticket % Extents[1];
            float* from = From + i0 * FromStrides[0] + i1 * FromStrides[1];
            float* to = To + i0 * ToStrides[0] + i1 * ToStrides[1];
            nint count = Extents[3], fromStep = FromStrides[3], toStep = ToStrides[3];
            for (nint i2 = 0; i2 < Extents[2]; i2++, from += FromStrides[2], to += ToStrides[2])
            {
                if (fromStep == 1 && toStep == 1)
                {
                    Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
                    continue;
                }

                for (nint i = 0; i < count; i++)
                    to[i * toStep] = from[i * fromStep];
            }
        }
    }
}
