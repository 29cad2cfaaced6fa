namespace Preimage.Layers.Loops;

/// <summary>What the priors' gradients are multiplied by, from the arguments of <see cref="IArrayOperators"/>: computed once, for all backends, rounded at the end.</summary>
internal static class PriorFactors
{
    /// <summary>factor * beta: d/dx of (d1^2 + d2^2)^(beta / 2) is beta * max(.., 1e-6)^(1 - 2 / beta) times the differences.</summary>
    public static float Variation(float beta, float factor) => (float)((double)factor * beta);

    /// <summary>1 / B^2.</summary>
    public static float InverseSquare(float bound) => (float)(1 / ((double)bound * bound));

    /// <summary>factor * alpha / B^2: d/dx of (n / B^2)^(alpha / 2) is alpha / B^2 * (n / B^2)^(alpha / 2 - 1) * x.</summary>
    public static float Range(float alpha, float bound, float factor) => (float)((double)factor * alpha / ((double)bound * bound));
}
