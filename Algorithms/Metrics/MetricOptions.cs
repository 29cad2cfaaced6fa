using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages;

namespace Preimage.Algorithms.Metrics;

/// <summary>What is common to all metrics. Kept with the result.</summary>
public sealed record MetricOptions
{
    /// <summary>Where draws start. An image's draws follow from this number and the image's own values, whichever images are measured beside it.</summary>
    public ulong Seed { get; init; }

    /// <summary>How sure intervals are, between 0 and 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Bytes of plan memory one run may take, with the same numbers; null as in <see cref="AttributionOptions.MemoryBudget"/>.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>What maps explain, one target; found once per image, at the image as it is. Class sensitivity draws its own.</summary>
    public Target Target { get; init; } = Target.Argmax;

    /// <summary>What the network takes a pixel of 0 to 255 as: for metrics that move images by grey levels or paint them black; null where nobody knows.</summary>
    public PixelScale? Pixels { get; init; }
}
