using System.Globalization;

namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>One axis of a plot: where values lie along it, and which values are written beside it.</summary>
/// <param name="Low">The first value.</param>
/// <param name="High">The last value, above the first.</param>
/// <param name="IsLogarithmic">Whether equal ratios are equally far apart.</param>
internal sealed record PlotAxis(double Low, double High, bool IsLogarithmic)
{
    /// <summary>The share of the range that stays free beyond the outermost values.</summary>
    const double Air = 0.04;

    /// <summary>The axis that holds all values; those that cannot be on it are left out.</summary>
    public static PlotAxis Around(IEnumerable<double> values, bool logarithmic)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!Holds(value, logarithmic))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
            (low, high) = logarithmic ? (1, 10) : (0, 1);
        if (logarithmic)
        {
            double factor = high > low ? Math.Pow(high / low, Air) : 2;
            return new PlotAxis(low / factor, high * factor, true);
        }

        double margin = high > low ? (high - low) * Air : Math.Max(Math.Abs(low), 1) / 2;
        return new PlotAxis(low - margin, high + margin, false);
    }

    /// <summary>Whether a value can be drawn.</summary>
    public bool Holds(double value) => Holds(value, IsLogarithmic);

    /// <summary>Where a value lies, 0 at the axis' start and 1 at its end.</summary>
    public double At(double value) =>
        IsLogarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);

    /// <summary>Round values within the range, about as many as wanted, with their texts.</summary>
    public IReadOnlyList<(double Value, string Text)> Ticks(int wanted) => IsLogarithmic ? Powers(wanted) : Multiples(wanted);

    List<(double, string)> Multiples(int wanted)
    {
        double rough = (High - Low) / wanted, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { < 1.5 => 1, < 3 => 2, < 7 => 5, _ => 10 };
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        var ticks = new List<(double, string)>();
        // + 0: a range that starts just below 0 has its first multiple at -0, which would be written so.
        for (double i = Math.Ceiling(Low / step) + 0.0; i * step <= High; i++)
            ticks.Add((i * step, Text(i * step, decimals)));
        return ticks;
    }

    List<(double, string)> Powers(int wanted)
    {
        int first = (int)Math.Floor(Math.Log10(Low)), last = (int)Math.Floor(Math.Log10(High));
        // Within a decade or two the powers of ten alone would leave the axis bare.
        double[] within = last - first <= 2 ? [1, 2, 5] : [1];
        int every = Math.Max(1, (last - first + 1) / Math.Max(1, wanted));
        var ticks = new List<(double, string)>();
        for (int power = first; power <= last; power += every)
        {
            foreach (double digit in within)
            {
                double value = digit * Math.Pow(10, power);
                if (value >= Low && value <= High)
                    ticks.Add((value, power is < -3 or > 5 ? value.ToString("0e0", CultureInfo.InvariantCulture) : Text(value, Math.Max(0, -power))));
            }
        }

        return ticks;
    }

    static bool Holds(double value, bool logarithmic) => double.IsFinite(value) && (!logarithmic || value > 0);

    static string Text(double value, int decimals) => Math.Abs(value) >= 1e6
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : decimals > 5 ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
