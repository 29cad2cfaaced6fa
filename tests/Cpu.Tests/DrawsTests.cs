using Preimage.Cpu.Draws;
using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Tests;

/// <summary>Drawn numbers have the same bits with every instruction set, wherever reading starts, and so have products with them.</summary>
public sealed unsafe class DrawsTests
{
    static readonly DrawRule s_flat = new(0, 4 * DrawRule.WordScale, 1), s_cut = new(0.954499736103642 * DrawRule.WordScale, 0.1, 0);

    static readonly DrawRule s_whole = new(DrawRule.WordScale, 2, -3);

    public static TheoryData<int> Rules => [0, 1, 2];

    static DrawRule Rule(int index) => index switch { 0 => s_flat, 1 => s_cut, _ => s_whole };

    /// <summary>FNV-1a over the bits of 65536 elements; tests/CudaSimulator/Kernels/selftest/draws.cpp has the same numbers.</summary>
    [Theory]
    [InlineData(0, 0xd4d4c97du)]
    [InlineData(1, 0x61ff5878u)]
    [InlineData(2, 0xf2db2fe2u)]
    public void Bits_AreTheSameEverywhere(int rule, uint expected)
    {
        foreach (Isa isa in Bits.Executions.Select(e => e.Isa).Distinct())
        {
            uint hash = 2166136261;
            foreach (float value in Draw(isa, rule, (1L << 34) - 1000, 65536))
                hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 16777619;
            Assert.True(hash == expected, $"{isa}, rule {rule}: 0x{hash:x8}, expected 0x{expected:x8}");
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Elements_DoNotDependOnWhereReadingStarts(int rule)
    {
        foreach (Isa isa in Bits.Executions.Select(e => e.Isa).Distinct())
        {
            float[] whole = Draw(isa, rule, 0, 300);
            Assert.Contains(whole, v => v != whole[0]);
            for (int start = 0; start < 70; start += 3)
            {
                foreach (int count in new[] { 0, 1, 2, 3, 4, 5, 31, 32, 33, 64, 100, 201 })
                    Bits.Same(whole.AsSpan(start, count), Draw(isa, rule, start, count), $"{isa}: {count} from {start} on");
            }
        }
    }

    /// <summary>Around every tile and block: samples, outputs, inputs.</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 5, 16 }, { 1, 10, 17 }, { 1, 33, 2560 }, { 1, 9, 20001 }, { 2, 31, 33 }, { 3, 7, 530 }, { 4, 35, 513 }, { 5, 6, 4099 }, { 17, 40, 65 },
        { 66, 13, 90 }, { 1, 2100, 31 }, { 2, 4097, 5 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void DotProduct_EqualsThatOfWeightsInMemory(int m, int n, int k)
    {
        float[] x = Bits.Random(1, m * k), w = Draw(Isa.Scalar, 1, 0, n * k), bias = Bits.Random(3, n);
        foreach (Execution execution in Bits.Executions)
        {
            using GuardedFloats samples = new(x), weights = new(w), biases = new(bias), expected = new(m * n), actual = new(m * n);
            using var scratch = new GuardedFloats((int)(DotProduct.DrawnScratchBytes(execution) / sizeof(float)));
            DotProduct.Run(execution, m, n, k, samples.Pointer, weights.Pointer, expected.Pointer, 0.3f, biases.Pointer, scratch.Address);
            DotProduct.Run(execution, m, n, k, samples.Pointer, new DrawnArray(s_cut, 7, 3), actual.Pointer, 0.3f, biases.Pointer, scratch.Address);
            scratch.Checked();
            Bits.Same(expected.Checked(), actual.Checked(), $"{m}x{n}x{k} on {execution}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void DrawnProduct_EqualsThatOfWeightsInMemory(int m, int n, int k)
    {
        float[] a = Bits.Random(1, m * k), b = Draw(Isa.Scalar, 1, 0, n * k), bias = Bits.Random(3, n);
        for (int i = 0; i < a.Length; i++)
            a[i] = i % 3 == 0 || i % k % 5 == 2 ? 0 : a[i];
        foreach (Execution execution in Bits.Executions)
        {
            using GuardedFloats left = new(a), right = new(b), biases = new(bias), expected = new(m * n), actual = new(m * n);
            using var scratch = new GuardedFloats((int)(DrawnProduct.ScratchBytes(execution) / sizeof(float)));
            StreamedProduct.Run(execution, m, n, k, left.Pointer, right.Pointer, expected.Pointer, 0.3f, biases.Pointer);
            DrawnProduct.Run(execution, m, n, k, left.Pointer, new DrawnArray(s_cut, 7, 3), actual.Pointer, 0.3f, biases.Pointer, scratch.Address);
            scratch.Checked();
            Bits.Same(expected.Checked(), actual.Checked(), $"{m}x{n}x{k} on {execution}");
        }
    }

    /// <summary>Ten thousand rows of which one counts cost one.</summary>
    [Fact]
    public void DrawnProduct_LeavesOutRowsThatNobodyReads()
    {
        const int N = 1 << 20, K = 10_000;
        var execution = new Execution(IsaChoice.Widest, 1);
        float[] a = new float[K];
        a[4321] = 1;
        using GuardedFloats left = new(a), to = new(N);
        using var scratch = new GuardedFloats((int)(DrawnProduct.ScratchBytes(execution) / sizeof(float)));
        DrawnProduct.Run(execution, 1, N, K, left.Pointer, new DrawnArray(s_whole, 7, 3), to.Pointer, 1, null, scratch.Address);
        Bits.Same(Draw(Isa.Scalar, 2, 4321L * N, N), to.Checked(), "one row");
    }

    static float[] Draw(Isa isa, int rule, long first, int count)
    {
        using var to = new GuardedFloats(count);
        RandomDraws.Fill(isa, new DrawnArray(Rule(rule), 7, 3), first, to.Pointer, count);
        return to.Checked();
    }
}
