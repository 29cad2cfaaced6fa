using Preimage.Algorithms.Backtracking;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>A misclassified picture A and a similar correct one B, and what the network says without units they have in common or apart.</summary>
/// <param name="A">The place of A in its group.</param>
/// <param name="B">The place of B.</param>
/// <param name="Common">Units that both go back to.</param>
/// <param name="Unique">Units that only A goes back to.</param>
/// <param name="WithoutCommon">Probabilities of A without the common units.</param>
/// <param name="OtherWithoutCommon">Probabilities of B without them.</param>
/// <param name="WithoutUnique">Probabilities of A without its own.</param>
/// <param name="WithoutRandom">Probabilities of A without as many positive units as its own are, drawn at random.</param>
internal sealed record PairFinding(
    int A, int B, UnitSet Common, UnitSet Unique, double[] WithoutCommon, double[] OtherWithoutCommon, double[] WithoutUnique, double[] WithoutRandom)
{
    /// <summary>Looks at a pair.</summary>
    public static PairFinding Of(FaceGroup group, int a, int b, ulong seed, CancellationToken cancellation)
    {
        (BacktrackingResult own, BacktrackingResult other) = (group.Traces[a], group.Traces[b]);
        UnitSet common = own.Traced.And(other.Traced), unique = own.Traced.Except(other.Traced);
        IReadOnlyList<double[]> ours = group.Model.Tail.Probabilities(own.Features, [common, unique, own.Positive.Draw(unique.Count, seed)], cancellation);
        return new PairFinding(a, b, common, unique, ours[0], group.Model.Tail.Probabilities(other.Features, [common], cancellation)[0], ours[1], ours[2]);
    }

    /// <summary>The class with the highest probability, the first of equals.</summary>
    public static int Best(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());
}
