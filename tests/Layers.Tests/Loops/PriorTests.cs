using Preimage.Layers.Loops;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Loops;

/// <summary>Total variation and bounded range: the golden values of spec section 11, doubles by definition, and finite differences of those.</summary>
public sealed class PriorTests
{
    static readonly Shape s_golden = new(1, 2, 3, 4);

    public static TheoryData<int, int, int, int> Extents => new()
    {
        { 1, 1, 5, 7 }, { 1, 3, 19, 37 }, { 2, 7, 6, 35 }, { 1, 1, 1, 40 },
        { 1, 2, 40, 1 }, { 3, 1, 1, 1 }, { 1, 1, 90, 130 }, { 1, 1, 9, 17 }, { 1, 1, 9, 18 }, { 1, 1, 9, 33 }, { 1, 2, 4, 5000 },
    };

    [Theory]
    [InlineData(1, 10.9117729218, -0.11433239, 0.15160019, 0.16666667)]
    [InlineData(1.5, 27.6436820449, -0.41412388, 0.55891040, 0.49601485)]
    [InlineData(2, 71.5833333333, -1.33333333, 1.83333333, 1.33333333)]
    public void Golden_variation(double beta, double value, double first, double second, double third)
    {
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(s_golden, Golden()), gradient = bench.Array(s_golden);
        DeviceArray<double> energy = bench.Doubles(1);
        bench.Arrays.VariationEnergy(x, (float)beta, 1.0 / 12, energy, 0);
        bench.Arrays.VariationGradient(x, (float)beta, 1f / 12, gradient);
        float[] actual = gradient.ToArray();
        Relative(value, energy.ToArray()[0]);
        Relative(first, actual[At(0, 0, 0)]);
        Relative(second, actual[At(1, 2, 1)]);
        Relative(third, actual[At(2, 3, 0)]);
    }

    [Theory]
    [InlineData(2, 2.7777777778, -0.07407407, 0.06481481)]
    [InlineData(6, 40.2736196845, -2.18947188, 1.91578789)]
    public void Golden_range(float alpha, double value, double first, double second)
    {
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(s_golden, Golden()), gradient = bench.Array(s_golden);
        DeviceArray<double> energy = bench.Doubles(1);
        bench.Arrays.RangeEnergy(x, alpha, 3, 1.0 / 12, energy, 0);
        bench.Arrays.RangeGradient(x, alpha, 3, 1f / 12, gradient);
        float[] actual = gradient.ToArray();
        Relative(value, energy.ToArray()[0]);
        Relative(first, actual[At(0, 0, 0)]);
        Relative(second, actual[At(1, 2, 1)]);
    }

    [Theory]
    [MemberData(nameof(Extents))]
    public void Variation_is_what_doubles_give(int n, int c, int h, int w)
    {
        var shape = new Shape(n, c, h, w);
        foreach (float beta in (float[])[1, 1.25f, 1.5f, 2, 3, 4])
        {
            using var bench = new ArrayBench();
            float[] values = Draw.Normal(1, shape.Count, 30), before = Draw.Normal(2, shape.Count);
            DeviceArray<float> x = bench.Array(shape, values), gradient = bench.Array(shape, before);
            DeviceArray<double> energies = bench.Doubles(n + 1);
            bench.Arrays.VariationEnergy(x, beta, 0.25, energies, 1);
            bench.Arrays.VariationGradient(x, beta, 0.25f, gradient);
            OracleArray oracle = OracleArray.From(shape, values), slope = ImageOracle.VariationGradient(oracle, beta);
            for (int image = 0; image < n; image++)
                Relative(0.25 * ImageOracle.Variation(oracle, image, beta), energies.ToArray()[1 + image]);
            Agreement.Close([.. slope.Values.Zip(before, (s, b) => 0.25 * s + b)], gradient.ToArray(), 2e-6, $"{shape}, beta {beta}");
        }
    }

    [Theory]
    [MemberData(nameof(Extents))]
    public void Range_is_what_doubles_give(int n, int c, int h, int w)
    {
        var shape = new Shape(n, c, h, w);
        foreach (float alpha in (float[])[1, 2, 3, 4, 6])
        {
            using var bench = new ArrayBench();
            float[] values = Draw.Normal(3, shape.Count, 30), before = Draw.Normal(4, shape.Count);
            // A pixel of norm 0 gets nothing, whatever the power.
            for (int channel = 0; channel < c; channel++)
                values[channel * h * w] = 0;
            DeviceArray<float> x = bench.Array(shape, values), gradient = bench.Array(shape, before);
            DeviceArray<double> energies = bench.Doubles(n);
            bench.Arrays.RangeEnergy(x, alpha, 80, 0.5, energies, 0);
            bench.Arrays.RangeGradient(x, alpha, 80, 50, gradient);
            OracleArray oracle = OracleArray.From(shape, values), slope = ImageOracle.RangeGradient(oracle, alpha, 80);
            for (int image = 0; image < n; image++)
                Relative(0.5 * ImageOracle.Range(oracle, image, alpha, 80), energies.ToArray()[image]);
            Agreement.Close([.. slope.Values.Zip(before, (s, b) => 50 * s + b)], gradient.ToArray(), 2e-6, $"{shape}, alpha {alpha}");
        }
    }

    /// <summary>The energies are of doubles, the gradients those of the floats.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1.5)]
    [InlineData(7, 2)]
    public void Gradients_are_the_slopes_of_the_energies(int channels, double beta)
    {
        var shape = new Shape(1, channels, 6, 5);
        float[] values = Draw.Normal(5, shape.Count, 20);
        OracleArray oracle = OracleArray.From(shape, values);
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(shape, values), variation = bench.Array(shape), range = bench.Array(shape);
        bench.Arrays.VariationGradient(x, (float)beta, 1, variation);
        bench.Arrays.RangeGradient(x, 6, 30, 1, range);
        Agreement.Close(ImageOracle.Differences(oracle, 1e-4, o => ImageOracle.Variation(o, 0, beta)), variation.ToArray(), 1e-4, $"variation, {channels} channels, beta {beta}");
        Agreement.Close(ImageOracle.Differences(oracle, 1e-4, o => ImageOracle.Range(o, 0, 6, 30)), range.ToArray(), 1e-4, $"range, {channels} channels");
    }

    /// <summary>Differences around those at which the floor on the powered value starts to hold, for which no finite difference is taken: it is a rule, not a slope.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1.25)]
    [InlineData(1.5)]
    public void The_floor_is_on_the_powered_value(double beta)
    {
        var shape = new Shape(1, 1, 3, 40);
        float edge = (float)Math.Pow(1e-6, 1 / beta);
        float[] values = [.. Draw.Normal(6, shape.Count, edge)];
        values.AsSpan(0, 10).Clear();
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(shape, values), gradient = bench.Array(shape);
        bench.Arrays.VariationGradient(x, (float)beta, 1, gradient);
        Agreement.Close(ImageOracle.VariationGradient(OracleArray.From(shape, values), beta).Values, gradient.ToArray(), 2e-6, $"beta {beta}");
    }

    [Fact]
    public void Flat_images_have_a_finite_slope()
    {
        using var bench = new ArrayBench();
        var shape = new Shape(1, 3, 8, 33);
        DeviceArray<float> x = bench.Array(shape), gradient = bench.Array(shape);
        bench.Arrays.Fill(x, 7);
        foreach (float beta in (float[])[1, 1.5f, 2])
            bench.Arrays.VariationGradient(x, beta, 1, gradient);
        Assert.All(gradient.ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(new Shape(2, 1, 4, 4)), small = bench.Array(new Shape(2, 1, 4, 3)), flat = bench.Array(new Shape(2, 16));
        DeviceArray<double> energies = bench.Doubles(2);
        Refused<ShapeException>("VariationEnergy: x of 2x16", () => bench.Arrays.VariationEnergy(flat, 2, 1, energies, 0));
        Refused<ShapeException>("VariationEnergy: results has 2 places; 2 from place 1 on do not fit", () => bench.Arrays.VariationEnergy(x, 2, 1, energies, 1));
        Refused<ShapeException>("VariationGradient: gradient of 2x1x4x3 has 24 numbers where x of 2x1x4x4 has 32", () => bench.Arrays.VariationGradient(x, 2, 1, small));
        Refused<PreimageException>("VariationGradient: beta is 0.5", () => bench.Arrays.VariationGradient(x, 0.5f, 1, x));
        Refused<PreimageException>("RangeEnergy: alpha is NaN", () => bench.Arrays.RangeEnergy(x, float.NaN, 1, 1, energies, 0));
        Refused<PreimageException>("RangeGradient: bound is 0", () => bench.Arrays.RangeGradient(x, 2, 0, 1, x));

        static void Refused<T>(string message, Action call) where T : Exception => Assert.Contains(message, Assert.Throws<T>(call).Message, StringComparison.Ordinal);
    }

    static void Relative(double expected, double actual) => Assert.InRange(actual, expected - 1e-6 * Math.Abs(expected), expected + 1e-6 * Math.Abs(expected));

    static int At(int v, int u, int k) => (k * 3 + v) * 4 + u;

    static float[] Golden()
    {
        var x = new float[24];
        for (int k = 0; k < 2; k++)
        for (int v = 0; v < 3; v++)
        for (int u = 0; u < 4; u++)
            x[At(v, u, k)] = (5 * v + 3 * u + 7 * k) % 11 - 4 + 0.5f * k;
        return x;
    }
}
