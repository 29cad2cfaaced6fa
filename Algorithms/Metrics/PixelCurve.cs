using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>How the probability of a class changes as pixels of the picture are exchanged, the most relevant ones first.</summary>
/// <remarks>
/// Petsiuk, Das and Saenko 2018 (RISE). <c>area</c> is the area under the curve of the probability over the part of pixels exchanged, by the trapezoidal rule; <c>random-area</c>
/// is that of a random order of the same picture, the control; <c>gain</c> is how much better than the control the map is. Pixels are ordered by the sum of the map's channels, equal
/// ones by their place.
/// </remarks>
public abstract class PixelCurve : AttributionMetric
{
    private protected PixelCurve() { }

    /// <summary>Steps from no pixel to all, at least 1.</summary>
    public int Steps { get; init; } = 32;

    /// <summary>How the channels of a map become a pixel's relevance: <see cref="ChannelReduction.Sum"/>, or a magnitude.</summary>
    public ChannelReduction Relevance { get; init; } = ChannelReduction.Sum;

    /// <summary>What stands for a pixel that is not there, or null for the metric's own choice.</summary>
    public Baseline? Baseline { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
    [
        KeyValuePair.Create("steps", Steps.ToString(CultureInfo.InvariantCulture)), KeyValuePair.Create("relevance", $"{Relevance}"), KeyValuePair.Create("baseline", $"{Baseline?.ToString() ?? OwnBaseline}"),
    ];

    internal override IReadOnlyList<MetricColumn> Columns => [new("area", Better), new("random-area", Better.Neither), new("gain", Better.Higher)];

    /// <summary>Which way the area points.</summary>
    private protected abstract Better Better { get; }

    /// <summary>The baseline where nobody says, in words.</summary>
    private protected abstract string OwnBaseline { get; }

    /// <summary>The baseline where nobody says.</summary>
    private protected abstract Baseline BaselineFor(Shape shape);

    /// <summary>The pictures without exchanged pixels and with all exchanged.</summary>
    private protected abstract (float[] From, float[] To) Ends(float[] picture, float[] baseline);

    internal override void Run(MetricRun run)
    {
        if (Steps < 1)
            throw new PreimageException($"{Name}: {Steps} steps, there must be at least 1");
        if (Relevance == ChannelReduction.None)
            throw new PreimageException($"{Name}: pixels are ordered by one number each; Relevance.None leaves the channels apart");
        if (run.Shape.Rank != 4)
            throw new PreimageException($"{Name}: the input {run.Shape} has no rows and columns whose pixels could be exchanged");
        Node logits = Logits.Of(run.Engine.Network, out _);
        Baseline baseline = Baseline ?? BaselineFor(run.Shape);
        using var passes = new PointPasses(
            run.Engine, logits, new Dictionary<Node, Shape> { [run.Input] = run.Shape }, 2 * (Steps + 1), run.Options.MemoryBudget);
        run.Each(picture => Measure(run, picture, logits, baseline, passes));
    }

    void Measure(MetricRun run, MeasuredPicture picture, Node logits, Baseline baseline, PointPasses passes)
    {
        if (picture.Node != logits || picture.Target is Target.FeatureMapTarget or Target.VectorTarget)
            throw new PreimageException($"{Name}: the probability of a class is followed, and '{run.Options.Target}' is none");
        ReadOnlySpan<float> map = run.Explain(picture, picture.Target).Row(0);
        if (!MetricRun.HasSignal(map))
            return;
        int plane = run.Shape.H * run.Shape.W;
        MapPlanes.Require(map, plane, run.Shape, Name);
        int[][] orders = [PixelOrder.ByScore(MapPlanes.Reduce(map, plane, Relevance)), PixelOrder.AtRandom(plane, picture.Random(Name))];
        var alone = new AttributionInputs(run.Engine.Network, new Dictionary<string, Tensor<float>> { [run.Input.Name] = picture.Tensor });
        (float[] from, float[] to) = Ends(picture.Values, baseline.For(run.Input, alone));
        int unit = picture.Unit.Unit;
        double[][] curves = [new double[Steps + 1], new double[Steps + 1]];
        passes.Forward(2 * (Steps + 1), (point, _, values) =>
        {
            int[] order = orders[point / (Steps + 1)];
            from.CopyTo(values);
            foreach (int pixel in order.AsSpan(0, Exchanged(point % (Steps + 1), plane)))
            {
                for (int at = pixel; at < values.Length; at += plane)
                    values[at] = to[at];
            }
        }, (point, scores) => curves[point / (Steps + 1)][point % (Steps + 1)] = ClassProbabilities.Of(scores)[unit], run.Cancellation);

        (double area, double random) = (Area(curves[0]), Area(curves[1]));
        run.Set("area", picture.Index, area);
        run.Set("random-area", picture.Index, random);
        run.Set("gain", picture.Index, Better == Better.Higher ? area - random : random - area);
        string[] places = [.. Enumerable.Range(0, Steps + 1).Select(k => ((double)k / Steps).ToString("0.####", CultureInfo.InvariantCulture))];
        run.SetCurve("probability", "part of the pixels", Better, places, picture.Index, curves[0]);
        run.SetCurve("random-probability", "part of the pixels", Better.Neither, places, picture.Index, curves[1]);
    }

    int Exchanged(int step, int pixels) => (int)((long)step * pixels / Steps);

    double Area(double[] curve)
    {
        double sum = (curve[0] + curve[^1]) / 2;
        for (int i = 1; i < curve.Length - 1; i++)
            sum += curve[i];
        return sum / Steps;
    }
}
