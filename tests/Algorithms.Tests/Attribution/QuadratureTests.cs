using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Nodes and weights of the quadratures on [0, 1].</summary>
public class QuadratureTests
{
    /// <summary>The classical table on [-1, 1] (Abramowitz and Stegun 1964, table 25.4), moved: (1 + x) / 2 and w / 2.</summary>
    [Fact]
    public void Gauss_and_Legendre_are_the_table()
    {
        Close(1, [0.5], [1]);
        Close(2, [(1 - 0.577350269189626) / 2, (1 + 0.577350269189626) / 2], [0.5, 0.5]);
        Close(3, [(1 - 0.774596669241483) / 2, 0.5, (1 + 0.774596669241483) / 2], [0.555555555555556 / 2, 0.888888888888889 / 2, 0.555555555555556 / 2]);
        Close(
            5, [(1 - 0.906179845938664) / 2, (1 - 0.538469310105683) / 2, 0.5, (1 + 0.538469310105683) / 2, (1 + 0.906179845938664) / 2],
            [0.236926885056189 / 2, 0.478628670499366 / 2, 0.568888888888889 / 2, 0.478628670499366 / 2, 0.236926885056189 / 2]);

        static void Close(int n, double[] alphas, double[] weights)
        {
            QuadratureNodes nodes = QuadratureNodes.Of(Quadrature.GaussLegendre, n);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(alphas[i], nodes.Alphas[i], 1e-15);
                Assert.Equal(weights[i], nodes.Weights[i], 1e-15);
            }
        }
    }

    /// <summary>n nodes integrate a^k to 1 / (k + 1) up to k = 2n - 1, and no further.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(301)]
    public void Gauss_and_Legendre_are_exact_to_their_degree(int n)
    {
        QuadratureNodes nodes = QuadratureNodes.Of(Quadrature.GaussLegendre, n);
        Assert.Equal(nodes.Alphas.Order(), nodes.Alphas);
        Assert.All(nodes.Alphas, a => Assert.InRange(a, 0, 1));
        for (int k = 0; k < 2 * n; k++)
            Assert.Equal(1.0 / (k + 1), Integral(nodes, k), 1e-14);
        // What is left of degree 2n, n!^4 / ((2n + 1) (2n)!^2), is below rounding from n = 9 or so on.
        if (n < 8) Assert.NotEqual(1.0 / (2 * n + 1), Integral(nodes, 2 * n), 1e-12);
    }

    /// <summary>captum's definitions, but that the trapezoid's weights sum to 1.</summary>
    [Fact]
    public void Riemann_sums_look_where_they_say()
    {
        Same(Quadrature.RiemannLeft, [0, 0.25, 0.5, 0.75], [0.25, 0.25, 0.25, 0.25]);
        Same(Quadrature.RiemannRight, [0.25, 0.5, 0.75, 1], [0.25, 0.25, 0.25, 0.25]);
        Same(Quadrature.RiemannMiddle, [0.125, 0.375, 0.625, 0.875], [0.25, 0.25, 0.25, 0.25]);
        Same(Quadrature.RiemannTrapezoid, [0, 1 / 3.0, 2 / 3.0, 1], [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0]);

        static void Same(Quadrature quadrature, double[] alphas, double[] weights)
        {
            QuadratureNodes nodes = QuadratureNodes.Of(quadrature, 4);
            Assert.Equal(alphas, nodes.Alphas);
            Assert.Equal(weights, nodes.Weights);
        }
    }

    [Fact]
    public void Weights_sum_to_one()
    {
        foreach (Quadrature quadrature in Enum.GetValues<Quadrature>())
        {
            foreach (int n in (int[])[2, 3, 10, 77])
                Assert.Equal(1, QuadratureNodes.Of(quadrature, n).Weights.Sum(), 1e-14);
        }
    }

    [Fact]
    public void Too_few_nodes_are_refused()
    {
        Assert.Contains("at least 2", Assert.Throws<PreimageException>(() => QuadratureNodes.Of(Quadrature.RiemannTrapezoid, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("0 steps", Assert.Throws<PreimageException>(() => QuadratureNodes.Of(Quadrature.RiemannLeft, 0)).Message, StringComparison.Ordinal);
        Assert.Equal([0.5], QuadratureNodes.Of(Quadrature.RiemannMiddle, 1).Alphas);
    }

    static double Integral(QuadratureNodes nodes, int power) => nodes.Alphas.Zip(nodes.Weights, (a, w) => w * Math.Pow(a, power)).Sum();
}
