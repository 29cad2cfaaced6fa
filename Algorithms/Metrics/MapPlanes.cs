using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>Maps with their channels drawn together or spread out.</summary>
internal static class MapPlanes
{
    /// <summary>One number per pixel, in double.</summary>
    /// <param name="map">The map's values, channel by channel.</param>
    /// <param name="plane">Pixels there are.</param>
    /// <param name="reduction">How; not <see cref="ChannelReduction.None"/>.</param>
    public static double[] Reduce(ReadOnlySpan<float> map, int plane, ChannelReduction reduction)
    {
        var pixels = new double[plane];
        for (int i = 0; i < map.Length; i++)
        {
            ref double pixel = ref pixels[i % plane];
            double magnitude = Math.Abs((double)map[i]);
            pixel = reduction switch
            {
                ChannelReduction.Sum => pixel + map[i],
                ChannelReduction.SumAbs => pixel + magnitude,
                ChannelReduction.MaxAbs => Math.Max(pixel, magnitude),
                _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "channels that stay apart are no one number per pixel"),
            };
        }

        return pixels;
    }

    /// <summary>A map with a value for every value of the input: a map of one channel gives each of the input's channels an equal share of its pixels.</summary>
    /// <exception cref="PreimageException">The map's pixels are not the input's.</exception>
    public static float[] PerValue(ReadOnlySpan<float> map, Shape input, string metric)
    {
        int plane = input.H * input.W;
        if (map.Length == input.SampleCount)
            return map.ToArray();
        Require(map, plane, input, metric);
        var shares = new float[input.SampleCount];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = map[i % plane] / input.C;
        return shares;
    }

    /// <summary>Refuses maps whose pixels are not the input's.</summary>
    /// <exception cref="PreimageException">They are not.</exception>
    public static void Require(ReadOnlySpan<float> map, int plane, Shape input, string metric)
    {
        if (map.Length != plane && map.Length != input.SampleCount)
            throw new PreimageException($"{metric}: a map of {map.Length} values is not on the pixels of the input {input}, in one channel or in {input.C}");
    }

    /// <summary>Doubles as floats.</summary>
    public static float[] ToFloats(double[] values) => Array.ConvertAll(values, v => (float)v);
}
