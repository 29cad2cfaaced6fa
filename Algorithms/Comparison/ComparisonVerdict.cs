namespace Preimage.Algorithms.Comparison;

/// <summary>What the numbers of a comparison come to.</summary>
public enum ComparisonVerdict
{
    /// <summary>The explained values or the maps over the same masks and switches are further apart than rounding takes them, or no flip explains why maps over their own are.</summary>
    Different,

    /// <summary>No map has a signal: they agree, but show nothing.</summary>
    NotTestable,

    /// <summary>Over the same masks and switches maps agree; units within rounding of zero flipped, and take maps over their own further apart than a photo's should be.</summary>
    Flipped,

    /// <summary>Maps agree, over the same masks and switches and over their own.</summary>
    Parity,

    /// <summary>Every number that was compared is the same.</summary>
    Same,
}
