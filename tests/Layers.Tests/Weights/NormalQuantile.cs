namespace Preimage.Layers.Tests.Weights;

/// <summary>The inverse of the standard normal distribution function.</summary>
/// <remarks>
/// Rational approximations of P. J. Acklam's form (relative error 1.2e-9), sharpened by one step of Halley's method with the
/// complementary error function below: the oracle of the faster one that draws.
/// </remarks>
internal static class NormalQuantile
{
    const double Tail = 0.02425;

    /// <summary>x with Cumulative(x) = p, for 0 &lt; p &lt; 1.</summary>
    public static double Of(double p)
    {
        if (p > 0.5)
            return -Of(1 - p);
        double x = p < Tail ? Lower(p) : Central(p - 0.5);
        double error = Cumulative(x) - p, step = error * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
        return x - step / (1 + x * step / 2);
    }

    /// <summary>The standard normal distribution function for x &lt;= 0, to about 1e-13.</summary>
    public static double Cumulative(double x)
    {
        double z = -x;
        if (z > 38)
            return 0;
        // Near zero the series, farther out the continued fraction of Laplace: each where it converges fast.
        return z < 3 ? 0.5 - Series(z) : Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) / Fraction(z);
    }

    static double Series(double z)
    {
        double term = z, sum = z;
        for (int n = 1; n < 60; n++)
        {
            term *= z * z / (2 * n + 1);
            sum += term;
        }

        return sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }

    static double Fraction(double z)
    {
        double value = z;
        for (int n = 60; n >= 1; n--)
            value = z + n / value;
        return value;
    }

    static double Lower(double p)
    {
        double q = Math.Sqrt(-2 * Math.Log(p));
        return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q - 2.549732539343734e+00) * q
            + 4.374664141464968e+00) * q + 2.938163982698783e+00)
            / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q + 3.754408661907416e+00) * q + 1);
    }

    static double Central(double q)
    {
        double r = q * q;
        return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r
            - 3.066479806614716e+01) * r + 2.506628277459239e+00) * q
            / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r
            - 1.328068155288572e+01) * r + 1);
    }
}
