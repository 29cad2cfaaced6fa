using Preimage.Cpu.Pooling;

namespace Preimage.Cpu.Tests;

public sealed unsafe class PoolingTests
{
    [Fact]
    public void OverlappingWindows_GiveThePublishedNumbers()
    {
        float[] x = [1, 2, 3, 2, 1, 2, 5, 4, 9, 0, 3, 4, 8, 4, 1, 0, 1, 4, 7, 6, 2, 2, 1, 6, 3];
        var g = new PoolingGeometry { C = 1, H = 5, W = 5, OutH = 2, OutW = 2, R = 3, S = 3, StrideY = 2, StrideX = 2 };
        (float[] y, int[] switches) = Forward(g, 1, new Execution(Isa.Scalar, 1), x);
        Assert.Equal([8, 9, 8, 8], y);
        Assert.Equal([12, 8, 12, 12], switches);
        var expected = new float[25];
        (expected[8], expected[12]) = (20, 80);
        Assert.Equal(expected, Backward(g, 1, 1, new Execution(Isa.Scalar, 1), [10, 20, 30, 40], switches));
    }

    [Fact]
    public void MaxPooling_TakesTheFirstMaximumAndNotANumberWins()
    {
        var g = new PoolingGeometry { C = 1, H = 2, W = 3, OutH = 1, OutW = 1, R = 2, S = 3 };
        foreach ((float[] x, int at) in new (float[], int)[]
        {
            ([1, 3, 2, 3, 3, 0], 1), ([-1, -2, -3, -1, -5, -6], 0), ([1, float.NaN, 9, float.NaN, 2, 3], 1), ([float.NaN, 1, 2, 3, 4, 5], 0),
            ([-0f, 0, 0, 0, 0, 0], 0), ([float.NegativeInfinity, float.NegativeInfinity, 0, 0, 0, 0], 2),
            ([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], 0),
        })
        {
            (float[] y, int[] switches) = Forward(g, 1, new Execution(Isa.Scalar, 1), x);
            Assert.Equal(at, switches[0]);
            Bits.Same([x[at]], y, "the maximum");
        }
    }

    /// <summary>Planes wide enough for vectors, full of equal values, signed zeros and not-a-number.</summary>
    [Theory]
    [InlineData(3, 2, 0, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(3, 1, 2, 2)]
    [InlineData(3, 2, 2, 3)]
    [InlineData(3, 3, 1, 1)]
    [InlineData(1, 2, 0, 1)]
    public void MaxPooling_KeepsItsTiesInVectors(int taps, int stride, int pad, int dilation)
    {
        const int Height = 9;
        var random = new Random(taps + 10 * stride);
        foreach (int width in (ReadOnlySpan<int>)[16, 33, 34, 35, 64, 111])
        {
            int span = dilation * (taps - 1) + 1;
            var g = new PoolingGeometry
            {
                C = 2, H = Height, W = width, R = taps, S = taps, StrideY = stride, StrideX = stride, PadTop = pad, PadLeft = pad, PadBottom = pad, PadRight = pad,
                DilationY = dilation, DilationX = dilation, OutH = (Height + 2 * pad - span) / stride + 1, OutW = (width + 2 * pad - span) / stride + 1,
            };
            float[] values = [-1, -0f, 0, 1, 2, 2, 2, float.NaN, float.NegativeInfinity];
            var x = new float[g.C * Height * width];
            for (int i = 0; i < x.Length; i++)
                x[i] = random.Next(4) > 0 ? values[random.Next(7)] : values[random.Next(values.Length)];
            (float[] y, int[] switches) = Forward(g, 1, new Execution(Isa.Scalar, 1), x);
            foreach (Execution execution in Bits.Executions)
            {
                (float[] others, int[] otherSwitches) = Forward(g, 1, execution, x);
                Bits.Same(y, others, $"{width} wide on {execution}");
                Assert.Equal(switches, otherSwitches);
            }
        }
    }

    [Fact]
    public void MaxPooling_EqualsTheLoopOverWindows()
    {
        foreach (PoolingGeometry g in Cases())
        {
            const int samples = 2, seeds = 3;
            float[] x = Bits.Random(1, samples * g.C * g.H * g.W), signal = Bits.Random(2, samples * seeds * g.C * g.OutH * g.OutW);
            var y = new float[samples * g.C * g.OutH * g.OutW];
            var at = new int[y.Length];
            Visit(g, samples, (o, plane, taps) =>
            {
                (y[o], at[o]) = (float.NegativeInfinity, -1);
                foreach (int tap in taps.Where(t => t >= 0))
                {
                    if (at[o] < 0 || x[plane * g.H * g.W + tap] > y[o])
                        (y[o], at[o]) = (x[plane * g.H * g.W + tap], tap);
                }
            });
            var back = new float[samples * seeds * g.C * g.H * g.W];
            int outputs = g.C * g.OutH * g.OutW;
            for (int i = 0; i < signal.Length; i++)
            {
                int row = i / outputs, within = i % outputs, to = at[row / seeds * outputs + within];
                if (to >= 0)
                    back[(row * g.C + within / (g.OutH * g.OutW)) * g.H * g.W + to] += signal[i];
            }

            foreach (int lanes in new[] { 1, 2 })
            {
                (float[] actual, int[] switches) = Forward(g, samples, new Execution(Isa.Scalar, lanes), x);
                Bits.Same(y, actual, $"{g}");
                Assert.Equal(at, switches);
                Bits.Same(back, Backward(g, samples * seeds, seeds, new Execution(Isa.Scalar, lanes), signal, at), $"{g}");
            }
        }
    }

    [Fact]
    public void AveragePooling_CountsByItsConventionAndItsAdjointSpreads()
    {
        foreach (PoolingGeometry drawn in Cases())
        {
            foreach (bool countsPad in new[] { false, true })
            {
                PoolingGeometry g = drawn with { CountIncludesPad = countsPad };
                float[] x = Bits.Random(1, g.C * g.H * g.W), signal = Bits.Random(2, g.C * g.OutH * g.OutW), y = new float[signal.Length], back = new float[x.Length];
                Visit(g, 1, (o, plane, taps) =>
                {
                    // -1 is a tap in the padding, -2 one beyond it.
                    int count = taps.Count(t => t >= 0 || (countsPad && t == -1));
                    float sum = 0;
                    foreach (int tap in taps.Where(t => t >= 0))
                    {
                        sum += x[plane * g.H * g.W + tap];
                        back[plane * g.H * g.W + tap] += signal[o] / count;
                    }

                    y[o] = count == 0 ? 0 : sum / count;
                });
                using GuardedFloats input = new(x), output = new(y.Length), r = new(signal), result = new(x.Length);
                AveragePooling.Forward(new Execution(Isa.Scalar, 2), g, g.C, input.Pointer, output.Pointer);
                AveragePooling.Backward(new Execution(Isa.Scalar, 2), g, g.C, r.Pointer, result.Pointer);
                Bits.Same(y, output.Checked(), $"{g}");
                Bits.Same(back, result.Checked(), $"{g}");
            }
        }
    }

    [Theory]
    [InlineData(3, 0, 1)]
    [InlineData(2, 0, 0)]
    [InlineData(4, 0, 1)]
    [InlineData(3, 1, 0)]
    [InlineData(3, 5, 0)]
    [InlineData(3, -7, 7)]
    public void Centre_IsTheMiddleTapOrTheElementNextToIt(int taps, int pad, int expected) => Assert.Equal(expected, Window.Centre(-pad, taps, 1, 8));

    [Fact]
    public void BackwardToCentres_AddsWhereWindowsShareACentre()
    {
        var g = new PoolingGeometry { C = 1, H = 3, W = 3, OutH = 2, OutW = 2, R = 2, S = 2 };
        using GuardedFloats signal = new(new float[] { 1, 2, 3, 4 }), result = new(9);
        MaxPooling.BackwardToCentres(new Execution(Isa.Scalar, 1), g, 1, signal.Pointer, result.Pointer);
        Assert.Equal([1, 2, 0, 3, 4, 0, 0, 0, 0], result.Checked());
        var shared = g with { H = 1, W = 2, OutH = 1, OutW = 2, R = 1, PadLeft = 1 };
        using GuardedFloats two = new(new float[] { 5, 7 }), both = new(2);
        MaxPooling.BackwardToCentres(new Execution(Isa.Scalar, 1), shared, 1, two.Pointer, both.Pointer);
        Assert.Equal([12, 0], both.Checked());
    }

    static IEnumerable<PoolingGeometry> Cases()
    {
        yield return new PoolingGeometry { C = 3, H = 13, W = 13, OutH = 1, OutW = 1, R = 13, S = 13 };
        var random = new Random(8);
        for (int i = 0; i < 120; i++)
        {
            yield return new PoolingGeometry
            {
                C = random.Next(1, 4), H = random.Next(1, 12), W = random.Next(1, 12), OutH = random.Next(1, 6), OutW = random.Next(1, 6),
                R = random.Next(1, 5), S = random.Next(1, 5), StrideY = random.Next(1, 4), StrideX = random.Next(1, 4), PadTop = random.Next(0, 4),
                PadLeft = random.Next(0, 4), PadBottom = random.Next(0, 4), PadRight = random.Next(0, 4), DilationY = random.Next(1, 3),
                DilationX = random.Next(1, 3),
            };
        }
    }

    /// <summary>All taps of all windows in row-major order: the position in the plane, -1 in the padding, -2 beyond it.</summary>
    static void Visit(PoolingGeometry g, int samples, Action<int, int, List<int>> window)
    {
        for (int o = 0; o < samples * g.C * g.OutH * g.OutW; o++)
        {
            int i = o / g.OutW % g.OutH, j = o % g.OutW;
            var taps = new List<int>();
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            {
                int y = i * g.StrideY - g.PadTop + r * g.DilationY, x = j * g.StrideX - g.PadLeft + s * g.DilationX;
                bool inside = y >= 0 && y < g.H && x >= 0 && x < g.W;
                bool padding = y >= -g.PadTop && y < g.H + g.PadBottom && x >= -g.PadLeft && x < g.W + g.PadRight;
                taps.Add(inside ? y * g.W + x : padding ? -1 : -2);
            }

            window(o, o / (g.OutH * g.OutW), taps);
        }
    }

    static (float[] Y, int[] Switches) Forward(PoolingGeometry g, int samples, Execution execution, float[] x)
    {
        int count = samples * g.C * g.OutH * g.OutW;
        using GuardedFloats input = new(x), output = new(count), switches = new(count);
        MaxPooling.Forward(execution, g, samples * g.C, input.Pointer, output.Pointer, (int*)switches.Address);
        switches.Checked();
        return (output.Checked(), new Span<int>((void*)switches.Address, count).ToArray());
    }

    static float[] Backward(PoolingGeometry g, int rows, int seeds, Execution execution, float[] signal, int[] switches)
    {
        using GuardedFloats r = new(signal), result = new(rows * g.C * g.H * g.W);
        fixed (int* at = switches)
            MaxPooling.Backward(execution, g, rows, seeds, r.Pointer, result.Pointer, at);
        return result.Checked();
    }
}
