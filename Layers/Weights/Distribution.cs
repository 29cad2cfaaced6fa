using Preimage.Cpu.Draws;

namespace Preimage.Layers.Weights;

/// <summary>What random weights are drawn from.</summary>
public abstract record Distribution
{
    private protected Distribution() { }

    /// <summary>Normal with a mean and standard deviation.</summary>
    public static Distribution Gaussian(double deviation, double mean = 0) => new Normal(mean, deviation, false);

    /// <summary>Normal cut off at 2 standard deviations to both sides (the standard deviation is that before the cut; about 0.88 of it remains).</summary>
    public static Distribution TruncatedGaussian(double deviation, double mean = 0) => new Normal(mean, deviation, true);

    /// <summary>Uniform on an interval.</summary>
    public static Distribution Uniform(double low, double high) => new Flat(low, high);

    /// <summary>How a random word becomes a draw: by the inverse of the distribution function, without rejection, so that each element costs the same and depends on
    /// its index alone.</summary>
    internal abstract DrawRule Rule { get; }

    /// <param name="Mean">Mean before the cut.</param>
    /// <param name="Deviation">Standard deviation before the cut.</param>
    /// <param name="IsCut">Whether it is cut at two standard deviations.</param>
    sealed record Normal(double Mean, double Deviation, bool IsCut) : Distribution
    {
        /// <summary>The probability of at most two standard deviations.</summary>
        const double Inside = 0.954499736103642;

        internal override DrawRule Rule => new(IsCut ? Inside * DrawRule.WordScale : DrawRule.WordScale, Deviation, Mean);
    }

    sealed record Flat(double Low, double High) : Distribution
    {
        internal override DrawRule Rule => new(0, (High - Low) * DrawRule.WordScale, Low + (High - Low) / 2);
    }
}
