using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Metrics;

/// <summary>Whether the map changes when the network forgets what it learnt: a method whose maps do not depends on the image and the architecture alone.</summary>
/// <remarks>
/// <para>Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018, section 3. The maps of networks with random weights are held against the trained network's, both for the class that
/// the trained network predicts. Cascading: layers lose their weights from the last one down, more at every stage, until all are random. Independent: one layer at a time. Curves have
/// every stage; of the columns <c>cascade-*</c> is the end of the cascade, all weights random, and <c>independent-*</c> the mean over the layers.</para>
/// <para><c>ssim</c> (<see cref="StructuralSimilarity"/>) and <c>hog</c> (Pearson's correlation of descriptors, cells of 16 pixels) are of the maps drawn in grey: magnitudes summed over
/// the channels, from 0 to 1. <c>rank</c> and <c>rank-abs</c> are Spearman's correlations of the maps' values and of their magnitudes.</para>
/// </remarks>
public sealed class WeightRandomisation : AttributionMetric
{
    /// <summary>Bytes that the forms of the trained network's maps take at most, where nobody says; more images are done group by group.</summary>
    const long HostBytes = 256L << 20;

    /// <summary>Stages at most, spread evenly over the network's layers, the first and the last among them; null takes every layer.</summary>
    public int? Stages { get; init; } = 8;

    /// <summary>What weights are drawn from; the default is as spread as what it replaces.</summary>
    public RandomWeights Weights { get; init; } = RandomWeights.Matching;

    /// <inheritdoc/>
    public override string Name => "weight-randomisation";

    /// <inheritdoc/>
    public override string Meaning => "How alike the map stays when layers of the network lose what they learnt.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
        [KeyValuePair.Create("stages", Stages is { } most ? $"at most {most}" : "every layer"), KeyValuePair.Create("weights", $"{Weights}")];

    internal override IReadOnlyList<MetricColumn> Columns { get; } =
        [.. ((string[])["cascade", "independent"]).SelectMany(kind => MapLook.Measures.Select(m => new MetricColumn($"{kind}-{m}", Better.Lower)))];

    internal override void Run(MetricRun run)
    {
        Network network = run.Engine.Network;
        if (Stages < 1)
            throw new PreimageException($"{Name}: {Stages} stages, there must be at least 1");
        if (network.WeightLayers.Count == 0)
            throw new PreimageException($"{Name}: the network has no convolution and no dense layer whose weights could be random");
        int[] layers = Chosen(network.WeightLayers.Count);
        long bytes = 5L * sizeof(float) * run.Shape.Count;
        int group = (int)Math.Clamp((run.Options.MemoryBudget ?? HostBytes) / bytes, 1, run.Count);
        using HogLook? hog = HogLook.For(run.Shape.H, run.Shape.W);
        for (int first = 0; first < run.Count; first += group)
            Measure(run, first, Math.Min(group, run.Count - first), layers, hog);
    }

    void Measure(MetricRun run, int first, int count, int[] layers, HogLook? hog)
    {
        MeasuredPicture[] pictures = [.. Enumerable.Range(first, count).Select(run.Picture)];
        MapLook?[] trained = [.. pictures.Select(p => Look(run, run.Method, p, hog))];
        // similarities[picture][kind][measure][stage].
        double[][][][] found = [.. pictures.Select(_ => Enumerable.Range(0, 2).Select(_ => MapLook.Measures.Select(_ => new double[layers.Length]).ToArray()).ToArray())];
        for (int stage = 0; stage < 2 * layers.Length; stage++)
        {
            int kind = stage / layers.Length, at = stage % layers.Length, layer = layers[at];
            Randomisation which = kind == 1 ? Randomisation.Only(layer) : layer == 0 ? Randomisation.All : Randomisation.Part(layer - 1);
            using Network random = run.Engine.Network.Randomize(which, run.Options.Seed, Weights);
            using Engine engine = random.On(run.Engine.Device, run.Engine.Options);
            AttributionMethod method = run.Method.On(engine);
            for (int p = 0; p < count; p++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                double[] alike = trained[p] is { } own && Look(run, method, pictures[p], hog) is { } other ? own.Compare(other) : [double.NaN, double.NaN, double.NaN, double.NaN];
                for (int m = 0; m < alike.Length; m++)
                    found[p][kind][m][at] = alike[m];
                run.Report((first + (stage + (p + 1.0) / count) / (2 * layers.Length) * count) / run.Count);
            }
        }

        string[] places = [.. layers.Select(l => run.Engine.Network.WeightLayers[l].Name)];
        for (int p = 0; p < count; p++)
        {
            for (int m = 0; m < MapLook.Measures.Count; m++)
            {
                (double[] cascade, double[] independent) = (found[p][0][m], found[p][1][m]);
                string measure = MapLook.Measures[m];
                run.Set($"cascade-{measure}", pictures[p].Index, cascade[^1]);
                run.Set($"independent-{measure}", pictures[p].Index, independent.Average());
                run.SetCurve($"cascade-{measure}", "random from the last layer down to", Better.Lower, places, pictures[p].Index, cascade);
                run.SetCurve($"independent-{measure}", "random layer", Better.Lower, places, pictures[p].Index, independent);
            }
        }
    }

    static MapLook? Look(MetricRun run, AttributionMethod method, MeasuredPicture picture, HogLook? hog) =>
        MapLook.Of(run.Explain(method, picture.Tensor, picture.Target).Row(0), run.Shape, hog);

    /// <summary>The layers at which stages end, the last first: a cascade starts there.</summary>
    int[] Chosen(int layers)
    {
        int count = Math.Min(Stages ?? layers, layers);
        return [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : layers - 1 - (int)Math.Round(i * (layers - 1.0) / (count - 1)))];
    }
}
