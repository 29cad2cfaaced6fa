using System.Globalization;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>What common and unique units do to all misclassified pictures that have a similar correct one.</summary>
internal static class PairTable
{
    /// <summary>The share of pairs, in percent, that a claim the paper makes of its examples must hold for: nine in ten, as for single pictures; for a correction, most.</summary>
    const double NearlyAll = 90, Most = 50;

    /// <summary>Studies the pairs of a group.</summary>
    /// <param name="found">Receives the numbers.</param>
    /// <param name="group">The pictures.</param>
    /// <param name="byGaze">How B is chosen.</param>
    /// <param name="seed">What random units are drawn from.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Fill(UnitResult found, FaceGroup group, bool byGaze, ulong seed, CancellationToken cancellation)
    {
        int alone = 0;
        var pairs = new List<PairFinding>();
        foreach (int a in group.Mistakes)
        {
            int? b = byGaze ? group.OtherGaze(a) : group.Nearest(a, _ => true);
            if (b is { } other)
                pairs.Add(PairFinding.Of(group, a, other, seed + (ulong)group.Indices[a], cancellation));
            else
                alone++;
        }

        found.Numbers["alone"] = alone;
        Add("a", p => group.Indices[p.A]);
        Add("b", p => group.Indices[p.B]);
        Add("common", p => p.Common.Count);
        Add("unique", p => p.Unique.Count);
        Add("a before", p => Own(p).Probabilities[Own(p).Class]);
        Add("a without common", p => p.WithoutCommon[Own(p).Class]);
        Add("b before", p => group.Traces[p.B].Probabilities[group.Traces[p.B].Class]);
        Add("b without common", p => p.OtherWithoutCommon[group.Traces[p.B].Class]);
        Add("a without unique", p => p.WithoutUnique[Own(p).Class]);
        Add("right before", p => Own(p).Probabilities[group.Label(p.A)]);
        Add("right without unique", p => p.WithoutUnique[group.Label(p.A)]);
        Add("corrected", p => PairFinding.Best(p.WithoutUnique) == group.Label(p.A) ? 1 : 0);
        Add("corrected at random", p => PairFinding.Best(p.WithoutRandom) == group.Label(p.A) ? 1 : 0);
        // The other reading of "similar": of the class that A should have had.
        double[] rightful = [.. group.Mistakes.Select(a => group.Nearest(a, other => group.Label(other) == group.Label(a)) is { } b
            ? PairFinding.Best(PairFinding.Of(group, a, b, seed, cancellation).WithoutUnique) == group.Label(a) ? 1.0 : 0 : double.NaN)];
        found.Series["pair: corrected by the right class"] = [.. rightful.Where(double.IsFinite)];

        BacktrackingResult Own(PairFinding pair) => group.Traces[pair.A];

        void Add(string name, Func<PairFinding, double> number) => found.Series[$"pair: {name}"] = [.. pairs.Select(number)];
    }

    /// <summary>The rows.</summary>
    public static IEnumerable<ResultRow> Rows(UnitResult[] units, bool byGaze, double fallen)
    {
        double[] common = All("common"), unique = All("unique"), a = All("a without common"), b = All("b without common"), corrected = All("corrected");
        string kind = byGaze ? "same face, other gaze" : "nearest correct picture of the angle";
        yield return ResultRow.Measured($"mistakes A with a correct picture B ({kind})", common.Length, "");
        yield return ResultRow.Measured("mistakes without one", units.Sum(u => u.Numbers["alone"]), "");
        if (common.Length == 0)
            yield break;
        double share = 100 * common.Zip(unique, (c, u) => c + u > 0 ? c / (c + u) : 0).Average();
        yield return new ResultRow("units of A that B has too", byGaze ? "79 (547 of 693, one pair)" : "", share, "%", null);
        string limit = fallen.ToString(CultureInfo.InvariantCulture);
        double both = 100.0 * a.Zip(b, (x, y) => x < fallen && y < fallen ? 1 : 0).Sum() / common.Length;
        yield return ResultRow.Claim($"pairs of which both predictions fall below {limit} without the common units", "one pair: 0.99 to 0.8e-5, 0.80 to 0.0015", both, "%", both >= NearlyAll);
        yield return ResultRow.Measured("median of A's prediction: before", Median(All("a before")), "");
        yield return ResultRow.Measured("median: without the common units", Median(a), "");
        yield return ResultRow.Measured("median of B's prediction: before", Median(All("b before")), "");
        yield return ResultRow.Measured("median: without the common units (B)", Median(b), "");
        yield return ResultRow.Measured("median of A's prediction: without its unique units", Median(All("a without unique")), "");
        yield return ResultRow.Measured("median of A's right class: before", Median(All("right before")), "");
        yield return ResultRow.Measured("median of A's right class: without the unique units", Median(All("right without unique")), "");
        double right = 100 * corrected.Average();
        yield return ResultRow.Claim("mistakes put right by zeroing A's unique units", byGaze ? "" : "eight examples", right, "%", byGaze ? null : right > Most);
        yield return ResultRow.Measured("mistakes put right by zeroing as many random units", 100 * All("corrected at random").Average(), "%");
        double[] rightful = All("corrected by the right class");
        if (rightful.Length > 0)
            yield return ResultRow.Measured("mistakes put right where B is the nearest correct picture of A's own class", 100 * rightful.Average(), "%");

        double[] All(string series) => [.. units.SelectMany(u => u.Series[$"pair: {series}"])];
    }

    /// <summary>The middle value, the mean of two middle ones of an even number.</summary>
    public static double Median(double[] values)
    {
        if (values.Length == 0)
            return 0;
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
