namespace Preimage.Algorithms.Attribution;

/// <summary>What a method is asked to explain.</summary>
/// <param name="Inputs">The values.</param>
/// <param name="Targets">The targets, all at one node; row n*K + k of the result explains target k of sample n.</param>
/// <param name="Options">How.</param>
/// <param name="Progress">Told as maps are done, or null.</param>
/// <param name="Cancellation">Stops the work between operators.</param>
internal sealed record AttributionRequest(
    AttributionInputs Inputs, IReadOnlyList<Target> Targets, AttributionOptions Options, IProgress<AttributionProgress>? Progress, CancellationToken Cancellation);
