using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The weights into one unit of a dense layer, and how near they are to a normal distribution.</summary>
/// <param name="Values">The weights.</param>
internal sealed record UnitWeights(float[] Values)
{
    /// <summary>Deviations from the mean that a histogram shows on either side.</summary>
    const double Reach = 4;

    /// <summary>Their mean.</summary>
    public double Mean { get; } = Values.Average(v => (double)v);

    /// <summary>Their standard deviation, that of the normal distribution fitted to them.</summary>
    public double Deviation => Math.Sqrt(Moment(2));

    /// <summary>The third moment over the cube of the deviation, 0 of a normal distribution.</summary>
    public double Skew => Moment(3) / Math.Pow(Moment(2), 1.5);

    /// <summary>The fourth moment over the square of the variance less 3, 0 of a normal distribution.</summary>
    public double ExcessKurtosis => Moment(4) / (Moment(2) * Moment(2)) - 3;

    /// <summary>The first dense layer of a network, or null.</summary>
    public static Node? FirstDense(Network network) => network.WeightLayers.FirstOrDefault(n => n.Layer is Dense);

    /// <summary>Reads the weights into a unit.</summary>
    public static UnitWeights Of(Dense layer, int unit)
    {
        var values = new float[layer.Inputs];
        if (layer.OutputMajor)
        {
            layer.Weight.Read(unit * layer.Inputs, values);
            return new UnitWeights(values);
        }

        var row = new float[layer.Outputs];
        for (int i = 0; i < values.Length; i++)
        {
            layer.Weight.Read(i * layer.Outputs, row);
            values[i] = row[unit];
        }

        return new UnitWeights(values);
    }

    /// <summary>Kolmogorov's and Smirnov's distance: the largest difference of the shares of weights up to a value.</summary>
    public double DistanceTo(UnitWeights other)
    {
        (float[] a, float[] b) = ([.. Values.Order()], [.. other.Values.Order()]);
        (int i, int j) = (0, 0);
        double largest = 0;
        while (i < a.Length && j < b.Length)
        {
            float at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at)
                i++;
            while (j < b.Length && b[j] <= at)
                j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }

        return largest;
    }

    /// <summary>Densities of the weights in bins over some deviations of theirs about the mean; what lies beyond is left out.</summary>
    public (double[] Centres, double[] Densities) Histogram(int bins)
    {
        double low = Mean - Reach * Deviation, step = 2 * Reach * Deviation / bins;
        (var centres, var densities) = (new double[bins], new double[bins]);
        for (int i = 0; i < bins; i++)
            centres[i] = low + (i + 0.5) * step;
        foreach (float value in Values)
        {
            if (Math.Floor((value - low) / step) is >= 0 and var bin && bin < bins)
                densities[(int)bin] += 1 / (step * Values.Length);
        }

        return (centres, densities);
    }

    /// <summary>The density of the fitted normal distribution.</summary>
    public double Normal(double value) => Math.Exp(-(value - Mean) * (value - Mean) / (2 * Moment(2))) / Math.Sqrt(2 * Math.PI * Moment(2));

    /// <summary>Histograms of two units with the normal distributions fitted to them.</summary>
    public static Picture Plot(string title, (int Unit, UnitWeights Weights) first, (int Unit, UnitWeights Weights) second)
    {
        var plot = new LinePlot { Title = title, XLabel = "weight", YLabel = "density", Width = 700, Height = 460 };
        foreach ((int unit, UnitWeights weights) in new[] { first, second })
        {
            // About as many bins as Sturges would take, and more where there are many weights.
            int bins = Math.Clamp((int)Math.Sqrt(weights.Values.Length), 12, 64);
            (double[] centres, double[] densities) = weights.Histogram(bins);
            double half = (centres[1] - centres[0]) / 2;
            plot.Add($"unit {unit}", [.. centres.SelectMany(c => new[] { c - half, c + half })], [.. densities.SelectMany(d => new[] { d, d })]);
            double[] places = [.. Enumerable.Range(0, 200).Select(i => weights.Mean + Reach * weights.Deviation * (i / 99.5 - 1))];
            plot.Add($"normal, {unit}", places, [.. places.Select(weights.Normal)]);
        }

        return plot.Render();
    }

    double Moment(int order)
    {
        double sum = 0;
        foreach (float value in Values)
            sum += Math.Pow(value - Mean, order);
        return sum / Values.Length;
    }
}
