using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>Element-wise operators, sums and products of arrays against loops of doubles, with one row for all and with a row each.</summary>
public sealed class ArithmeticTests
{
    static readonly Shape s_shape = new(3, 5, 13, 7);

    public static TheoryData<int> Rows => [1, 3];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rows_are_added_and_taken_off(int rows)
    {
        using var bench = new ArrayBench();
        Shape shared = s_shape.WithSamples(rows);
        float[] x = Draw.Normal(1, s_shape.Count), other = Draw.Normal(2, shared.Count), maskValues = Draw.Normal(3, shared.Count);
        DeviceArray<float> a = bench.Array(s_shape, x), b = bench.Array(shared, other), mask = bench.Array(shared, maskValues), to = bench.Array(s_shape);
        DeviceArray<double> coefficients = bench.Loop.Allocate<double>(new Shape(4), [9, -0.5, 2, 1.0 / 3]);

        bench.Arrays.Copy(a, to);
        bench.Arrays.Add(b, to, 0.75f);
        Close(i => x[i] + 0.75 * other[i % other.Length], to);
        bench.Arrays.Copy(b, to);
        Close(i => other[i % other.Length], to);
        bench.Arrays.Residual(a, b, null, 3, to);
        Close(i => 3.0 * ((double)x[i] - other[i % other.Length]), to);
        bench.Arrays.Residual(a, b, mask, -2, to);
        Close(i => -2.0 * maskValues[i % other.Length] * ((double)x[i] - other[i % other.Length]), to);
        bench.Arrays.Copy(a, to);
        double[] each = [-0.5, 2, 1.0 / 3];
        bench.Arrays.AddScaledRows(b, coefficients, 1, 4, to);
        Close(i => x[i] + 4 * each[i / s_shape.SampleCount] * other[i % other.Length], to);
        bench.Arrays.Scale(to, to, 0.5f);
        Close(i => 0.5 * (x[i] + 4 * each[i / s_shape.SampleCount] * other[i % other.Length]), to);
    }

    [Fact]
    public void Inverse_roots_are_those_of_floats()
    {
        using var bench = new ArrayBench();
        DeviceArray<double> values = bench.Loop.Allocate<double>(new Shape(7), [4, 0, -1, 1e-30, 2, double.NaN, 0.25]);
        bench.Arrays.InverseRoots(values);
        Assert.Equal([0.5, 0, 0, 1 / MathF.Sqrt(1e-30f), 1 / MathF.Sqrt(2), 0, 2], values.ToArray());
    }

    [Fact]
    public void Channels_are_scaled_and_shifted()
    {
        using var bench = new ArrayBench();
        float[] x = Draw.Normal(1, s_shape.Count), scales = Draw.Normal(2, 5), shifts = Draw.Normal(3, 5);
        DeviceArray<float> a = bench.Array(s_shape, x), scale = bench.Array(new Shape(5), scales), shift = bench.Array(new Shape(5), shifts), to = bench.Array(s_shape);
        bench.Arrays.ScaleChannels(a, scale, shift, to);
        Close(i => (double)scales[i / 91 % 5] * x[i] + shifts[i / 91 % 5], to);
        bench.Arrays.ScaleChannels(to, scale, null, to);
        Close(i => scales[i / 91 % 5] * ((double)scales[i / 91 % 5] * x[i] + shifts[i / 91 % 5]), to);
        bench.Arrays.Fill(to, -3);
        Close(_ => -3, to);
    }

    /// <summary>Lengths around a chunk of 4096 and around the 256 sums side by side, and enough chunks that their sums wrap round too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(70_001)]
    [InlineData(1_060_000)]
    public void Sums_are_of_doubles(int count)
    {
        using var bench = new ArrayBench();
        int rows = count > 100_000 ? 1 : 3;
        // Far from 0, where sums of floats would lose digits.
        float[] x = Draw.Normal(1, rows * count, 1, 1000), y = Draw.Normal(2, rows * count, 1, -500);
        DeviceArray<float> a = bench.Array(new Shape(rows, count), x), b = bench.Array(new Shape(rows, count), y), first = bench.Array(new Shape(1, count), y[..count]);
        DeviceArray<double> results = bench.Doubles(3 * rows + 2);
        bench.Arrays.Sum(a, 0.1, results, 1);
        bench.Arrays.Dot(a, b, -2, results, 1 + rows);
        bench.Arrays.Dot(a, first, 1, results, 1 + 2 * rows);
        double[] actual = results.ToArray();
        Assert.Equal((0, 0), (actual[0], actual[^1]));
        for (int row = 0; row < rows; row++)
        {
            double sum = 0, dot = 0, withFirst = 0;
            for (int i = 0; i < count; i++)
            {
                sum += x[row * count + i];
                dot += (double)x[row * count + i] * y[row * count + i];
                withFirst += (double)x[row * count + i] * y[i];
            }

            Near(0.1 * sum, actual[1 + row]);
            Near(-2 * dot, actual[1 + rows + row]);
            Near(withFirst, actual[1 + 2 * rows + row]);
        }

        static void Near(double expected, double actual) => Assert.InRange(Math.Abs(actual - expected), 0, 1e-12 * Math.Abs(expected));
    }

    /// <summary>Chunks of 4096, in each 256 sums side by side, those 16 apart joined first: the order that a GPU's blocks keep too.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(4096 + 300)]
    [InlineData(4096 * 257 + 5)]
    public void Sums_keep_their_order(int count)
    {
        using var bench = new ArrayBench();
        float[] x = Draw.Normal(1, count, 1e3), y = Draw.Normal(2, count);
        DeviceArray<double> results = bench.Doubles(2);
        DeviceArray<float> a = bench.Array(new Shape(1, count), x), b = bench.Array(new Shape(1, count), y);
        bench.Arrays.Sum(a, 0.7, results, 0);
        bench.Arrays.Dot(a, b, 0.7, results, 1);
        Assert.Equal([0.7 * Chunked(count, i => x[i]), 0.7 * Chunked(count, i => (double)x[i] * y[i])], results.ToArray());

        static double Chunked(int count, Func<int, double> term)
        {
            int chunks = (count + 4095) / 4096;
            var sums = new double[chunks];
            for (int chunk = 0; chunk < chunks; chunk++)
                sums[chunk] = Block(Math.Min(4096, count - 4096 * chunk), i => term(4096 * chunk + i));
            return Block(chunks, i => sums[i]);
        }

        static double Block(int count, Func<int, double> term)
        {
            var seats = new double[256];
            for (int i = 0; i < count; i++)
                seats[i % 256] += term(i);
            var sixteen = new double[16];
            for (int seat = 0; seat < 16; seat++)
            {
                sixteen[seat] = seats[seat];
                for (int i = seat + 16; i < 256; i += 16)
                    sixteen[seat] += seats[i];
            }

            double sum = sixteen[0];
            for (int i = 1; i < 16; i++)
                sum += sixteen[i];
            return sum;
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 7, 2)]
    [InlineData(33, 65, 17, 3)]
    [InlineData(20, 18, 9, 13)]
    [InlineData(227, 120, 227, 2)]
    public void Products_of_every_kind(int m, int n, int k, int products)
    {
        using var bench = new ArrayBench();
        foreach ((bool severalA, bool severalB) in ((bool, bool)[])[(true, true), (false, true), (true, false), (false, false)])
        foreach ((bool transposeA, bool transposeB) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
        foreach ((float alpha, float beta) in ((float, float)[])[(1, 0), (0.5f, 0), (1, 1), (-2, 1), (3, -0.5f)])
        {
            float[] a = Draw.Normal(1, (severalA ? products : 1) * m * k), b = Draw.Normal(2, (severalB ? products : 1) * k * n), c = Draw.Normal(3, products * m * n);
            // What beta = 0 puts away is not looked at.
            if (beta == 0)
                c.AsSpan().Fill(float.NaN);
            DeviceArray<float> to = bench.Array(new Shape(products, m, n), c);
            bench.Arrays.Product(m, n, k, bench.Array(new Shape(a.Length), a), transposeA, bench.Array(new Shape(b.Length), b), transposeB, alpha, beta, to);
            var expected = new double[c.Length];
            for (int p = 0; p < products; p++)
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int l = 0; l < k; l++)
                    sum += (double)a[(severalA ? p * m * k : 0) + (transposeA ? l * m + i : i * k + l)] * b[(severalB ? p * k * n : 0) + (transposeB ? j * k + l : l * n + j)];
                int at = (p * m + i) * n + j;
                expected[at] = alpha * sum + (beta == 0 ? 0 : beta * c[at]);
            }

            Agreement.Close(expected, to.ToArray(), 2e-6, $"{m}x{n}x{k}, {products} products, {severalA} {severalB}, {transposeA} {transposeB}, {alpha} {beta}");
        }
    }

    [Fact]
    public void The_lowest_is_kept_and_not_a_number_never()
    {
        using var bench = new ArrayBench();
        var shape = new Shape(3, 1, 2, 2);
        double[][] first = [[5, 1, double.NaN], [3, double.PositiveInfinity, 4], [2, 2, double.NegativeInfinity], [double.NaN, -1, 9]];
        DeviceArray<float> x = bench.Array(shape), best = bench.Array(shape);
        DeviceArray<double> energies = bench.Doubles(6), ring = bench.Doubles(12), total = bench.Doubles(3);
        DeviceArray<double> lowest = bench.Loop.Allocate<double>(new Shape(3), [.. Enumerable.Repeat(double.PositiveInfinity, 3)]);
        for (int i = 0; i < first.Length; i++)
        {
            // Two terms a row, the second of which is 10 for all.
            energies.Upload([.. first[i], 10, 10, 10]);
            int value = i + 1;
            bench.Loop.Repeat(() =>
            {
                bench.Arrays.Fill(x, value);
                bench.Arrays.Note(energies, ring, total, x, best, lowest);
            }, 1, TestContext.Current.CancellationToken);
            Assert.Equal(first[i].Select(v => v + 10), total.ToArray());
        }

        Assert.Equal([12, 9, double.NegativeInfinity], lowest.ToArray());
        Assert.Equal([3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 3, 3], best.ToArray());
        // Two slots: the last two iterations, each [terms][rows].
        Assert.Equal([.. first[2], 10, 10, 10, .. first[3], 10, 10, 10], ring.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var bench = new ArrayBench();
        DeviceArray<float> x = bench.Array(new Shape(3, 4)), two = bench.Array(new Shape(2, 4)), other = bench.Array(new Shape(1, 5));
        DeviceArray<double> results = bench.Doubles(3), four = bench.Doubles(4);
        Refused("Add: x of 2x4 neither is as large as y of 3x4 nor has one row of 4 numbers", () => bench.Arrays.Add(two, x));
        Refused("Copy: from of 1x5", () => bench.Arrays.Copy(other, x));
        Refused("Scale: x of 2x4 has 8 numbers where y of 3x4 has 12", () => bench.Arrays.Scale(two, x, 1));
        Refused("ScaleChannels: scale of 1x5 has 5 numbers for 4 channels of x of 3x4", () => bench.Arrays.ScaleChannels(x, other, null, x));
        Refused("Residual: residual of 2x4", () => bench.Arrays.Residual(x, x, null, 1, two));
        Refused("Residual: target of 2x4", () => bench.Arrays.Residual(x, two, null, 1, x));
        Refused("Residual: mask of 1x5", () => bench.Arrays.Residual(x, x, other, 1, x));
        Refused("Sum: results has 3 places; 3 from place 1 on do not fit", () => bench.Arrays.Sum(x, 1, results, 1));
        Refused("Sum: results has 3 places; 3 from place -1 on do not fit", () => bench.Arrays.Sum(x, 1, results, -1));
        Refused("Dot: y of 2x4", () => bench.Arrays.Dot(x, two, 1, results, 0));
        Refused("AddScaledRows: coefficients has 3 places", () => bench.Arrays.AddScaledRows(x, results, 1, 1, x));
        Refused("Product: c of 3x4 has 12 numbers, not a whole number of matrices of 5x2", () => bench.Arrays.Product(5, 2, 1, x, false, x, false, 1, 0, x));
        Refused("Product: a of 3x4 has 12 numbers, neither one matrix of 2x4 nor 2", () => bench.Arrays.Product(2, 3, 4, x, false, x, false, 1, 0, x));
        Refused("Product: m = 0", () => bench.Arrays.Product(0, 3, 4, x, false, x, false, 1, 0, x));
        Refused("Note: total has 4 and lowest 3 numbers for 3 rows", () => bench.Arrays.Note(results, results, four, x, x, results));
        Refused("Note: energies of 4", () => bench.Arrays.Note(four, results, results, x, x, results));
        Refused("Note: ring of 4", () => bench.Arrays.Note(results, four, results, x, x, results));

        static void Refused(string message, Action call) => Assert.Contains(message, Assert.Throws<ShapeException>(call).Message, StringComparison.Ordinal);
    }

    static void Close(Func<int, double> expected, DeviceArray<float> actual) => Agreement.Close([.. Enumerable.Range(0, actual.Count).Select(expected)], actual.ToArray(), 2e-7, "an array");
}
