using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>How an attribution is computed. Kept with the result.</summary>
public sealed record AttributionOptions
{
    /// <summary>The value signals start with.</summary>
    public Seed Seed { get; init; } = Seed.One;

    /// <summary>Replaces the method's own rule for the backward pass, or null.</summary>
    public BackwardRule? Rule { get; init; }

    /// <summary>Bytes of plan memory one run may take; more samples or targets than fit are run in several goes, with the same numbers.
    /// Null grants 1 GiB, or what one sample and target take where that is more.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Masks and switches to run back over in place of the forward pass's own; for one sample batch that fits the budget.</summary>
    public ForwardRecord? Record { get; init; }

    /// <summary>Whether the result carries the masks and switches of the forward pass; for one sample batch that fits the budget.</summary>
    public bool KeepRecord { get; init; }
}
