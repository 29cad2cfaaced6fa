namespace Preimage.Algorithms.FilterDecoding;

/// <summary>How filters are decoded. Kept with the result.</summary>
public sealed record DecodingOptions
{
    /// <summary>What a pool becomes on the way back.</summary>
    public Unpooling Unpooling { get; init; } = Unpooling.Nearest;

    /// <summary>Bytes of plan memory that the units of one group may take; more units run in several groups, with the same numbers. One unit runs in any case.</summary>
    public long MemoryBudget { get; init; } = 1L << 28;
}
