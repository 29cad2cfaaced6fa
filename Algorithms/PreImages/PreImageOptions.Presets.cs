namespace Preimage.Algorithms.PreImages;

public sealed partial record PreImageOptions
{
    /// <summary>The paper's inversion of a network's node: 300 iterations with jitter and 50 without at a tenth of the rate.</summary>
    /// <param name="c">C; the paper has 1, 20, 100 and 300, the less the deeper.</param>
    public static PreImageOptions PaperInversion(double c = 100) => new() { C = c, SecondPhase = new SecondPhase() };

    /// <summary>The paper's inversion of HOG and dense SIFT: 300 iterations without jitter. Goes with <see cref="PixelScale.Raw"/>.</summary>
    /// <param name="c">C; the paper's text says 20, its program and its table 100.</param>
    public static PreImageOptions PaperDescriptor(double c = 100) => new() { C = c, Jitter = 1, SecondPhase = null };

    /// <summary>The paper's activation maximisation: one phase with jitter, C = 1.</summary>
    public static PreImageOptions PaperMaximisation() => new() { SecondPhase = null };

    /// <summary>The paper's caricature: one phase with jitter, C = 1, from the picture itself.</summary>
    public static PreImageOptions PaperCaricature() => new() { SecondPhase = null };

    /// <summary>These settings without any regulariser: no bounded range, no total variation, no largest norm, no jitter, no transforms.</summary>
    public PreImageOptions WithoutRegularisers() => this with { LambdaRange = 0, LambdaVariation = 0, BallRadius = double.PositiveInfinity, Jitter = 1, Transforms = null };
}
