using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Tests;

/// <summary>The product whose sums run along the rows of its weights, against its documented order and double.</summary>
public sealed unsafe class DotProductTests
{
    const int Partials = 16;

    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int>
            {
                // Around every tile, ticket and block: samples, outputs, inputs.
                { 1, 1, 1 }, { 1, 1, 15 }, { 1, 5, 16 }, { 1, 10, 17 }, { 1, 33, 2560 }, { 1, 70, 70001 }, { 2, 31, 33 }, { 3, 7, 530 }, { 4, 35, 513 },
                { 5, 6, 47 }, { 6, 64, 1040 }, { 7, 66, 600 }, { 8, 9, 1100 }, { 13, 3, 31 }, { 16, 34, 1537 }, { 17, 100, 65 }, { 40, 37, 520 },
                { 128, 4, 530 }, { 129, 33, 49 }, { 300, 5, 20 }, { 2, 1, 33000 }, { 6, 2, 11000 },
            };
            var random = new Random(6);
            for (int i = 0; i < 20; i++)
                data.Add(random.Next(1, 20), random.Next(1, 70), random.Next(1, 80));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Product_EqualsScalarOrderBitForBit(int m, int n, int k)
    {
        float[] x = Bits.Random(1, m * k), w = Bits.Random(2, n * k), bias = Bits.Random(3, n);
        float[] plain = Oracle(m, n, k, x, w, 1, null), scaled = Oracle(m, n, k, x, w, 0.3f, bias);
        foreach (Execution execution in Bits.Executions)
        {
            Bits.Same(plain, Run(execution, m, n, k, x, w, 1, null), $"{m}x{n}x{k} on {execution}");
            Bits.Same(scaled, Run(execution, m, n, k, x, w, 0.3f, bias), $"{m}x{n}x{k} on {execution}, scaled, with a bias");
        }
    }

    /// <summary>Products too small for a float leave a zero with their sign in partial sums that see nothing else: no padding may change it.</summary>
    [Fact]
    public void Zeros_KeepTheirSigns()
    {
        (int m, int n, int k) = (2, 5, 37);
        float[] x = [.. Enumerable.Repeat(1e-30f, m * k)], w = [.. Enumerable.Repeat(-1e-30f, n * k)];
        float[] expected = Oracle(m, n, k, x, w, 1, null);
        Assert.All(expected, v => Assert.True(v == 0 && float.IsNegative(v)));
        foreach (Execution execution in Bits.Executions)
            Bits.Same(expected, Run(execution, m, n, k, x, w, 1, null), $"{execution}");
    }

    [Theory]
    [InlineData(1, 61, 70001)]
    [InlineData(9, 61, 700)]
    public void Product_StaysWithinTheBoundOfDouble(int m, int n, int k)
    {
        float[] x = Bits.Random(1, m * k), w = Bits.Random(2, n * k);
        float[] y = Run(new Execution(IsaChoice.Widest, 2), m, n, k, x, w, 1, null);
        for (int i = 0; i < m * n; i++)
        {
            double sum = 0, size = 0;
            for (int p = 0; p < k; p++)
            {
                double term = (double)x[i / n * k + p] * w[i % n * k + p];
                sum += term;
                size += Math.Abs(term);
            }

            // A chain of k / 16 roundings, and four levels of the tree.
            Assert.True(Math.Abs(y[i] - sum) <= (k / Partials + 7) * Math.Pow(2, -24) * size);
        }
    }

    /// <summary>The documented order: element p to partial sum p mod 16, then 8 to 8, 4 to 4, 2 to 2, 1 to 1.</summary>
    static float[] Oracle(int m, int n, int k, float[] x, float[] w, float alpha, float[]? bias)
    {
        var y = new float[m * n];
        var sums = new float[Partials];
        for (int i = 0; i < y.Length; i++)
        {
            Array.Clear(sums);
            for (int p = 0; p < k; p++)
                sums[p % Partials] = MathF.FusedMultiplyAdd(w[i % n * k + p], x[i / n * k + p], sums[p % Partials]);
            for (int width = 8; width > 0; width /= 2)
            {
                for (int j = 0; j < width; j++)
                    sums[j] += sums[j + width];
            }

            float sum = alpha == 1 ? sums[0] : alpha * sums[0];
            y[i] = bias is null ? sum : sum + bias[i % n];
        }

        return y;
    }

    static float[] Run(Execution execution, int m, int n, int k, float[] x, float[] w, float alpha, float[]? bias)
    {
        using GuardedFloats samples = new(x), weights = new(w), to = new(m * n);
        using var scratch = new GuardedFloats((int)(DotProduct.ScratchBytes(execution) / sizeof(float)));
        using GuardedFloats? biases = bias is null ? null : new(bias);
        DotProduct.Run(execution, m, n, k, samples.Pointer, weights.Pointer, to.Pointer, alpha, biases is null ? null : biases.Pointer, scratch.Address);
        scratch.Checked();
        return to.Checked();
    }
}
