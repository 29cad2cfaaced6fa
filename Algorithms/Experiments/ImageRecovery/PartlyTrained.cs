using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 9 of Nie, Zhang and Patel 2018: guided backpropagation through networks of which a part is trained and the rest random.</summary>
/// <remarks>
/// The paper's star(i) keeps layers 0 to i and draws the others anew, its diamond(i) draws layer i alone anew. Rules, fixed before the first run, on means over pictures: filtering
/// grows from star to star up to the layer at a sixteenth of the resolution; star there and star of the last layer are the same from a cosine of 0.8 on; diamond of the first layer is
/// blurry where its part of fine detail is below that of every other diamond.
/// </remarks>
internal sealed class PartlyTrained : RecoveryExperiment
{
    static readonly string[] s_measures = ["recovery", "filtering", "fine"];

    static readonly string[] s_titles =
        ["correlation with the locally normalised picture", "pixels below 5 % of the largest", "spectral energy above half the Nyquist frequency"];

    public override string Name => "nie-fig9";

    public override string Shows => "Nie, Zhang and Patel, Figure 9: guided backpropagation in partly trained networks; how much of the picture it draws, what it leaves out, how blurred it is.";

    protected override IReadOnlyList<RecoveryNetwork> Usual => [RecoveryNetwork.Trained, RecoveryNetwork.SqueezeNet];

    /// <summary>The layers of the figure: 0, 4, 10 and 15 of networks of VGG-16's depth; of others the first one, the first at a quarter and at a sixteenth of the resolution, the last.</summary>
    public static IReadOnlyList<(int Layer, string Name)> Stages(Network network)
    {
        IReadOnlyList<Node> layers = network.WeightLayers;
        IReadOnlyList<Shape> shapes = network.InferShapes();
        int rows = network.InputShape.H;
        int[] found = layers.Count == 16 ? [0, 4, 10, 15] : [0, At(4), At(16), layers.Count - 1];
        return [.. found.Distinct().Select(i => (i, layers[i].Name))];

        // A network without such a layer has the last one with rows and columns in its place.
        int At(int part)
        {
            int last = 0;
            for (int i = 0; i < layers.Count; i++)
            {
                if (shapes[layers[i].Index] is not { Rank: 4, H: > 1 } shape)
                    continue;
                last = i;
                if (shape.H * part <= rows)
                    return i;
            }

            return last;
        }
    }

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Guided backpropagation in partly trained networks", Columns = 5, TileWidth = 224 };
        foreach (RecoveryNetwork network in Networks(laboratory))
        {
            UnitResult found = Of(laboratory, results, network);
            string[] variants = [.. found.Series.Keys.Where(k => k.EndsWith(" recovery", StringComparison.Ordinal)).Select(k => k[..^" recovery".Length])];
            for (int m = 0; m < s_measures.Length; m++)
            {
                foreach (string variant in variants)
                    rows.Add(RecoveryRules.Claim($"{network.Name}, {variant}: {s_titles[m]}", "", [.. found.Series[$"{variant} {s_measures[m]}"]], "", null));
            }

            rows.AddRange(Verdicts(network, network.IsTrained(laboratory), found));
            string[] stars = [.. variants.Where(v => v.StartsWith("star", StringComparison.Ordinal))], diamonds = [.. variants.Where(v => v.StartsWith("diamond", StringComparison.Ordinal))];
            sheet.Add(found.Pictures["picture"], network.Name);
            Fill(sheet, found, stars, 4);
            sheet.Add(found.Pictures[Shown("random")], "random");
            Fill(sheet, found, diamonds, 4);
        }

        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results),
            "star(i): layers 0 to i trained, the others random; diamond(i): layer i random, the others trained. Maps are of each network's own strongest logit; the random layers are the same in all variants."]);
    }

    protected override void Study(RecoveryUnit unit)
    {
        ulong seed = unit.Laboratory.Options.Seed;
        IReadOnlyList<(int Layer, string Name)> stages = Stages(unit.Open.Network);
        IReadOnlyList<Node> layers = unit.Open.Network.WeightLayers;
        var variants = new List<(string Name, Randomisation Which)> { ("random", Randomisation.All) };
        // Nothing is random in the star of the last layer.
        variants.AddRange(stages.Select(s => ($"star({s.Name})", Randomisation.Part(s.Layer))));
        variants.AddRange(stages.Select(s => ($"diamond({s.Name})", Randomisation.Only(s.Layer))));
        (string Before, string Last) = ($"star({stages[Math.Max(0, stages.Count - 2)].Name})", $"star({layers[^1].Name})");
        var kept = new Dictionary<int, float[]>();
        int done = 0;
        foreach ((string name, Randomisation which) in variants)
        {
            using OpenNetwork partly = unit.Open.Randomised(which, seed);
            var method = new GuidedBackprop(partly.Engine);
            for (int p = 0; p < unit.Pictures.Count; p++)
            {
                PreparedInput input = partly.Prepare(unit.Pictures[p]);
                ReadOnlySpan<float> map = method.Attribute(input.Tensor, Target.Argmax, cancellation: unit.Watch.Cancellation).Row(0);
                Measure(unit, name, partly.Network, input, map);
                if (name == Before)
                    kept[p] = map.ToArray();
                if (name == Last)
                    unit.Add("last stars", Similarity.Cosine(kept[p], map));
                if (unit.First + p == 0)
                    unit.Show(Shown(name), method, map);
                if (unit.First + p == 0 && done == 0)
                    unit.Show("picture", input.Shown);
            }

            unit.Watch.Progress?.Report(++done / (double)variants.Count);
        }
    }

    static void Measure(RecoveryUnit unit, string name, Network network, PreparedInput input, ReadOnlySpan<float> map)
    {
        Shape shape = network.InputShape;
        var normalised = new float[map.Length];
        LocalNormalisation.Of(network, input.Tensor).FlattenTo(normalised);
        unit.Add($"{name} recovery", Correlation.Pearson(map, normalised));
        unit.Add($"{name} filtering", MapMeasures.Filtered(map, shape.C));
        unit.Add($"{name} fine", MapMeasures.Fine(map, shape.C, shape.H, shape.W));
    }

    static IEnumerable<ResultRow> Verdicts(RecoveryNetwork network, bool trained, UnitResult found)
    {
        string[] Of(string kind, string measure) => [.. found.Series.Keys.Where(k => k.StartsWith(kind, StringComparison.Ordinal) && k.EndsWith(measure, StringComparison.Ordinal))];
        double Mean(string series) => Interval.Of(found.Series[series]).Mean;
        bool Testable(IEnumerable<string> series) => series.All(s => RecoveryRules.IsTestable(found.Series[s]));
        string[] stars = Of("star", " filtering"), diamonds = Of("diamond", " fine");
        bool whole = trained && stars.Length == 4;
        double growth = Enumerable.Range(1, Math.Max(0, stars.Length - 2)).Select(i => Mean(stars[i]) - Mean(stars[i - 1])).DefaultIfEmpty(0).Min();
        yield return ResultRow.Claim($"{network.Name}: least growth of filtering from star to star, the last left out", "more filtering up to conv5-1 (above 0)", growth, "", whole && Testable(stars) ? growth > 0 : null);
        yield return RecoveryRules.Claim($"{network.Name}: cosine of the last two stars", FormattableString.Invariant($"constant from conv5-1 on (at least {RecoveryRules.Same})"), found.Series["last stars"], "", whole ? m => m >= RecoveryRules.Same : null);
        double finest = diamonds.Skip(1).Select(Mean).DefaultIfEmpty(double.NaN).Min(), first = Mean(diamonds[0]) / finest;
        yield return ResultRow.Claim($"{network.Name}: fine detail of the first diamond over the least of the others", "conv1-1 is blurry (below 1)", first, "", whole && Testable(diamonds) ? first < 1 : null);
    }

    /// <summary>What the picture of a variant is called: names of nodes may have signs that file names may not.</summary>
    static string Shown(string variant) => ExperimentUnit.KeyOf(variant);

    static void Fill(Mosaic sheet, UnitResult found, string[] names, int columns)
    {
        for (int i = 0; i < columns; i++)
        {
            if (i < names.Length)
                sheet.Add(found.Pictures[Shown(names[i])], names[i]);
            else
                sheet.AddGap();
        }
    }
}
