using Preimage.Layers.Loops;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Loops;

/// <summary>Steps against the golden iterations of spec section 11 and against doubles.</summary>
public sealed class StepTests
{
    [Fact]
    public void Golden_iterations()
    {
        float[][] expected = [[49.53153387f, -29.65410412f, 19.73935018f], [48.72624764f, -29.04937632f, 19.27803653f], [47.67664713f, -28.25314156f, 18.66609810f]];
        using var bench = new ArrayBench();
        var shape = new Shape(1, 3, 1, 1);
        DeviceArray<float> x = bench.Array(shape, 50, -30, 20), gradient = bench.Array(shape), squares = bench.Array(shape), momentum = bench.Array(shape);
        DeviceArray<float> rates = bench.Array(new Shape(3), 53.3333333f, 53.3333333f, 53.3333333f);
        foreach (float[] iteration in expected)
        {
            bench.Loop.Repeat(Body, 1, TestContext.Current.CancellationToken);
            Agreement.Close([.. iteration.Select(v => (double)v)], x.ToArray(), 1e-6, "an iteration");
        }

        Assert.Equal(3, bench.Loop.Counter.ToArray()[0]);

        void Body()
        {
            bench.Arrays.Fill(gradient, 0);
            bench.Arrays.RangeGradient(x, 6, 80, 1, gradient);
            bench.Arrays.MomentumStep(x, gradient, squares, momentum, rates, 0.9f, float.PositiveInfinity);
        }
    }

    [Theory]
    [InlineData(1, 1, 3, 5, true)]
    [InlineData(1, 3, 90, 70, true)]
    [InlineData(2, 3, 17, 9, false)]
    [InlineData(3, 7, 5, 7, true)]
    public void Momentum_is_what_doubles_give(int n, int c, int h, int w, bool adapts)
    {
        const float Rho = 0.9f, Radius = 40;
        var shape = new Shape(n, c, h, w);
        float[] start = Draw.Normal(1, shape.Count, 25), rateTable = [3, 2, 1, 0.5f];
        var oracle = OracleArray.From(shape, start);
        double[] momenta = new double[shape.Count], windows = new double[shape.Count];
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(shape, start), gradient = bench.Array(shape), momentum = bench.Array(shape), rates = bench.Array(new Shape(4), rateTable);
        DeviceArray<float>? squares = adapts ? bench.Array(shape) : null;
        for (int i = 0; i < rateTable.Length; i++)
        {
            float[] g = Draw.Normal((ulong)(10 + i), shape.Count, 5);
            gradient.Upload(g);
            bench.Loop.Repeat(() => bench.Arrays.MomentumStep(x, gradient, squares, momentum, rates, Rho, Radius), 1, TestContext.Current.CancellationToken);
            ImageOracle.MomentumStep(oracle, [.. g.Select(v => (double)v)], adapts ? windows : null, momenta, rateTable[i], Rho);
            ImageOracle.DrawBack(oracle, Radius);
            Agreement.Close(oracle.Values, x.ToArray(), 1e-6, $"{shape}, iteration {i}");
            Agreement.Close(momenta, momentum.ToArray(), 1e-6, $"{shape}, momentum, iteration {i}");
        }

        Assert.Contains(start, v => Math.Abs(v) > Radius);
    }

    [Theory]
    [InlineData(1, 1, 3, 5)]
    [InlineData(2, 3, 33, 11)]
    public void Adam_is_what_doubles_give(int n, int c, int h, int w)
    {
        const float B1 = 0.9f, B2 = 0.999f, Epsilon = 1e-8f, Rate = 1.5f, Radius = 50;
        const int Steps = 5;
        var shape = new Shape(n, c, h, w);
        float[] start = Draw.Normal(1, shape.Count, 25), table = new float[2 * Steps];
        for (int i = 0; i < Steps; i++)
            (table[2 * i], table[2 * i + 1]) = ((float)(Rate / (1 - Math.Pow(B1, i + 1))), (float)(1 / Math.Sqrt(1 - Math.Pow(B2, i + 1))));
        var oracle = OracleArray.From(shape, start);
        double[] means = new double[shape.Count], variances = new double[shape.Count];
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(shape, start), gradient = bench.Array(shape), mean = bench.Array(shape), variance = bench.Array(shape), rates = bench.Array(new Shape(2 * Steps), table);
        for (int i = 0; i < Steps; i++)
        {
            float[] g = Draw.Normal((ulong)(10 + i), shape.Count, 5);
            gradient.Upload(g);
            bench.Loop.Repeat(() => bench.Arrays.AdamStep(x, gradient, mean, variance, rates, B1, B2, Epsilon, Radius), 1, TestContext.Current.CancellationToken);
            ImageOracle.AdamStep(oracle, [.. g.Select(v => (double)v)], means, variances, i + 1, Rate, B1, B2, Epsilon);
            ImageOracle.DrawBack(oracle, Radius);
            Agreement.Close(oracle.Values, x.ToArray(), 2e-6, $"{shape}, iteration {i}");
        }
    }

    [Fact]
    public void A_table_that_is_too_short_is_told()
    {
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(new Shape(1, 1, 2, 2)), rates = bench.Array(new Shape(1), 1f);
        void Body() => bench.Arrays.MomentumStep(x, x, null, x, rates, 0.5f, 1);
        var error = Assert.Throws<PreimageException>(() => bench.Loop.Repeat(Body, 2, TestContext.Current.CancellationToken));
        Assert.Equal("MomentumStep: rates has entries for 1 iterations, none for iteration 1", error.Message);
        Assert.Throws<PreimageException>(() => bench.Arrays.MomentumStep(x, x, null, x, rates, 1.5f, 1));
        Assert.Throws<PreimageException>(() => bench.Arrays.MomentumStep(x, x, null, x, rates, 0.5f, 0));
    }
}
