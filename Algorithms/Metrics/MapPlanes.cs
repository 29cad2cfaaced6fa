using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>Maps with their channels drawn together or spread out.</summary>
internal static class MapPlanes
{
    /// <summary>The sum over the channels at every pixel, in double.</summary>
    public static double[] Sum(ReadOnlySpan<float> map, int plane)
    {
        var sum = new double[plane];
        for (int i = 0; i < map.Length; i++)
            sum[i % plane] += map[i];
        return sum;
    }

    /// <summary>The sum of the channels' magnitudes at every pixel, in double.</summary>
    public static double[] SumOfMagnitudes(ReadOnlySpan<float> map, int plane)
    {
        var sum = new double[plane];
        for (int i = 0; i < map.Length; i++)
            sum[i % plane] += Math.Abs((double)map[i]);
        return sum;
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
