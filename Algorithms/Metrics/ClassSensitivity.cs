using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>Whether maps of two classes differ at all: a method whose maps do not cannot say why the network chose one of them.</summary>
/// <remarks>
/// Nie, Zhang and Patel 2018, figure 7: two distinct logits are drawn uniformly for each image, and their maps compared. <c>distance</c> is the Euclidean norm
/// of the difference of the maps as they are displayed (<see cref="DisplayNormalisation"/>), divided by the map's values, H*W*3 of colour pictures; <c>unit-distance</c>
/// that of the maps scaled to length 1, 0 to 2; <c>cosine</c> and <c>rank-correlation</c> (Spearman) are of the maps' values. Maps of one channel are compared as they are.
/// </remarks>
public sealed class ClassSensitivity : AttributionMetric
{
    /// <summary>Pairs of logits per image, at least 1; the image's number is their mean.</summary>
    public int Pairs { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "class-sensitivity";

    /// <inheritdoc/>
    public override string Meaning => "How far the maps of two classes, drawn at random, differ.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => [KeyValuePair.Create("pairs", $"{Pairs}")];

    internal override IReadOnlyList<MetricColumn> Columns { get; } =
        [new("distance", Better.Higher), new("unit-distance", Better.Higher), new("cosine", Better.Lower), new("rank-correlation", Better.Lower)];

    internal override void Run(MetricRun run)
    {
        if (Pairs < 1)
            throw new PreimageException($"{Name}: {Pairs} pairs of classes per image, there must be at least 1");
        var shapes = new Dictionary<string, Shape> { [run.Input.Name] = run.Shape };
        Network network = run.Engine.Network;
        int classes = network.InferShapes(shapes)[Logits.Of(network, out _).Index].SampleCount;
        if (classes < 2)
            throw new PreimageException($"{Name}: the network has {classes} logit, two are compared");
        run.Each(picture => Measure(run, picture, classes));
    }

    void Measure(MetricRun run, MeasuredPicture picture, int classes)
    {
        SampleRandom random = picture.Random(Name);
        var targets = new List<Target>();
        for (int i = 0; i < Pairs; i++)
        {
            int a = random.Below(classes), b = random.Below(classes - 1);
            targets.AddRange([Target.Class(a), Target.Class(b < a ? b : b + 1)]);
        }

        AttributionResult maps = run.Explain(picture, targets);
        var sums = new double[Columns.Count];
        int measured = 0;
        for (int i = 0; i < Pairs; i++)
        {
            ReadOnlySpan<float> a = maps.Row(2 * i), b = maps.Row(2 * i + 1);
            if (!MetricRun.HasSignal(a) || !MetricRun.HasSignal(b))
                continue;
            measured++;
            double cosine = Similarity.Cosine(a, b);
            sums[0] += Similarity.Distance(DisplayNormalisation.Of(a), DisplayNormalisation.Of(b)) / a.Length;
            // |a/|a| - b/|b||^2 = 2 - 2 cos.
            sums[1] += Math.Sqrt(Math.Max(0, 2 - 2 * cosine));
            sums[2] += cosine;
            sums[3] += Correlation.Spearman(a, b);
        }

        for (int i = 0; i < sums.Length && measured > 0; i++)
            run.Set(Columns[i].Name, picture.Index, sums[i] / measured);
    }
}
