using System.Globalization;
using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Faces;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Mistakes and suppressions of a test half, put together from its groups.</summary>
internal sealed class MistakeTable
{
    /// <summary>The bars of corrections, 9, and the issue's own.</summary>
    const double FallenShare = 90, RandomChange = 0.05, TracedShare = 20, TimesRandom = 5;

    readonly DataSet _test;
    readonly int[][] _indices;
    readonly UnitResult[] _units;

    public MistakeTable(DataSet test, int[][] indices, UnitResult[] units)
    {
        (_test, _indices, _units) = (test, indices, units);
        Wrong = [.. units.SelectMany((u, g) => indices[g].Where((index, i) => (int)u.Series["predicted"][i] != test.Label(index)))];
    }

    /// <summary>The misclassified pictures.</summary>
    public int[] Wrong { get; }

    /// <summary>Which classes are taken for which, and what is missing here.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            yield return "holds of accuracy and of counts is empty: the paper's are of the Radboud faces and of its own network";
            if (_test.Classes.Count > 16)
                yield break;
            var taken = _units.SelectMany((u, g) => _indices[g].Select((index, i) => (Label: _test.Label(index), Predicted: (int)u.Series["predicted"][i])))
                .Where(p => p.Label != p.Predicted).GroupBy(p => p).OrderByDescending(p => p.Count());
            yield return "taken for another class: " + string.Join(", ", taken.Select(p => $"{_test.Classes[p.Key.Label]} for {_test.Classes[p.Key.Predicted]} {p.Count()}"));
        }
    }

    double Units => _units[0].Numbers["units"];

    /// <summary>The rows.</summary>
    public IEnumerable<ResultRow> Rows(FaceNumbers paper, string[] groups, double fallen)
    {
        double[] before = All("before"), after = All("after"), random = All("random"), traced = All("traced"), positive = All("positive");
        yield return Told("accuracy", $"{paper.Accuracy}", 100.0 * (before.Length - Wrong.Length) / before.Length, "%");
        yield return Told($"mistakes, of {before.Length}", paper.Mistakes, Wrong.Length, "");
        for (int g = 0; g < groups.Length; g++)
            yield return ResultRow.Measured($"mistakes at {groups[g]}, of {_indices[g].Length}", _indices[g].Count(Wrong.Contains), "");
        if (_test is IFaceSet faces)
            yield return Told("persons among the mistakes", $"{paper.Subjects}", Wrong.Select(i => faces.Attributes(i).Subject).Distinct().Count(), "");
        if (_test.Classes.Count <= 16)
        {
            for (int c = 0; c < _test.Classes.Count; c++)
                yield return Told($"missed: {_test.Classes[c]}", _test.Classes[c] switch { "sad" => "57", "surprised" => "4", _ => "" }, Wrong.Count(i => _test.Label(i) == c), "");
        }

        yield return Told($"units traced on average, of {Units}", $"{paper.Traced} of {FaceNumbers.Units}", Statistics.Mean(traced), "");
        yield return Told("share of all units", Share(paper), 100 * Statistics.Mean(traced) / Units, "%");
        yield return Told("units traced of the mistakes alone, on average", $"{paper.Traced} of {FaceNumbers.Units}", Wrong.Length == 0 ? 0 : MistakesMean(traced), "");
        double share = 100 * Enumerable.Range(0, traced.Length).Average(i => positive[i] > 0 ? traced[i] / positive[i] : 0);
        yield return ResultRow.Claim("share of the positive units", $"below {TracedShare}", share, "%", share < TracedShare);
        yield return ResultRow.Measured("units traced by the literal rule, on average", Statistics.Mean(All("literal")), "");
        double falls = 100.0 * after.Count(p => p < fallen) / after.Length;
        yield return ResultRow.Claim($"predictions that fall below {fallen.ToString(CultureInfo.InvariantCulture)} without their units", $"at least {FallenShare}", falls, "%", falls >= FallenShare);
        double change = Median([.. before.Select((p, i) => Math.Abs(p - random[i]))]);
        yield return ResultRow.Claim("median change without as many positive units drawn at random", $"below {RandomChange.ToString(CultureInfo.InvariantCulture)}", change, "", change < RandomChange);
        yield return ResultRow.Measured("median of the prediction's probability: before", Median(before), "");
        yield return ResultRow.Measured("median: without its units", Median(after), "");
        yield return ResultRow.Measured("median: without random ones", Median(random), "");
        yield return ResultRow.Measured(
            $"pictures where the units lower it at least {TimesRandom} times as much as random ones", 100.0 * before.Where((p, i) => p - after[i] >= TimesRandom * Math.Max(0, p - random[i])).Count() / before.Length, "%");
    }

    /// <summary>The probabilities of all predictions in the order of their own size: before, without the traced units, without random ones.</summary>
    public Picture Plot()
    {
        double[] places = [.. Enumerable.Range(0, All("before").Length).Select(i => 100.0 * i / Math.Max(1, All("before").Length - 1))];
        return new LinePlot { XLabel = "pictures, sorted, %", YLabel = "probability of the predicted class" }
            .Add("before", places, Sorted("before")).Add("without traced units", places, Sorted("after")).Add("without random ones", places, Sorted("random")).Render();

        double[] Sorted(string series) => [.. All(series).Order()];
    }

    /// <summary>A number of the paper's that is told, not judged.</summary>
    static ResultRow Told(string name, string paper, double ours, string unit) => new(name, paper, ours, unit, null);

    static string Share(FaceNumbers paper) => (100.0 * paper.Traced / FaceNumbers.Units).ToString("0.##", CultureInfo.InvariantCulture);

    static double Median(double[] values) => PairTable.Median(values);

    double MistakesMean(double[] traced)
    {
        var wrong = new HashSet<int>(Wrong);
        int[] all = [.. _indices.SelectMany(g => g)];
        return traced.Where((_, i) => wrong.Contains(all[i])).Average();
    }

    double[] All(string series) => [.. _units.SelectMany(u => u.Series[series])];
}
