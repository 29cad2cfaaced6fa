using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>What a method is asked to explain.</summary>
/// <param name="Inputs">The values.</param>
/// <param name="Targets">The targets, all at one node; row n*K + k of the result explains target k of sample n.</param>
/// <param name="Options">How.</param>
/// <param name="Progress">Told as maps are done, or null.</param>
/// <param name="Cancellation">Stops the work between operators.</param>
internal sealed record AttributionRequest(
    AttributionInputs Inputs, IReadOnlyList<Target> Targets, AttributionOptions Options, IProgress<AttributionProgress>? Progress, CancellationToken Cancellation)
{
    /// <summary>Refuses masks and switches, in or out, where a method is more than one pass over the input as it is.</summary>
    /// <exception cref="PreimageException">They were asked for.</exception>
    public void RequireNoRecord(AttributionMethod method)
    {
        if (Options.Record is not null || Options.KeepRecord)
            throw new PreimageException($"a forward record is of one pass, and {method.Name} makes many: leave AttributionOptions.Record and KeepRecord out");
    }

    /// <summary>Says that maps are done, or the part of the next one that is.</summary>
    public void Report(double maps, int total) => Progress?.Report(new AttributionProgress((int)maps, total) { Fraction = maps / total });
}
