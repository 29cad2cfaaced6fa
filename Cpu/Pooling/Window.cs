namespace Preimage.Cpu.Pooling;

/// <summary>One axis of a pooling window.</summary>
internal static class Window
{
    /// <summary>First tap at or after 0 and the end of taps before <paramref name="extent"/>; empty where the first is not below the end.</summary>
    public static (int First, int End) Inside(int start, int taps, int dilation, int extent)
    {
        int first = start >= 0 ? start : start + (-start + dilation - 1) / dilation * dilation;
        return (first, Math.Min(start + (taps - 1) * dilation + 1, extent));
    }

    /// <summary>The tap in the middle of the whole window, index ceil(k / 2) counted from 1; where that is padding, the nearest element.</summary>
    public static int Centre(int start, int taps, int dilation, int extent) => Math.Clamp(start + (taps - 1) / 2 * dilation, 0, extent - 1);

    /// <summary>How many taps lie in a range.</summary>
    public static int Count(int first, int end, int dilation) => first < end ? (end - first + dilation - 1) / dilation : 0;

    /// <summary>How many taps an average divides by on this axis.</summary>
    /// <param name="before">Padding that counts, or 0.</param>
    /// <param name="after">Padding that counts at the end, or 0.</param>
    public static int Divisor(int start, int taps, int dilation, int extent, int before, int after)
    {
        (int first, int end) = Inside(start + before, taps, dilation, extent + before + after);
        return Count(first, end, dilation);
    }
}
