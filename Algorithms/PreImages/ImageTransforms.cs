namespace Preimage.Algorithms.PreImages;

/// <summary>How an iteration's network sees the canvas, beside <see cref="PreImageOptions.Jitter"/>: drawn anew for each, the same for all restarts. An image that is to survive all of them has
/// structure (Olah, Mordvintsev and Schubert, Feature Visualization, 2017).</summary>
/// <remarks>Phase by phase only the first one is transformed; results are looked at without transforms.</remarks>
public sealed record ImageTransforms
{
    /// <summary>Pixels that the canvas has around the image on each side, so that there is something to see where it is turned or shrunk, at least 0. What lies beyond is the centre's colour.</summary>
    public int Padding { get; init; }

    /// <summary>The smallest magnification, above 0.</summary>
    public double MinimumScale { get; init; } = 1;

    /// <summary>The largest magnification, no less than the smallest one; each between is as likely.</summary>
    public double MaximumScale { get; init; } = 1;

    /// <summary>The largest angle, 0 to 180 degrees; each of that size or smaller, either way round, is as likely.</summary>
    public double Rotation { get; init; }

    /// <summary>Whether pixels are resampled.</summary>
    internal bool Resamples => MinimumScale != 1 || MaximumScale != 1 || Rotation != 0;
}
