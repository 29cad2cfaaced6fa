namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>The numbers of a map after the channels were reduced, planes outermost, and their range.</summary>
internal sealed class MapValues
{
    readonly bool _magnitude;

    public MapValues(ReadOnlySpan<float> map, int channels, int height, int width, ChannelReduction reduction, MapScale scale)
    {
        (Height, Width) = (height, width);
        Planes = reduction == ChannelReduction.None ? channels : 1;
        _magnitude = scale == MapScale.Magnitude;
        Values = new double[(long)Planes * height * width];
        int plane = height * width;
        for (int i = 0; i < map.Length; i++)
        {
            double value = map[i], magnitude = Math.Abs(value);
            ref double target = ref Values[Planes == 1 ? i % plane : i];
            target = reduction switch
            {
                ChannelReduction.None => value,
                ChannelReduction.Sum => target + value,
                ChannelReduction.MaxAbs => Math.Max(target, magnitude),
                ChannelReduction.SumAbs => target + magnitude,
                _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "no such reduction"),
            };
        }
        if (_magnitude)
        {
            foreach (ref double value in Values.AsSpan()) value = Math.Abs(value);
        }
        // Of the map itself: channels that cancel in a sum are still a signal.
        AllZero = !map.ContainsAnyExcept(0f);
        NonFinite = Values.Count(value => !double.IsFinite(value));
    }

    public int Planes { get; }

    public int Height { get; }

    public int Width { get; }

    public double[] Values { get; }

    public int NonFinite { get; }

    public bool AllZero { get; }

    /// <summary>The range a scale takes from the numbers themselves.</summary>
    public DisplayRange RangeOf(MapScale scale, double percentile)
    {
        double[] finite = [.. Values.Where(double.IsFinite)];
        if (finite.Length == 0) return new DisplayRange(0, 0);
        if (scale == MapScale.JointMinMax)
        {
            Array.Sort(finite);
            return new DisplayRange(Percentile(finite, 100 - percentile), Percentile(finite, percentile));
        }
        if (!_magnitude) finite = Array.ConvertAll(finite, Math.Abs);
        Array.Sort(finite);
        double high = Percentile(finite, percentile);
        // A map with fewer bright pixels than the percentile leaves out would be clipped to nothing.
        if (high == 0) high = finite[^1];
        return new DisplayRange(scale == MapScale.Signed ? -high : 0, high);
    }

    /// <summary>The part of the finite numbers outside a range.</summary>
    public double FractionOutside(DisplayRange range)
    {
        int finite = Values.Length - NonFinite;
        return finite == 0 ? 0 : Values.Count(value => double.IsFinite(value) && range.Clips(value)) / (double)finite;
    }

    // Linear between the two nearest ranks, as numpy.percentile has it.
    static double Percentile(double[] sorted, double percentile)
    {
        double rank = percentile / 100 * (sorted.Length - 1);
        int lower = (int)rank, upper = Math.Min(lower + 1, sorted.Length - 1);
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (rank - lower);
    }
}
