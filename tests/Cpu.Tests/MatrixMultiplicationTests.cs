using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Tests;

public sealed unsafe class MatrixMultiplicationTests
{
    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int>
            {
                { 1, 1, 1 }, { 1, 1000, 33 }, { 1, 97, 600 }, { 17, 16, 300 }, { 9, 49, 17 }, { 33, 200, 5 }, { 130, 50, 257 }, { 3, 193, 512 },
                { 261, 35, 200 }, { 17, 1100, 195 }, { 24, 256, 200 }, { 1, 130, 410 }, { 16, 100, 193 },
            };
            var random = new Random(5);
            for (int i = 0; i < 20; i++)
                data.Add(random.Next(1, 35), random.Next(1, 70), random.Next(1, 40));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Product_EqualsScalarOrderBitForBit(int m, int n, int k)
    {
        float[] a = Bits.Random(1, m * k), b = Bits.Random(2, k * n), bias = Bits.Random(3, n), start = Bits.Random(4, m * n);
        foreach (Execution execution in Bits.Executions)
        {
            foreach ((bool aTurned, bool bTurned) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                string what = $"{m}x{n}x{k} on {execution}, turned {aTurned} {bTurned}";
                Bits.Same(Oracle(m, n, k, a, b, 1, null, null), Run(execution, m, n, k, a, aTurned, b, bTurned, 1, null, null), what);
                Bits.Same(Oracle(m, n, k, a, b, 0.3f, bias, null), Run(execution, m, n, k, a, aTurned, b, bTurned, 0.3f, bias, null), what);
                Bits.Same(Oracle(m, n, k, a, b, 1, null, start), Run(execution, m, n, k, a, aTurned, b, bTurned, 1, null, start), what);
            }
        }
    }

    /// <summary>The product for few rows gives the bits of the one for many.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 16, 16)]
    [InlineData(1, 33, 50)]
    [InlineData(2, 17, 15)]
    [InlineData(3, 1100, 7)]
    [InlineData(4, 70, 65)]
    [InlineData(1, 2500, 130)]
    [InlineData(9, 1200, 33)]
    [InlineData(16, 777, 14)]
    public void StreamedProduct_EqualsScalarOrderBitForBit(int m, int n, int k)
    {
        float[] a = Bits.Random(1, m * k), b = Bits.Random(2, k * n), bias = Bits.Random(3, n);
        foreach (Execution execution in Bits.Executions)
        {
            Bits.Same(Oracle(m, n, k, a, b, 1, null, null), Stream(execution, m, n, k, a, b, 1, null), $"{m}x{n}x{k} on {execution}");
            Bits.Same(Oracle(m, n, k, a, b, 0.3f, bias, null), Stream(execution, m, n, k, a, b, 0.3f, bias), $"{m}x{n}x{k} on {execution}");
        }
    }

    static float[] Stream(Execution execution, int m, int n, int k, float[] a, float[] b, float alpha, float[]? bias)
    {
        using GuardedFloats left = new(a), right = new(b), to = new(m * n);
        using GuardedFloats? biases = bias is null ? null : new(bias);
        StreamedProduct.Run(execution, m, n, k, left.Pointer, right.Pointer, to.Pointer, alpha, biases is null ? null : biases.Pointer);
        return to.Checked();
    }

    [Fact]
    public void Product_StaysWithinTheBoundOfDouble()
    {
        (int m, int n, int k) = (7, 61, 700);
        float[] a = Bits.Random(1, m * k), b = Bits.Random(2, k * n);
        float[] c = Run(new Execution(IsaChoice.Widest, 2), m, n, k, a, false, b, false, 1, null, null);
        for (int i = 0; i < m * n; i++)
        {
            double sum = 0, size = 0;
            for (int p = 0; p < k; p++)
            {
                double term = (double)a[i / n * k + p] * b[p * n + i % n];
                sum += term;
                size += Math.Abs(term);
            }

            Assert.True(Math.Abs(c[i] - sum) <= (k + 2) * Math.Pow(2, -24) * size);
        }
    }

    static float[] Oracle(int m, int n, int k, float[] a, float[] b, float alpha, float[]? bias, float[]? start)
    {
        var c = new float[m * n];
        for (int i = 0; i < c.Length; i++)
        {
            float acc = start is null ? 0 : start[i];
            for (int p = 0; p < k; p++)
                acc = MathF.FusedMultiplyAdd(a[i / n * k + p], b[p * n + i % n], acc);
            if (alpha != 1)
                acc = alpha * acc;
            c[i] = bias is null ? acc : acc + bias[i % n];
        }

        return c;
    }

    static float[] Run(Execution execution, int m, int n, int k, float[] a, bool aTurned, float[] b, bool bTurned, float alpha, float[]? bias,
        float[]? start)
    {
        using GuardedFloats left = new(aTurned ? Turned(a, m, k) : a), right = new(bTurned ? Turned(b, k, n) : b), to = new(m * n);
        using var scratch = new GuardedFloats((int)(MatrixMultiplication.ScratchBytes(execution) / sizeof(float)));
        using GuardedFloats? biases = bias is null ? null : new(bias);
        start?.CopyTo(to.Values);
        MatrixView aView = aTurned ? MatrixView.Rows(left.Pointer, m).Transposed : MatrixView.Rows(left.Pointer, k);
        MatrixView bView = bTurned ? MatrixView.Rows(right.Pointer, k).Transposed : MatrixView.Rows(right.Pointer, n);
        MatrixMultiplication.Run(execution, m, n, k, aView, bView, to.Pointer, n, alpha, biases is null ? null : biases.Pointer, start is not null,
            scratch.Address);
        scratch.Checked();
        return to.Checked();
    }

    static float[] Turned(float[] matrix, int rows, int columns)
    {
        var turned = new float[matrix.Length];
        for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            turned[j * rows + i] = matrix[i * columns + j];
        return turned;
    }
}
