using System.Numerics.Tensors;

namespace Preimage.Algorithms.Metrics;

/// <summary>Maps as Nie, Zhang and Patel 2018 display and compare them (reference specification, section 3.6).</summary>
public static class DisplayNormalisation
{
    /// <summary>The map less its smallest value, divided by what is then the largest, over all pixels and channels together.</summary>
    /// <param name="map">The map's values.</param>
    /// <returns>As many values of 0 to 1; all 0 where all are equal.</returns>
    public static float[] Of(ReadOnlySpan<float> map)
    {
        if (map.IsEmpty)
            return [];
        double low = TensorPrimitives.Min(map), range = TensorPrimitives.Max(map) - low;
        var shown = new float[map.Length];
        for (int i = 0; i < shown.Length && range != 0; i++)
            shown[i] = (float)((map[i] - low) / range);
        return shown;
    }
}
