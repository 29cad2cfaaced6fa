using Preimage.Cpu;
using Preimage.Layers.Weights;

namespace Preimage.Perf;

/// <summary>Numbers to compute with: between -1 and 1, the same in every run.</summary>
internal static class Values
{
    /// <summary>Fills a buffer.</summary>
    public static void Fill(uint seed, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(2 * Philox.ToUnit((uint)i * 2654435761 + seed * 40503) - 1);
    }

    /// <summary>A new buffer in native memory.</summary>
    public static unsafe AlignedBuffer Drawn(uint seed, long count)
    {
        var buffer = new AlignedBuffer(count * sizeof(float));
        Fill(seed, new Span<float>(buffer.Floats, checked((int)count)));
        return buffer;
    }
}
