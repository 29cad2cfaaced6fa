using Preimage.Cpu.Blocked;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The masks of the processor's kernels to and from the form that all backends share: NCHW over the whole batch, without gaps.</summary>
/// <remarks>Ours start each sample at a cache line and follow the layout of the value.</remarks>
internal static unsafe class MaskBits
{
    /// <summary>Bytes of the shared form.</summary>
    public static int RecordBytes(Shape sample, int samples) => checked((int)(((long)samples * sample.SampleCount + 7) / 8));

    public static void Export(Shape sample, int samples, Layout layout, nint state, Span<byte> record)
    {
        record.Clear();
        for (int n = 0; n < samples; n++)
        {
            ReadOnlySpan<byte> mask = OfSample(sample, layout, state, n);
            if (layout == Layout.Blocked)
                CopyBlocked(sample, mask, record, (long)n * sample.SampleCount, export: true);
            else
                Copy(mask, 0, record, (long)n * sample.SampleCount, sample.SampleCount);
        }
    }

    public static void Import(Shape sample, int samples, Layout layout, ReadOnlySpan<byte> record, nint state)
    {
        for (int n = 0; n < samples; n++)
        {
            Span<byte> mask = OfSample(sample, layout, state, n);
            mask.Clear();
            if (layout == Layout.Blocked)
                CopyBlocked(sample, record, mask, (long)n * sample.SampleCount, export: false);
            else
                Copy(record, (long)n * sample.SampleCount, mask, 0, sample.SampleCount);
        }
    }

    static Span<byte> OfSample(Shape sample, Layout layout, nint state, int n)
    {
        long units = CpuLayouts.Floats(sample.WithSamples(1), layout);
        return new Span<byte>((void*)(state + n * (nint)PiecewiseForward.MaskStride(units)), checked((int)((units + 7) / 8)));
    }

    /// <summary>Goes over the units in NCHW order, the record's, and finds each one's bit in the blocked mask.</summary>
    static void CopyBlocked(Shape sample, ReadOnlySpan<byte> from, Span<byte> to, long recordStart, bool export)
    {
        int plane = sample.H * sample.W;
        long record = recordStart;
        for (int c = 0; c < sample.C; c++)
        {
            long blocked = (long)(c / BlockedLayout.Lanes) * plane * BlockedLayout.Lanes + c % BlockedLayout.Lanes;
            for (int i = 0; i < plane; i++, record++, blocked += BlockedLayout.Lanes)
                SetIf(to, export ? record : blocked, from, export ? blocked : record);
        }
    }

    /// <summary>Copies a run of bits into zeroed ones.</summary>
    static void Copy(ReadOnlySpan<byte> from, long fromBit, Span<byte> to, long toBit, int count)
    {
        if ((fromBit | toBit) % 8 == 0)
        {
            from.Slice((int)(fromBit / 8), count / 8).CopyTo(to[(int)(toBit / 8)..]);
            int whole = count / 8 * 8;
            (fromBit, toBit, count) = (fromBit + whole, toBit + whole, count - whole);
        }

        for (int i = 0; i < count; i++)
            SetIf(to, toBit + i, from, fromBit + i);
    }

    static void SetIf(Span<byte> to, long toBit, ReadOnlySpan<byte> from, long fromBit)
    {
        if ((from[(int)(fromBit / 8)] >> (int)(fromBit % 8) & 1) != 0)
            to[(int)(toBit / 8)] |= (byte)(1 << (int)(toBit % 8));
    }
}
