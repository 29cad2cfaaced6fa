namespace Preimage.Cpu.Draws;

/// <summary>How a random word becomes a number: u = (word + 1/2) / 2^32 is uniform on (0, 1), its centred twin is h = word - 2^31 + 1/2.</summary>
/// <remarks>A flat draw is fma(h, Factor, Summand); a normal one fma(Factor, x, Summand), where x is the normal quantile of 1/2 + h * Scale; both are then rounded to
/// float. Everything before is double, operation by operation the same with every instruction set and on a GPU.</remarks>
/// <param name="Scale">2^-32 for a whole normal, 2^-32 times the probability inside for one cut at both sides, 0 for a flat draw.</param>
/// <param name="Factor">The deviation, or 2^-32 times the width.</param>
/// <param name="Summand">The mean, or the middle.</param>
internal readonly record struct DrawRule(double Scale, double Factor, double Summand)
{
    /// <summary>2^-32.</summary>
    public const double WordScale = 1.0 / 4294967296;

    /// <summary>Whether draws are uniform.</summary>
    public bool IsFlat => Scale == 0;

    /// <summary>Whether quantiles beyond <see cref="QuantileLanes.Bound"/> occur: a cut normal has none.</summary>
    public bool HasTails => Scale * 2147483648 > QuantileLanes.Bound;
}

/// <summary>Which numbers of the generator an array is: Philox4x32-10 with the seed as key, element i being word i % 4 of the block with the counter (i / 4, stream).</summary>
internal readonly record struct DrawnArray(DrawRule Rule, ulong Seed, ulong Stream);
