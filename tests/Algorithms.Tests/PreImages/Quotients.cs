namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Gradients against difference quotients.</summary>
internal static class Quotients
{
    /// <summary>Asserts that a gradient is within 1e-4 of what the five-point formula makes of an energy in double.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="at">Where; the energy reads it, and it is left as it was.</param>
    /// <param name="energy">The energy.</param>
    /// <param name="step">Of the quotient.</param>
    public static void Compare(float[] gradient, double[] at, Func<double> energy, double step)
    {
        double error = 0, norm = 0;
        for (int i = 0; i < at.Length; i++)
        {
            double own = at[i];
            double At(double steps)
            {
                at[i] = own + steps * step;
                return energy();
            }

            double quotient = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * step);
            at[i] = own;
            error += (gradient[i] - quotient) * (gradient[i] - quotient);
            norm += quotient * quotient;
        }

        Assert.True(norm > 0, "the energy does not change");
        Assert.True(Math.Sqrt(error / norm) <= 1e-4, $"relative error of the gradient {Math.Sqrt(error / norm)}");
    }
}
