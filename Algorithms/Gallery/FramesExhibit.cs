using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Gallery;

/// <summary>An optimisation that can be scrubbed through its iterations, beside the picture it should become.</summary>
public sealed record FramesExhibit : Exhibit
{
    /// <summary>The frames, at least two, their iterations rising; the last is shown first.</summary>
    public required IReadOnlyList<GalleryFrame> Frames { get; init; }

    /// <summary>What the frames should become, or null.</summary>
    public Picture? Target { get; init; }

    /// <summary>What a reader who cannot see the target should know.</summary>
    public string TargetAlt { get; init; } = "";

    /// <summary>The names of each frame's numbers, such as energy and error.</summary>
    public IReadOnlyList<string> Series { get; init; } = [];

    /// <summary>Places of the curve beside the frames, iterations rising; empty to join the frames' first numbers.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>What the curve is of, or empty for the first of <see cref="Series"/>.</summary>
    public string CurveName { get; init; } = "";

    /// <summary>Whether the curve's vertical axis is logarithmic; needs values above zero.</summary>
    public bool LogCurve { get; init; }
}

/// <summary>One state of an optimisation.</summary>
/// <param name="Iteration">After how many iterations.</param>
/// <param name="Picture">The picture then.</param>
/// <param name="Numbers">As many as <see cref="FramesExhibit.Series"/>; NaN where one was not measured.</param>
public sealed record GalleryFrame(int Iteration, Picture Picture, IReadOnlyList<double> Numbers);

/// <summary>A place of a curve.</summary>
/// <param name="Iteration">After how many iterations.</param>
/// <param name="Value">The value then.</param>
public readonly record struct CurvePoint(int Iteration, double Value);
