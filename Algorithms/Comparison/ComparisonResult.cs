using Preimage.Algorithms.Attribution;

namespace Preimage.Algorithms.Comparison;

/// <summary>Where two engines agree on a network and an input, and where they do not.</summary>
/// <remarks>
/// Nodes were compared in plans that observe every one of them. An observed node ends a fused chain, so that these plans do not run quite what
/// users' plans do: masks, switches, explained values and maps were compared in plans that fuse as well, and it is these that the verdict is of.
/// </remarks>
public sealed record ComparisonResult
{
    /// <summary>The most that maps over the same masks and switches may be apart: the parity criterion.</summary>
    public const double SameBound = 1e-10;

    /// <summary>The most that maps over their own masks and switches may be apart on a natural photo.</summary>
    public const double OwnBound = 1e-4;

    /// <summary>The most that the values of the explained node may be apart.</summary>
    public const double ValueBound = 1e-6;

    /// <summary>From where on nodes count as diverged.</summary>
    public required double Threshold { get; init; }

    /// <summary>Every node's values, and its masks or switches, in plans that observe them all; in the order they run.</summary>
    public required IReadOnlyList<NodeDifference> Nodes { get; init; }

    /// <summary>Masks and switches in plans that fuse.</summary>
    public required IReadOnlyList<DecisionDifference> Fused { get; init; }

    /// <summary>Masks and switches that fusing changes on the expected side, and on the other.</summary>
    public required (long Expected, long Actual) ChangedByFusing { get; init; }

    /// <summary>What the maps explain.</summary>
    public required IReadOnlyList<AttributedUnit> Units { get; init; }

    /// <summary>Whether the other side would have chosen the same units.</summary>
    public required bool AgreesOnUnits { get; init; }

    /// <summary>The normalised squared error of the explained node's values in plans that fuse.</summary>
    public required double ValueError { get; init; }

    /// <summary>The maps, method by method.</summary>
    public required IReadOnlyList<MapDifference> Maps { get; init; }

    /// <summary>The first node whose values are further apart than <see cref="Threshold"/>, or null.</summary>
    // Written so that NaN is a divergence.
    public NodeDifference? FirstDivergence => Nodes.FirstOrDefault(n => !(n.Error <= Threshold));

    /// <summary>ReLU units of the fusing plans that are above zero on one side only, and how many there are.</summary>
    public (long Differing, long Count) Masks => Total(switches: false);

    /// <summary>Pooling windows of the fusing plans whose maximum is elsewhere, and how many there are.</summary>
    public (long Differing, long Count) Switches => Total(switches: true);

    /// <summary>What the numbers come to.</summary>
    public ComparisonVerdict Verdict
    {
        get
        {
            bool flipped = Masks.Differing + Switches.Differing > 0;
            // All of these are written so that NaN is a difference.
            if (!(ValueError <= ValueBound) || !Maps.All(m => m.Same <= SameBound))
                return ComparisonVerdict.Different;
            if (!Maps.All(m => m.Own <= OwnBound))
                return flipped ? ComparisonVerdict.Flipped : ComparisonVerdict.Different;
            if (!Maps.Any(m => m.HasSignal))
                return ComparisonVerdict.NotTestable;
            bool same = !flipped && ValueError == 0 && Nodes.All(n => n is { Error: 0, Decisions: null or { Differing: 0 } }) && Maps.All(m => m is { Own: 0, Same: 0 });
            return same ? ComparisonVerdict.Same : ComparisonVerdict.Parity;
        }
    }

    (long Differing, long Count) Total(bool switches) =>
        (Fused.Where(d => d.AreSwitches == switches).Sum(d => d.Differing), Fused.Where(d => d.AreSwitches == switches).Sum(d => d.Count));
}
