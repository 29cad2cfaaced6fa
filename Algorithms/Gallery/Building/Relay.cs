namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Turns what a method reports into the part of it that is done; at once, on the thread that works.</summary>
/// <param name="to">Told the part, 0 to 1.</param>
/// <param name="part">Makes the part.</param>
internal sealed class Relay<T>(IProgress<double> to, Func<T, double> part) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => to.Report(Math.Clamp(part(value), 0, 1));
}
