using System.Runtime.CompilerServices;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

public sealed partial record PreImageOptions
{
    /// <summary>Checks every number.</summary>
    /// <exception cref="PreimageException">One is out of range: the message names it, its value and the range.</exception>
    internal void Validate()
    {
        Require(C, C > 0 && double.IsFinite(C), "above 0");
        Require(Alpha, Alpha >= 1 && double.IsFinite(Alpha), "at least 1");
        Require(Beta, Beta >= 1 && double.IsFinite(Beta), "at least 1");
        Require(B, B > 0 && double.IsFinite(B), "above 0");
        Require(BallRadius, BallRadius > 0, "above 0, or infinite for none");
        Require(V, V is null or > 0 && !double.IsInfinity(V.GetValueOrDefault()), "above 0, or null for B / 6.5");
        Require(LambdaRange, LambdaRange >= 0 && double.IsFinite(LambdaRange), "at least 0");
        Require(LambdaVariation, LambdaVariation >= 0 && double.IsFinite(LambdaVariation), "at least 0");
        Require(Rho, Rho is >= 0 and < 1, "0 to below 1");
        Require(Optimiser, Enum.IsDefined(Optimiser), string.Join(", ", Enum.GetNames<Optimiser>()));
        Require(LearningRate, LearningRate is null or > 0 && !double.IsInfinity(LearningRate.GetValueOrDefault()), "above 0, or null for the optimiser's own");
        Require(Iterations, Iterations >= 1, "at least 1");
        if (SecondPhase is { } second)
        {
            Require(second.Iterations, second.Iterations >= 1, "at least 1");
            Require(second.RateFactor, second.RateFactor > 0 && double.IsFinite(second.RateFactor), "above 0");
        }

        Require(Jitter, Jitter is null or >= 1, "at least 1, which is none, or null for a quarter of the node's stride");
        if (Transforms is { } transforms)
        {
            Require(transforms.Padding, transforms.Padding >= 0, "at least 0");
            Require(transforms.MinimumScale, transforms.MinimumScale > 0 && double.IsFinite(transforms.MinimumScale), "above 0");
            Require(transforms.MaximumScale, transforms.MaximumScale >= transforms.MinimumScale && double.IsFinite(transforms.MaximumScale), "no less than MinimumScale");
            Require(transforms.Rotation, transforms.Rotation is >= 0 and <= 180, "0 to 180");
        }

        Require(Parameterisation, Enum.IsDefined(Parameterisation), string.Join(", ", Enum.GetNames<Parameterisation>()));
        if (Optimiser == Optimiser.LBfgs)
        {
            Require(Jitter, Jitter is null or 1, "1 or null with Optimiser.LBfgs, which compares energies: they must be of the same view");
            Require(Transforms, Transforms is null, "null with Optimiser.LBfgs, which compares energies: they must be of the same view");
        }

        Require(Restarts, Restarts >= 1, "at least 1");
        Require(FirstRestart, FirstRestart >= 0, "at least 0");
        Require(AtOnce, AtOnce is null or >= 1, "at least 1, or null for all");
        Require(Height, Height is null or >= 1, "at least 1, or null for the declared one");
        Require(Width, Width is null or >= 1, "at least 1, or null for the declared one");
        Require(StopBelow, StopBelow is not double.NaN, "a number, or null for never");
        Require(StopImprovement, StopImprovement is null or (> 0 and < 1), "between 0 and 1, or null for never");
        Require(KeepFrames, KeepFrames is null or >= 1, "at least 1, or null for none");
    }

    static void Require<T>(T value, bool holds, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            throw new PreimageException($"PreImageOptions.{name.Replace("second.", "SecondPhase.", StringComparison.Ordinal).Replace("transforms.", "Transforms.", StringComparison.Ordinal)} is {value}: it must be {range}");
    }
}
