using System.Globalization;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>What a search for images writes beside its picture: every setting, and what was found.</summary>
internal sealed record SearchDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string Method, string Objective, IReadOnlyList<string> Nodes,
    SearchSettings Settings, PixelDocument Pixels, string? Preprocessing, int Jitter, IReadOnlyList<double> Rates, int Iterations, bool Completed, double Seconds,
    IReadOnlyList<double> Errors, IReadOnlyList<IReadOnlyDictionary<string, double>> Energies, IReadOnlyList<string> Notes, IReadOnlyList<string> Files)
{
    /// <summary>Describes a result.</summary>
    public static SearchDocument Of(PreImageResult result, Engine engine, IReadOnlyList<string> files) => new(
        ModelDocument.Of(engine.Network), result.Device.ToString(), Output.EngineFacts.Word(result.Precision), LibraryDocument.Of(result.Libraries), result.Method, result.Objective,
        result.Nodes, SearchSettings.Of(result.Options), new PixelDocument(result.Pixels.Factor, result.Pixels.Centre, result.Pixels.Shift), result.Preprocessing?.ToString(),
        result.Jitter, result.Rates, result.Iterations, result.Completed, result.Elapsed.TotalSeconds, result.Errors, result.Energies, result.Notes, files);
}

/// <summary>What a network takes a pixel as: factor * (pixel - centre) + shift, per channel.</summary>
internal sealed record PixelDocument(IReadOnlyList<double> Factor, IReadOnlyList<double> Centre, IReadOnlyList<double> Shift);

/// <summary>How an iteration's network sees the canvas beside the jitter.</summary>
internal sealed record TransformDocument(int Padding, double MinimumScale, double MaximumScale, double Rotation)
{
    /// <summary>In words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"padded by {Padding}, scaled by {MinimumScale} to {MaximumScale}, turned by up to {Rotation} degrees");
}

/// <summary>The options of a search.</summary>
internal sealed record SearchSettings(
    double C, double Alpha, double Beta, double B, double BallRadius, double V, double LambdaRange, double LambdaVariation, double Rho, string Optimiser, double? LearningRate, string Parameterisation,
    TransformDocument? Transforms,
    int Iterations, int? SecondPhaseIterations, double? SecondPhaseRateFactor, int? Jitter, int Restarts, int FirstRestart, ulong Seed, bool StartsFromPicture, string? Mask,
    int? Height, int? Width, double? StopBelow, double? StopImprovement)
{
    /// <summary>Describes options.</summary>
    public static SearchSettings Of(PreImageOptions o) => new(
        o.C, o.Alpha, o.Beta, o.B, o.BallRadius, o.V ?? o.B / 6.5, o.LambdaRange, o.LambdaVariation, o.Rho, o.Optimiser.ToString(), o.LearningRate, o.Parameterisation.ToString(),
        o.Transforms is { } t ? new TransformDocument(t.Padding, t.MinimumScale, t.MaximumScale, t.Rotation) : null,
        o.Iterations, o.SecondPhase?.Iterations, o.SecondPhase?.RateFactor, o.Jitter, o.Restarts, o.FirstRestart, o.Seed, o.Initial is not null, o.Mask?.ToString(),
        o.Height, o.Width, o.StopBelow, o.StopImprovement);

    /// <summary>The settings that matter most on one line.</summary>
    public string Line() => string.Create(CultureInfo.InvariantCulture,
        $"C {C}, alpha {Alpha}, beta {Beta}, B {B}, B+ {BallRadius}, V {V:G5}, lambda {LambdaRange} and {LambdaVariation}, rho {Rho}, {Optimiser}, {Parameterisation}, {(Transforms is { } t ? $"{t}, " : "")}seed {Seed}{(Mask is null ? "" : $", {Mask}")}");
}
