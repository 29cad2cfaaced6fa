namespace Preimage.Layers.Weights;

/// <summary>What random weights are drawn from.</summary>
public abstract record Distribution
{
    private protected Distribution() { }

    /// <summary>Normal with a mean and standard deviation.</summary>
    public static Distribution Gaussian(double deviation, double mean = 0) => new Normal(mean, deviation, 0);

    /// <summary>Normal cut off at 2 standard deviations to both sides (the standard deviation is that before the cut; about 0.88 of it remains).</summary>
    public static Distribution TruncatedGaussian(double deviation, double mean = 0) => new Normal(mean, deviation, 2);

    /// <summary>Uniform on an interval.</summary>
    public static Distribution Uniform(double low, double high) => new Flat(low, high);

    /// <summary>Turns a uniform number of the open unit interval into a draw.</summary>
    internal abstract float Draw(double unit);

    /// <param name="Mean">Mean before the cut.</param>
    /// <param name="Deviation">Standard deviation before the cut.</param>
    /// <param name="Cut">Where it is cut, in standard deviations; 0 for nowhere.</param>
    sealed record Normal(double Mean, double Deviation, double Cut) : Distribution
    {
        readonly double _low = Cut > 0 ? NormalQuantile.Cumulative(-Cut) : 0;

        // By the inverse of the distribution function, without rejection: each element costs the same and depends on its index alone.
        internal override float Draw(double unit) =>
            (float)(Mean + Deviation * NormalQuantile.Of(Cut > 0 ? _low + unit * (1 - 2 * _low) : unit));
    }

    sealed record Flat(double Low, double High) : Distribution
    {
        internal override float Draw(double unit) => (float)(Low + unit * (High - Low));
    }
}
