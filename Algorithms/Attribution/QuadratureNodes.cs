using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Where a quadrature looks on [0, 1], ascending, and what each place counts; the weights sum to 1.</summary>
/// <param name="Alphas">The places.</param>
/// <param name="Weights">Their weights.</param>
internal sealed record QuadratureNodes(double[] Alphas, double[] Weights)
{
    /// <summary>The n nodes of a quadrature.</summary>
    /// <exception cref="PreimageException">There are too few.</exception>
    public static QuadratureNodes Of(Quadrature quadrature, int count)
    {
        int least = quadrature == Quadrature.RiemannTrapezoid ? 2 : 1;
        if (count < least)
            throw new PreimageException($"integrated gradients with {count} steps: {quadrature} takes at least {least}");
        double step = 1.0 / count;
        return quadrature switch
        {
            Quadrature.GaussLegendre => GaussLegendre(count),
            Quadrature.RiemannLeft => Equal(i => i * step),
            Quadrature.RiemannRight => Equal(i => (i + 1) * step),
            Quadrature.RiemannMiddle => Equal(i => (i + 0.5) * step),
            Quadrature.RiemannTrapezoid => new(
                [.. Enumerable.Range(0, count).Select(i => (double)i / (count - 1))],
                [.. Enumerable.Range(0, count).Select(i => (i == 0 || i == count - 1 ? 0.5 : 1) / (count - 1))]),
            _ => throw new ArgumentOutOfRangeException(nameof(quadrature), quadrature, "no such quadrature"),
        };

        QuadratureNodes Equal(Func<int, double> at) => new([.. Enumerable.Range(0, count).Select(at)], [.. Enumerable.Repeat(step, count)]);
    }

    /// <summary>The roots of the Legendre polynomial P_n, moved from [-1, 1], and 2 / ((1 - x^2) P_n'(x)^2) as their weights, halved with the interval.</summary>
    static QuadratureNodes GaussLegendre(int n)
    {
        var nodes = new QuadratureNodes(new double[n], new double[n]);
        for (int i = 0; i < (n + 1) / 2; i++)
        {
            // Within O(1/n^2) of the root, where Newton's steps converge quadratically.
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
            for (int step = 0; step < 20; step++)
            {
                (double value, slope) = Legendre(n, x);
                double change = value / slope;
                x -= change;
                if (Math.Abs(change) < 1e-16)
                    break;
            }

            (_, slope) = Legendre(n, x);
            double weight = 1 / ((1 - x * x) * slope * slope);
            (nodes.Alphas[i], nodes.Alphas[n - 1 - i]) = ((1 - x) / 2, (1 + x) / 2);
            (nodes.Weights[i], nodes.Weights[n - 1 - i]) = (weight, weight);
        }

        if (n % 2 == 1)
            nodes.Alphas[n / 2] = 0.5;
        return nodes;
    }

    /// <summary>P_n and its derivative by the recurrence k P_k = (2k - 1) x P_(k-1) - (k - 1) P_(k-2).</summary>
    static (double Value, double Slope) Legendre(int n, double x)
    {
        double before = 1, at = x;
        for (int k = 2; k <= n; k++)
            (before, at) = (at, ((2 * k - 1) * x * at - (k - 1) * before) / k);
        return (at, n * (x * at - before) / (x * x - 1));
    }
}
