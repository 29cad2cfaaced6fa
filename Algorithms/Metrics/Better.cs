namespace Preimage.Algorithms.Metrics;

/// <summary>Which way a number points.</summary>
public enum Better
{
    /// <summary>Neither: the number describes, or is a control.</summary>
    Neither,

    /// <summary>A larger number speaks for the method.</summary>
    Higher,

    /// <summary>A smaller number speaks for the method.</summary>
    Lower,
}
