using System.Globalization;
using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Table 1 of Rafegas and Vanrell: how far responses of decoded filters are from the network's (equation 3), by layer and interpolation; zeros between are the control.</summary>
internal sealed class DecodingErrors : Experiment
{
    /// <summary>The most that the largest of the interpolations may be above the smallest (reference specification, section 9.3).</summary>
    const double Alike = 1.2;

    static readonly Unpooling[] s_interpolations = [Unpooling.Bicubic, Unpooling.Nearest, Unpooling.Bilinear];

    /// <summary>The paper's numbers with their deviations, in the order of the interpolations, and the band in which a network trained anew is to lie (section 9.3).</summary>
    static readonly Dictionary<string, (string[] Paper, double Low, double High)> s_layers = new()
    {
        ["L3"] = (["0.002 +- 0.001", "0.0022 +- 0.001", "0.003 +- 0.001"], 0.001, 0.004),
        ["L5"] = (["0.012 +- 0.005", "0.012 +- 0.005", "0.013 +- 0.0055"], 0.008, 0.02),
        ["L7"] = (["0.078 +- 0.056", "0.077 +- 0.055", "0.081 +- 0.057"], 0.03, 0.12),
    };

    public override string Name => "rv-table1";

    public override string Shows => "Rafegas and Vanrell, Table 1: the error of decoded filters' responses by layer, for three interpolations and, as a control, for zeros.";

    public override string? SamplesOf(string? data) => DecodedSubject.Default(data);

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        from layer in Layers(laboratory) from unpooling in Enum.GetValues<Unpooling>() select Unit(laboratory, layer, unpooling);

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        IReadOnlyList<string> layers = Layers(laboratory);
        bool paper = DecodedSubject.IsLeNet(laboratory);
        for (int i = 0; i < layers.Count; i++)
        {
            (string[] Paper, double Low, double High)? known = paper ? s_layers[DecodedSubject.PaperLayers[i + 1]] : null;
            for (int k = 0; k < s_interpolations.Length; k++)
            {
                double error = Error(layers[i], s_interpolations[k]);
                string name = Title(layers[i], s_interpolations[k]);
                rows.Add(known is { } n
                    ? ResultRow.Claim(name, string.Create(CultureInfo.InvariantCulture, $"{n.Paper[k]}, band {n.Low} to {n.High}"), error, "", error >= n.Low && error <= n.High)
                    : ResultRow.Measured(name, error, ""));
            }

            rows.Add(ResultRow.Measured(Title(layers[i], Unpooling.Zeros), Error(layers[i], Unpooling.Zeros), ""));
            double[] three = [.. s_interpolations.Select(u => Error(layers[i], u))];
            double spread = three.Max() / three.Min();
            rows.Add(ResultRow.Claim($"{layers[i]}: largest of the interpolations over the smallest", "at most 1.2", spread, "", spread <= Alike));
            double control = Error(layers[i], Unpooling.Zeros) / three.Max();
            rows.Add(ResultRow.Claim($"{layers[i]}: zeros over the largest of the interpolations", "above 1: substitution inverts better than deconvolution", control, "", control > 1));
        }

        foreach (Unpooling unpooling in s_interpolations)
        {
            double least = Enumerable.Range(1, layers.Count - 1).Select(i => Error(layers[i], unpooling) / Error(layers[i - 1], unpooling)).DefaultIfEmpty(1).Min();
            rows.Add(ResultRow.Claim($"{unpooling}: least growth from layer to layer", "grows with depth", least, "", least > 1));
        }

        var plot = new LinePlot { YLabel = "mean squared error of responses", LogY = true, Categories = [.. layers], Title = "Decoded filters against the network" };
        foreach (Unpooling unpooling in Enum.GetValues<Unpooling>())
            plot.Add($"{unpooling}", [.. layers.Select(l => Error(l, unpooling))]);
        return new ExperimentReport(rows, plot.Render(),
            [.. results.Notes, "Responses are those before a rectifier, all units and places of an image scaled together to 0..1 (reference specification, section 5.4). Zeros between are not in the paper."]);

        double Error(string layer, Unpooling unpooling) => results.Number(Key(layer, unpooling), "mean");

        string Title(string layer, Unpooling unpooling) => string.Create(CultureInfo.InvariantCulture,
            $"{layer}, {unpooling} (+- {results.Number(Key(layer, unpooling), "deviation"):0.####} over {results.Number(Key(layer, unpooling), "images")} images)");
    }

    static ExperimentUnit Unit(Laboratory laboratory, string layer, Unpooling unpooling)
    {
        var settings = new Dictionary<string, string>(DecodedSubject.Settings(laboratory)) { ["layer"] = layer, ["unpooling"] = $"{unpooling}" };
        return new ExperimentUnit(Key(layer, unpooling), settings, watch =>
        {
            using DecodedSubject subject = DecodedSubject.Open(laboratory, watch);
            using var bank = new DecodedBank(subject.Engine, subject.Decode(layer, unpooling, null, watch));
            var errors = new List<double>();
            foreach ((_, int count, float[] inputs) in subject.Images(subject.Count(laboratory), watch))
            {
                (float[] network, float[] decoded) = bank.Respond(inputs, watch.Cancellation);
                errors.AddRange(DecodedBank.Errors(network, decoded, count));
            }

            return new UnitResult { Numbers = new() { ["mean"] = Statistics.Mean(errors), ["deviation"] = errors.Count > 1 ? Statistics.Deviation(errors) : 0, ["images"] = errors.Count } };
        });
    }

    /// <summary>All but the first, whose filters need no decoding.</summary>
    static IReadOnlyList<string> Layers(Laboratory laboratory) => [.. DecodedSubject.LayersOf(laboratory).Skip(1)];

    static string Key(string layer, Unpooling unpooling) => ExperimentUnit.KeyOf("rv-table1", layer, $"{unpooling}");
}
