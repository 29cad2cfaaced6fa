namespace Preimage.Cpu.Tests;

/// <summary>NCHW16c by the definition, one value at a time.</summary>
internal static class BlockedArrays
{
    public static int Floats(int samples, int channels, int plane) => samples * ((channels + 15) / 16) * plane * 16;

    public static float[] Of(float[] planar, int samples, int channels, int plane)
    {
        var blocked = new float[Floats(samples, channels, plane)];
        for (int i = 0; i < planar.Length; i++)
            blocked[Position(i, channels, plane)] = planar[i];
        return blocked;
    }

    /// <summary>The planar array, after a look at the lanes without a channel: all must be +0.</summary>
    public static float[] Planar(float[] blocked, int samples, int channels, int plane, string what)
    {
        Assert.Equal(Floats(samples, channels, plane), blocked.Length);
        var planar = new float[samples * channels * plane];
        var taken = new bool[blocked.Length];
        for (int i = 0; i < planar.Length; i++)
        {
            int at = Position(i, channels, plane);
            planar[i] = blocked[at];
            taken[at] = true;
        }

        for (int i = 0; i < blocked.Length; i++)
            Assert.True(taken[i] || BitConverter.SingleToInt32Bits(blocked[i]) == 0, $"{what}: pad lane at {i} holds {blocked[i]}");
        return planar;
    }

    /// <summary>Where an element counted in NCHW order lies.</summary>
    public static int Position(int i, int channels, int plane)
    {
        int pixel = i % plane, channel = i / plane % channels, sample = i / plane / channels;
        return ((sample * ((channels + 15) / 16) + channel / 16) * plane + pixel) * 16 + channel % 16;
    }
}
