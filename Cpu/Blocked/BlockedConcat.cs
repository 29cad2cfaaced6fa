namespace Preimage.Cpu.Blocked;

/// <summary>Arrays joined along the channels in blocked layout, and the way back: copies of whole blocks.</summary>
internal static unsafe class BlockedConcat
{
    /// <summary>Floats of a ticket: 64 KB.</summary>
    const int Stretch = 16384;

    /// <summary>Whether every part but the last ends with a full block.</summary>
    public static bool Supports(ReadOnlySpan<int> channels)
    {
        foreach (int part in channels[..^1])
        {
            if (part % BlockedLayout.Lanes != 0)
                return false;
        }

        return true;
    }

    /// <summary>Copies a part into the whole.</summary>
    /// <param name="firstChannel">Where in the whole the part begins: a multiple of 16.</param>
    /// <param name="partChannels">Channels of the part.</param>
    /// <param name="channels">Channels of the whole.</param>
    public static void Join(Execution execution, int samples, int plane, int firstChannel, int partChannels, int channels, float* part, float* whole) =>
        Run(execution, samples, plane, firstChannel, partChannels, channels, part, whole, false);

    /// <summary>Copies a part out of the whole.</summary>
    public static void Split(Execution execution, int rows, int plane, int firstChannel, int partChannels, int channels, float* whole, float* part) =>
        Run(execution, rows, plane, firstChannel, partChannels, channels, part, whole, true);

    static void Run(Execution execution, int samples, int plane, int firstChannel, int partChannels, int channels, float* part, float* whole, bool split)
    {
        long floats = BlockedLayout.Floats(1, partChannels, plane);
        var job = new Job
        {
            Floats = floats, WholeFloats = BlockedLayout.Floats(1, channels, plane), Stretches = checked((int)((floats + Stretch - 1) / Stretch)),
            Part = part, Whole = whole + (nint)firstChannel * plane, Split = split,
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * job.Stretches), execution.Lanes);
    }

    struct Job : ITicketJob
    {
        public long Floats, WholeFloats;
        public int Stretches;
        public float* Part, Whole;
        public bool Split;

        public readonly void Run(int ticket, int lane)
        {
            int sample = ticket / Stretches;
            long start = (long)(ticket % Stretches) * Stretch, bytes = Math.Min(Stretch, Floats - start) * sizeof(float);
            float* part = Part + (nint)(sample * Floats + start), whole = Whole + (nint)(sample * WholeFloats + start);
            Buffer.MemoryCopy(Split ? whole : part, Split ? part : whole, bytes, bytes);
        }
    }
}
