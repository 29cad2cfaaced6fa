using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 5: guided backpropagation shows more the more filters or hidden units there are, and shared filters more than many hidden units.</summary>
/// <remarks>Compared at 64x64: maps of 224x224 and what they tend to are shrunk alike. Fixed before any run: every step of N must raise the mean recovery, and it
/// must lie within 0.05 of the theory's number.</remarks>
internal sealed class RandomWidths : Experiment
{
    const int Small = 64;
    const double Tolerance = 0.05, LeastShared = 0.88, MostShared = 0.90;

    static readonly RandomSubject[] s_shared = Array.ConvertAll([8, 16, 32, 64], n =>
        new RandomSubject($"cnn-{n}", $"CNN, N = {n}", RandomSubject.PaperSide, r => r.ThreeLayer(RandomSubject.PaperSide, RandomSubject.PaperSide, n)));

    static readonly int[] s_widths = [5000, 10_000, 40_000, 70_000];

    static readonly RandomSubject[] s_connected = Array.ConvertAll(s_widths, n =>
        new RandomSubject($"fcn-{n}", $"FCN, Nh = {n}", Small, r => r.FullyConnected(Small, Small, n)));

    public override string Name => "nie-fig5";

    public override string Shows => "Nie, Zhang and Patel, Figure 5: guided backpropagation with N = 8 to 64 random filters (224x224) and Nh = 5000 to 70,000 hidden units (64x64).";

    public override int Pictures => RandomSubject.Photos;

    public override int PaperPictures => RandomSubject.Photos;

    public override bool TakesModels => false;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        from subject in s_shared.Concat(s_connected) from photo in laboratory.Photos select subject.Unit(laboratory, photo, Name, Study);

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = 224, Title = "Guided backpropagation of wider and wider random networks, and its recovery at 64x64", Columns = 1 + s_widths.Length };
        double[] shared = Array.ConvertAll(s_shared, s => Mean(s, "small")), connected = Array.ConvertAll(s_connected, s => Mean(s, "small"));
        rows.Add(Steps("CNN: steps of N at which recovery rises", shared));
        rows.Add(Steps("FCN: steps of Nh at which recovery rises", connected));
        rows.Add(ResultRow.Claim("recovery of CNN N = 64 less that of FCN Nh = 70000", "above 0: the FCN's map is less clear", shared[^1] - connected[^1], "", shared[^1] > connected[^1]));
        for (int i = 0; i < shared.Length; i++)
        {
            bool last = i == shared.Length - 1;
            rows.Add(ResultRow.Claim($"{s_shared[i].Name}: recovery at 64x64", last ? "theory: .88 to .90" : "", shared[i], "",
                last ? shared[i] >= LeastShared - Tolerance && shared[i] <= MostShared + Tolerance : null));
        }

        for (int i = 0; i < connected.Length; i++)
        {
            // d numbers of the input: the noise of N hidden units has pi^2 d / N of the picture's power.
            double theory = 1 / Math.Sqrt(1 + Math.PI * Math.PI * 3 * Small * Small / s_widths[i]);
            rows.Add(ResultRow.Claim($"{s_connected[i].Name}: recovery at 64x64", string.Create(CultureInfo.InvariantCulture, $"theory: {theory:F3}"), connected[i], "",
                Math.Abs(connected[i] - theory) <= Tolerance));
        }

        rows.AddRange(s_shared.Select(s => ResultRow.Measured($"{s.Name}: recovery at 224x224", Mean(s, "whole"), "")));
        foreach (RandomSubject[] line in new[] { s_shared, s_connected })
        {
            sheet.Add(results[line[0].KeyOf(Name, laboratory.Photos[0])].Pictures["photo"], laboratory.Photos[0].Name);
            foreach (RandomSubject subject in line)
            {
                UnitResult first = results[subject.KeyOf(Name, laboratory.Photos[0])];
                sheet.Add(first.Pictures["guided"], $"{subject.Name} {first.Numbers["small"]:0.00}");
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, $"means over {laboratory.Photos.Count} photos of the arg-max logit's map"]);

        double Mean(RandomSubject subject, string number) => laboratory.Photos.Average(p => results.Number(subject.KeyOf(Name, p), number));
    }

    static ResultRow Steps(string name, double[] values)
    {
        int rising = Enumerable.Range(1, values.Length - 1).Count(i => values[i] > values[i - 1]);
        return ResultRow.Claim(name, "all", 100.0 * rising / (values.Length - 1), "%", rising == values.Length - 1);
    }

    static void Study(RandomSubject subject, Engine engine, PreparedInput input, UnitResult result)
    {
        AttributionResult map = new GuidedBackprop(engine).Attribute(input, Target.Argmax);
        float[] limit = RandomSubject.Flat(LocalNormalisation.Of(engine.Network, input.Tensor)), values = map.Row(0).ToArray();
        result.Numbers["whole"] = Correlation.Pearson(values, limit);
        result.Numbers["small"] = subject.Side == Small
            ? result.Numbers["whole"]
            : Correlation.Pearson(RandomSubject.Shrink(values, subject.Side, Small), RandomSubject.Shrink(limit, subject.Side, Small));
        result.Pictures["guided"] = MethodCatalogue.ByName("guided").LookFor(3).Render(values, 3, subject.Side, subject.Side).Picture;
    }
}
