using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>What the paper's argument takes for granted, by numbers: means of filters, the error of Theorem 1, the units that pooling picks, the signal folded down a deep network.</summary>
/// <remarks>Fixed before any run: the number of 3x3x3 filters at an error of 0.1 has four digits; the error of Theorem 1 halves from 256 to 1024 filters within 10 %; at most
/// one picked unit in ten is off; the folded signal is near Gaussian where its mean is at most a fifth of its deviation, its skewness at most 0.5 and its excess kurtosis at
/// most 1, all in size.</remarks>
internal sealed class RandomTheory : Experiment
{
    const double OffBar = 0.1, MeanBar = 0.2, SkewBar = 0.5, KurtosisBar = 1;

    static readonly int[] s_kernels = [3, 7], s_strides = [1, 2];

    static readonly (string Key, string Name, Window Window)[] s_pools = [("9x9", "9x9 s1", RandomNetworks.MaxPool9), ("2x2", "2x2 s2", RandomNetworks.MaxPool2)];

    static readonly (string Key, Func<RandomNetworks, Network> Build)[] s_deep = [("vgg-16", r => r.Vgg16()), ("resnet-18", r => r.ResNet18())];

    public override string Name => "nie-theory";

    public override string Shows => "Nie, Zhang and Patel, the theory's steps: how many filters an average takes, the error of Theorem 1, which units max pooling picks, how Gaussian the folded signal is.";

    public override bool TakesModels => false;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory)
    {
        Photo photo = laboratory.Photos[0];
        ulong seed = laboratory.Options.Seed;
        foreach (int kernel in s_kernels)
            yield return Unit($"means-{kernel}", (_, result) => FilterMeans.Study(photo.Picture, kernel, seed, result));
        foreach (int stride in s_strides)
            yield return Unit($"limit-{stride}", (watch, result) => LimitErrors.Study(photo.Picture, stride, laboratory.Options.Device, result, watch.Cancellation));
        foreach ((string key, _, Window window) in s_pools)
            yield return Unit($"pool-{key}", (_, result) => PickedUnits.Study(photo.Picture, window, seed, laboratory.Options.Device, result));
        foreach ((string key, Func<RandomNetworks, Network> build) in s_deep)
            yield return Unit($"folded-{key}", (_, result) => FoldedSignal.Study(photo.Picture, build(new RandomNetworks(seed)), laboratory.Options.Device, result));

        ExperimentUnit Unit(string key, Action<UnitWatch, UnitResult> study) =>
            new(Key(key), new Dictionary<string, string> { ["picture"] = photo.Hash }, watch =>
            {
                var result = new UnitResult();
                study(watch, result);
                return result;
            });
    }

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        foreach (int kernel in s_kernels)
        {
            UnitResult unit = results[Key($"means-{kernel}")];
            double needed = unit.Numbers["needed"];
            rows.Add(ResultRow.Claim($"{kernel}x{kernel}x3 filters whose mean over a half space is off by a tenth of its length", kernel == 3 ? "O(10^3)" : "", needed, "filters",
                kernel == 3 ? needed is >= 1000 and < 10_000 : null));
            rows.AddRange(FilterMeans.Counts.Zip(unit.Series["errors"], (n, e) => ResultRow.Measured($"{kernel}x{kernel}x3, {n} filters: error of the mean", e, "")));
        }

        foreach (int stride in s_strides)
        {
            UnitResult unit = results[Key($"limit-{stride}")];
            foreach (string weights in LimitErrors.Weights)
            {
                double[] errors = unit.Series[weights];
                rows.AddRange(LimitErrors.Filters.Zip(errors, (n, e) => ResultRow.Measured($"Theorem 1, stride {stride}, {weights} weights, N = {n}: relative error", e, "")));
                double halved = errors[^1] / errors[^2];
                rows.Add(ResultRow.Claim($"Theorem 1, stride {stride}, {weights} weights: error at N = 1024 over that at 256", "1/2", halved, "", halved is >= 0.45 and <= 0.55));
            }
        }

        foreach ((string key, string name, _) in s_pools)
        {
            UnitResult unit = results[Key($"pool-{key}")];
            rows.Add(ResultRow.Measured($"pool {name}: units that respond and are picked", unit.Numbers["picked of responding"], ""));
            rows.Add(ResultRow.Measured($"pool {name}: windows in which no unit responds", unit.Numbers["silent windows"], ""));
            double off = unit.Numbers["off of picked"];
            rows.Add(ResultRow.Claim($"pool {name}: picked units that do not respond", "almost none", off, "", off <= OffBar));
        }

        foreach ((string key, _) in s_deep)
        {
            UnitResult unit = results[Key($"folded-{key}")];
            foreach (string method in FoldedSignal.Methods)
            {
                double mean = unit.Numbers[$"{method} mean"], skew = unit.Numbers[$"{method} skewness"], kurtosis = unit.Numbers[$"{method} kurtosis"];
                rows.Add(Row("mean over deviation", mean, MeanBar));
                rows.Add(Row("skewness", skew, SkewBar));
                rows.Add(Row("excess kurtosis", kurtosis, KurtosisBar));

                ResultRow Row(string what, double value, double bar) => ResultRow.Claim($"{key}, {method}: signal folded down to the first layer, {what}", "near Gaussian: 0", value, "",
                    double.IsFinite(value) ? Math.Abs(value) <= bar : null);
            }
        }

        return new ExperimentReport(rows, Figure(results), [.. results.Notes, string.Create(CultureInfo.InvariantCulture,
            $"bars fixed before the run: four digits of filters, 0.45 to 0.55, {OffBar} off, mean {MeanBar}, skewness {SkewBar}, excess kurtosis {KurtosisBar}")]);
    }

    /// <summary>The histograms of the folded signals beside a Gaussian of the same deviation.</summary>
    Picture Figure(UnitResults results)
    {
        var sheet = new Mosaic { Title = "Signal folded down to the first layer of random networks, in deviations", Columns = FoldedSignal.Methods.Count };
        foreach ((string key, _) in s_deep)
        {
            foreach (string method in FoldedSignal.Methods)
                sheet.Add(results[Key($"folded-{key}")].Pictures[method], $"{key}, {method}");
        }

        return sheet.Render();
    }

    string Key(string part) => ExperimentUnit.KeyOf(Name, part);
}
