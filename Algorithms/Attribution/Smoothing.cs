namespace Preimage.Algorithms.Attribution;

/// <summary>What is made of the maps of noisy copies.</summary>
public enum Smoothing
{
    /// <summary>Their mean (SmoothGrad).</summary>
    Mean,

    /// <summary>The mean of their squares.</summary>
    MeanOfSquares,

    /// <summary>Their variance, the sum of squared deviations divided by the number of copies (VarGrad).</summary>
    Variance,
}

/// <summary>Maps of noisy copies of the input, put together, of any method.</summary>
public static class SmoothingExtensions
{
    /// <summary>SmoothGrad: the mean of a method's maps at noisy copies of the input (Smilkov et al. 2017).</summary>
    /// <param name="method">The method.</param>
    /// <param name="samples">Noisy copies.</param>
    /// <param name="deviation">The noise's standard deviation as a share of the input's range.</param>
    /// <param name="seed">The seed of the noise.</param>
    public static SmoothGrad Smooth(this AttributionMethod method, int samples = 25, double deviation = 0.15, ulong seed = 0) =>
        new(method) { Samples = samples, Deviation = deviation, Seed = seed };

    /// <summary>The mean of the squares of a method's maps at noisy copies of the input.</summary>
    /// <inheritdoc cref="Smooth"/>
    public static SmoothGrad SmoothSquared(this AttributionMethod method, int samples = 25, double deviation = 0.15, ulong seed = 0) =>
        new(method) { Samples = samples, Deviation = deviation, Seed = seed, Statistic = Smoothing.MeanOfSquares };

    /// <summary>VarGrad: the variance of a method's maps over noisy copies of the input (Adebayo et al. 2018).</summary>
    /// <inheritdoc cref="Smooth"/>
    public static SmoothGrad Variance(this AttributionMethod method, int samples = 25, double deviation = 0.15, ulong seed = 0) =>
        new(method) { Samples = samples, Deviation = deviation, Seed = seed, Statistic = Smoothing.Variance };
}
