using Preimage.Cpu.Elementwise;

namespace Preimage.Cpu.Tests;

public sealed unsafe class ElementwiseTests
{
    static readonly int[] s_lengths = [.. Enumerable.Range(1, 70), 127, 128, 1000, 16384, 16389, 40000];

    /// <summary>Numbers of both signs, zeros of both signs, infinities, not-a-number.</summary>
    static float[] Numbers(int seed, int count)
    {
        float[] values = Bits.Random(seed, count, 3);
        float[] odd = [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, -1, float.Epsilon, -float.Epsilon];
        for (int i = 0; i < count; i += 5)
            values[i] = odd[(i / 5 + seed) % odd.Length];
        return values;
    }

    [Fact]
    public void Piecewise_ForwardAndMask()
    {
        foreach (Execution execution in Bits.Executions)
        {
            foreach (int length in s_lengths)
            {
                float[] x = Numbers(1, length);
                Forward<Relu>(execution, x, 0, 0, v => v <= 0 ? 0 : v, v => v > 0);
                Forward<LeakyRelu>(execution, x, 0.1f, 0, v => v > 0 ? v : 0.1f * v, v => v > 0);
                Forward<Clip>(execution, x, -1, 1, v => v < -1 ? -1 : v > 1 ? 1 : v, v => v > -1 && v < 1);
            }
        }
    }

    [Fact]
    public void Piecewise_BackwardFollowsTheRule()
    {
        foreach (Execution execution in Bits.Executions)
        {
            foreach (int units in s_lengths.Where(l => l < 20000))
            {
                const int rows = 6, seeds = 3;
                float[] x = Numbers(2, units * rows / seeds), signal = Numbers(3, units * rows), slopes = Bits.Random(4, units);
                using GuardedFloats input = new(x), output = new(x.Length), r = new(signal), slope = new(slopes);
                long stride = PiecewiseForward.MaskStride(units);
                using var mask = new GuardedFloats((int)(stride * rows / seeds / 4));
                PiecewiseForward.Run<Relu>(execution, rows / seeds, units, input.Pointer, output.Pointer, (byte*)mask.Address, 0, 0, null);
                mask.Checked();
                foreach (bool clamp in new[] { false, true })
                {
                    foreach (bool masked in new[] { false, true })
                    {
                        foreach (float lower in new[] { 0, 0.25f, float.NaN })
                        {
                            bool perUnit = float.IsNaN(lower);
                            using GuardedFloats result = new(signal.Length);
                            PiecewiseBackward.Run(execution, new PiecewiseRule(clamp, masked, perUnit ? 0 : lower), rows, seeds, units, r.Pointer, result.Pointer,
                                (byte*)mask.Address, perUnit ? slope.Pointer : null);
                            var expected = new float[signal.Length];
                            for (int i = 0; i < expected.Length; i++)
                            {
                                int row = i / units, unit = i % units;
                                float s = clamp && signal[i] <= 0 ? 0 : signal[i];
                                bool upper = x[row / seeds * units + unit] > 0;
                                expected[i] = !masked || upper ? s : perUnit ? slopes[unit] * s : lower == 0 ? 0 : lower * s;
                            }

                            Bits.Same(expected, result.Checked(), $"{units} units on {execution}, clamp {clamp}, masked {masked}, slope {lower}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Piecewise_MayRunInPlace()
    {
        float[] x = Numbers(5, 777);
        foreach (Execution execution in Bits.Executions)
        {
            using var both = new GuardedFloats(x);
            PiecewiseForward.Run<Relu>(execution, 1, x.Length, both.Pointer, both.Pointer, null, 0, 0, null);
            Bits.Same([.. x.Select(v => v <= 0 ? 0 : v)], both.Checked(), $"{execution}");
        }
    }

    [Fact]
    public void Binary_MeetsTheRowOfItsSample()
    {
        foreach (Execution execution in Bits.Executions)
        {
            foreach (int units in s_lengths)
            {
                float[] x = Numbers(6, units * 4), y = Numbers(7, units * 2);
                using GuardedFloats a = new(x), b = new(y), to = new(x.Length);
                BinaryMap.Run<Quotient>(execution, 4, 2, units, a.Pointer, b.Pointer, to.Pointer);
                Bits.Same([.. x.Select((v, i) => v / y[i / units / 2 * units + i % units])], to.Checked(), $"{units} on {execution}");
            }
        }
    }

    [Fact]
    public void Broadcast_EqualsTheLoopOverIndices()
    {
        int[][][] cases =
        [
            [[2, 3, 4, 5], [2, 3, 4, 5], [2, 3, 4, 5]], [[2, 3, 4, 5], [3, 1, 1], [2, 3, 4, 5]], [[2, 3, 1, 5], [1, 1, 4, 1], [2, 3, 4, 5]],
            [[5], [2, 3, 4, 5], [2, 3, 4, 5]], [[2, 3], [3], [2, 3]], [[2, 1], [1, 3], [2, 3]], [[1], [1], [1]], [[7, 33], [7, 1], [7, 33]],
            [[2, 1, 9], [2, 6, 1], [2, 6, 9]], [[1, 3, 1, 1], [2, 3, 8, 17], [2, 3, 8, 17]], [[3, 8, 1], [2, 3, 8, 17], [2, 3, 8, 17]], [[1], [4, 3, 2], [4, 3, 2]],
        ];
        foreach (int[][] c in cases)
        {
            float[] a = Bits.Random(1, Count(c[0])), b = Bits.Random(2, Count(c[1]));
            var expected = new float[Count(c[2])];
            for (int i = 0; i < expected.Length; i++)
                expected[i] = a[At(c[2], i, c[0])] - b[At(c[2], i, c[1])];
            foreach (Execution execution in Bits.Executions)
            {
                using GuardedFloats left = new(a), right = new(b), to = new(expected.Length);
                BroadcastMap.Run<Difference>(execution, new BroadcastPlan(c[0], c[1], c[2]), c[2][0], left.Pointer, right.Pointer, to.Pointer);
                Bits.Same(expected, to.Checked(), $"({string.Join(',', c[0])}) - ({string.Join(',', c[1])}) on {execution}");
            }
        }

        Assert.Throws<ArgumentException>(() => new BroadcastPlan([2, 3], [4], [2, 4]));
    }

    static void Forward<TFunction>(Execution execution, float[] x, float a, float b, Func<float, float> value, Func<float, bool> upper)
        where TFunction : struct, IPiecewise
    {
        using GuardedFloats input = new(x), output = new(x.Length);
        using var mask = new GuardedFloats((int)(PiecewiseForward.MaskStride(x.Length) / 4));
        PiecewiseForward.Run<TFunction>(execution, 1, x.Length, input.Pointer, output.Pointer, (byte*)mask.Address, a, b, null);
        string what = $"{typeof(TFunction).Name} of {x.Length} on {execution}";
        Bits.Same([.. x.Select(value)], output.Checked(), what);
        mask.Checked();
        var bytes = new ReadOnlySpan<byte>((void*)mask.Address, (x.Length + 7) / 8);
        for (int i = 0; i < bytes.Length * 8; i++)
        {
            bool set = (bytes[i / 8] >> (i % 8) & 1) != 0;
            Assert.True(set == (i < x.Length && upper(x[i])), $"{what}: bit {i}");
        }
    }

    static int Count(int[] extents) => extents.Aggregate(1, (p, e) => p * e);

    /// <summary>Where element i of the result reads an input.</summary>
    static int At(int[] output, int i, int[] input)
    {
        int at = 0, stride = 1;
        for (int axis = output.Length - 1, from = input.Length - 1; from >= 0; axis--, from--)
        {
            at += input[from] == 1 ? 0 : i % output[axis] * stride;
            i /= output[axis];
            stride *= input[from];
        }

        return at;
    }
}
