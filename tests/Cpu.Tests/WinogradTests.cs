using Preimage.Cpu.Blocked;
using Preimage.Cpu.Elementwise;

namespace Preimage.Cpu.Tests;

/// <summary>Winograd against double within the bounds of its kind, and against itself bit for bit on everything this machine can run.</summary>
public sealed unsafe class WinogradTests
{
    const double RmsBound = 5e-6, MaxBound = 5e-5;

    static IEnumerable<ConvolutionGeometry> Cases =>
    [
        Square(1, 1, 1, 1, 1),
        Square(1, 17, 4, 5, 1),
        Square(17, 1, 3, 2, 1),
        Square(17, 33, 7, 9, 1),
        Square(16, 16, 8, 8, 1),
        Square(33, 17, 13, 6, 0),
        Square(33, 65, 6, 6, 0),
        Square(48, 64, 14, 14, 1),
        // More tiles than the largest product takes, and rows of them longer than a store.
        Square(3, 20, 9, 75, 1),
        Square(20, 37, 30, 23, 1),
        Square(130, 40, 9, 10, 2),
        // Padding beyond the window: outputs that read nothing, and an adjoint with negative padding.
        Square(5, 3, 5, 6, 4),
        // Asymmetric; the output ends before the input does, and behind it.
        Square(18, 19, 11, 12, 1) with { PadTop = 0, PadLeft = 2, OutH = 5, OutW = 9 },
        Square(2, 21, 6, 5, 1) with { OutH = 11, OutW = 13 },
        Square(2, 3, 5, 5, 0) with { PadTop = -1, PadLeft = -2, OutH = 3, OutW = 3 },
    ];

    [Fact]
    public void ForwardAndAdjoint_StayWithinTheBoundsAndAreTheSameBitsEverywhere()
    {
        foreach (ConvolutionGeometry g in Cases)
        {
            foreach (bool adjoint in new[] { false, true })
            {
                (int c, int k, int plane) = Shape(g, adjoint);
                float[] x = Bits.Random(1, c * SourcePlane(g, adjoint)), w = Bits.Random(2, g.K * g.C * 9);
                double[] exact = Exact(g, adjoint, x, w);
                float[]? expected = null;
                foreach (Execution execution in Bits.Executions)
                {
                    // Whether the filters are packed for the other way changes nothing: the factors are powers of two.
                    foreach ((bool fused, bool turned) in new[] { (false, false), (true, false), (false, true), (true, true) })
                    {
                        float[] y = Run(g, execution, adjoint, fused, 1, x, w, turned);
                        string what = $"{g}, adjoint {adjoint}, fused {fused}, turned {turned} on {execution}";
                        if (expected is null)
                            Near(exact, y, what);
                        expected ??= y;
                        Bits.Same(expected, y, what);
                        Assert.Equal(k * plane, y.Length);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(64, true)]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(512, false)]
    [InlineData(512, true)]
    [Trait(IsaChildTests.Large, IsaChildTests.Yes)]
    public void Error_IsThatOfItsKind(int channels, bool rectified)
    {
        ConvolutionGeometry g = Square(channels, 32, 28, 28, 1);
        float[] x = Normal(1, channels * 28 * 28, 1), w = Normal(2, 32 * channels * 9, Math.Sqrt(2.0 / (9 * channels)));
        for (int i = 0; rectified && i < x.Length; i++)
            x[i] = Math.Max(x[i], 0);
        (double rms, double max) = Near(Exact(g, false, x, w), Run(g, new Execution(IsaChoice.Widest, 1), false, false, 1, x, w), $"{channels}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{channels} channels, rectified {rectified}: rms {rms:E2}, max {max:E2} of the output's rms");
    }

    [Fact]
    public void AdjointIdentity_Holds()
    {
        foreach (ConvolutionGeometry g in Cases)
        {
            float[] x = Bits.Random(1, g.C * g.H * g.W), dy = Bits.Random(2, g.K * g.OutH * g.OutW), w = Bits.Random(3, g.K * g.C * 9);
            var execution = new Execution(IsaChoice.Widest, 1);
            float[] y = Run(g, execution, false, true, 1, x, w), dx = Run(g, execution, true, false, 1, dy, w, turned: true);
            double left = y.Zip(dy, (a, b) => (double)a * b).Sum(), right = x.Zip(dx, (a, b) => (double)a * b).Sum();
            double scale = y.Zip(dy, (a, b) => Math.Abs((double)a * b)).Sum() + 1e-6;
            Assert.True(Math.Abs(left - right) <= 1e-4 * scale, $"{g}: {left} and {right}");
        }
    }

    [Fact]
    public void SampleOfABatch_EqualsTheSampleAlone()
    {
        // 12 tiles a sample: tickets and products hold parts of several.
        ConvolutionGeometry g = Square(18, 35, 9, 15, 1);
        float[] w = Bits.Random(3, g.K * g.C * 9);
        foreach (int n in new[] { 2, 3, 8, 25 })
        {
            float[] x = Bits.Random(4, n * g.C * g.H * g.W);
            foreach (Execution execution in Bits.Executions)
            {
                foreach ((bool fused, bool turned) in new[] { (false, false), (true, false), (false, true), (true, true) })
                {
                    float[] all = Run(g, execution, false, fused, n, x, w, turned);
                    for (int i = 0; i < n; i += n - 1)
                        Bits.Same(Run(g, execution, false, fused, 1, Part(x, n, i), w, turned), Part(all, n, i), $"sample {i} of {n}, turned {turned}, {execution}");
                }
            }
        }
    }

    [Fact]
    public void Epilogue_IsAppliedToTheSums()
    {
        ConvolutionGeometry g = Square(7, 33, 10, 11, 1);
        const int Samples = 3;
        int plane = g.OutH * g.OutW, blocks = BlockedLayout.Blocks(g.K), length = Samples * blocks * plane * 16;
        float[] x = Bits.Random(5, Samples * g.C * g.H * g.W), w = Bits.Random(6, g.K * g.C * 9);
        float[] bias = Padded(Bits.Random(7, g.K), 1, g.K, 1), addend = Padded(Bits.Random(8, Samples * g.K * plane), Samples, g.K, plane);
        int maskStride = (int)PiecewiseForward.MaskStride(blocks * plane * 16) / 2;
        var open = new ushort[Samples * maskStride];
        new Random(9).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(open.AsSpan()));
        foreach (Execution execution in Bits.Executions)
        {
            foreach (bool fused in new[] { false, true })
            {
                float[] sums = RunBlocked(g, execution, false, fused, Samples, x, w, default, out _);
                for (int parts = 0; parts < 32; parts++)
                {
                    using GuardedFloats biases = new(bias), addends = new(addend), gates = new(maskStride * Samples / 2), masks = new(maskStride * Samples / 2);
                    open.CopyTo(new Span<ushort>(gates.Pointer, open.Length));
                    masks.Values.Clear();
                    var epilogue = new Epilogue
                    {
                        Bias = (parts & 1) != 0 ? biases.Pointer : null, Addend = (parts & 2) != 0 ? addends.Pointer : null,
                        Gate = (parts & 4) != 0 ? (ushort*)gates.Pointer : null, Rectify = (parts & 8) != 0,
                        Mask = (parts & 16) != 0 ? (ushort*)masks.Pointer : null,
                    };
                    float[] y = RunBlocked(g, execution, false, fused, Samples, x, w, epilogue, out _);
                    masks.Checked();
                    var expected = new float[length];
                    var expectedMask = new ushort[open.Length];
                    for (int i = 0; i < length; i++)
                    {
                        int sample = i / (blocks * plane * 16), within = i % (blocks * plane * 16), block = within / (plane * 16), lane = i % 16;
                        int word = sample * maskStride + within / 16;
                        float value = sums[i];
                        if ((parts & 1) != 0)
                            value += bias[block * 16 + lane];
                        if ((parts & 2) != 0)
                            value += addend[i];
                        if ((parts & 4) != 0 && (open[word] >> lane & 1) == 0)
                            value = 0;
                        if ((parts & 8) != 0 && value <= 0)
                            value = 0;
                        if ((parts & 16) != 0 && value > 0)
                            expectedMask[word] |= (ushort)(1 << lane);
                        expected[i] = value;
                    }

                    Bits.Same(expected, y, $"parts {parts}, fused {fused} on {execution}");
                    Assert.Equal(expectedMask, new Span<ushort>(masks.Pointer, open.Length).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Planes_NeverExchangeNumbersThatAreNotFinite()
    {
        // A tile with a not-a-number spoils its own 4x4 outputs, and nothing else.
        ConvolutionGeometry g = Square(3, 5, 12, 12, 1);
        float[] x = Bits.Random(1, 2 * g.C * g.H * g.W), w = Bits.Random(2, g.K * g.C * 9), clean = Run(g, new Execution(IsaChoice.Widest, 1), false, true, 2, x, w);
        x[g.W * 5 + 5] = float.NaN;
        float[] y = Run(g, new Execution(IsaChoice.Widest, 1), false, true, 2, x, w);
        for (int i = 0; i < y.Length; i++)
        {
            bool touched = i < y.Length / 2 && i / g.OutW % g.OutH is >= 4 and < 8 && i % g.OutW is >= 4 and < 8;
            Assert.True(touched ? float.IsNaN(y[i]) : y[i].Equals(clean[i]), $"output {i}");
        }
    }

    [Theory]
    [InlineData(64, 64, 224, true)]
    [InlineData(128, 256, 56, true)]
    [InlineData(512, 512, 28, true)]
    [InlineData(512, 512, 14, true)]
    [InlineData(16, 64, 55, true)]
    [InlineData(256, 256, 14, true)]
    [InlineData(512, 512, 7, false)]
    [InlineData(512, 512, 3, false)]
    public void Cost_IsBelowThatOfAllProductsWhereMeasuredSo(int c, int k, int side, bool below)
    {
        ConvolutionGeometry g = Square(c, k, side, side, 1);
        Assert.Equal(below, WinogradCost.MultiplyAdds(g, false, Isa.Avx512) < g.MultiplyAdds / 0.9);
    }

    static ConvolutionGeometry Square(int c, int k, int h, int w, int pad) => new()
    {
        C = c, K = k, H = h, W = w, R = 3, S = 3, PadTop = pad, PadLeft = pad, OutH = h + 2 * pad - 2, OutW = w + 2 * pad - 2,
    };

    static (int C, int K, int Plane) Shape(ConvolutionGeometry g, bool adjoint) =>
        adjoint ? (g.K, g.C, g.H * g.W) : (g.C, g.K, g.OutH * g.OutW);

    static int SourcePlane(ConvolutionGeometry g, bool adjoint) => adjoint ? g.OutH * g.OutW : g.H * g.W;

    /// <summary>The sums in double, scattered tap by tap: x of one pixel goes to y of another through one weight, either way round.</summary>
    static double[] Exact(ConvolutionGeometry g, bool adjoint, float[] from, float[] w)
    {
        int outPlane = g.OutH * g.OutW, inPlane = g.H * g.W;
        var to = new double[adjoint ? g.C * inPlane : g.K * outPlane];
        for (int k = 0; k < g.K; k++)
        for (int c = 0; c < g.C; c++)
        for (int tap = 0; tap < 9; tap++)
        {
            double weight = w[(k * g.C + c) * 9 + tap];
            for (int i = 0; i < g.OutH; i++)
            {
                int row = i + tap / 3 - g.PadTop;
                if ((uint)row >= (uint)g.H)
                    continue;
                for (int j = 0; j < g.OutW; j++)
                {
                    int column = j + tap % 3 - g.PadLeft;
                    if ((uint)column >= (uint)g.W)
                        continue;
                    int x = c * inPlane + row * g.W + column, y = k * outPlane + i * g.OutW + j;
                    if (adjoint)
                        to[x] += weight * from[y];
                    else
                        to[y] += weight * from[x];
                }
            }
        }

        return to;
    }

    static (double Rms, double Max) Near(double[] exact, float[] actual, string what)
    {
        Assert.Equal(exact.Length, actual.Length);
        double scale = Math.Sqrt(exact.Sum(v => v * v) / exact.Length);
        double rms = Math.Sqrt(exact.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / exact.Length);
        double max = exact.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(rms <= RmsBound * scale && max <= MaxBound * scale, $"{what}: rms {rms / scale:E2}, max {max / scale:E2}");
        return (rms / scale, max / scale);
    }

    static float[] Run(ConvolutionGeometry g, Execution execution, bool adjoint, bool fused, int samples, float[] planar, float[] w, bool turned = false)
    {
        float[] blocked = RunBlocked(g, execution, adjoint, fused, samples, planar, w, default, out int channels, turned);
        int plane = Shape(g, adjoint).Plane;
        return Unpadded(blocked, samples, channels, plane);
    }

    /// <summary>Runs with everything guarded, and looks at the pad lanes.</summary>
    static float[] RunBlocked(ConvolutionGeometry g, Execution execution, bool adjoint, bool fused, int samples, float[] planar, float[] w, in Epilogue epilogue,
        out int channels, bool turned = false)
    {
        (int c, int k, int plane) = Shape(g, adjoint);
        channels = k;
        float[] from = Padded(planar, samples, c, SourcePlane(g, adjoint));
        using WinogradFilters filters = new(g, w, adjoint ^ turned, execution.Isa);
        using var convolution = new WinogradConvolution(g, adjoint, filters) { IsFused = fused };
        using GuardedFloats source = new(from), target = new((int)BlockedLayout.Floats(samples, k, plane));
        using var scratch = new GuardedFloats((int)(convolution.ScratchBytes(execution, samples) / sizeof(float)));
        convolution.Run(execution, samples, source.Pointer, target.Pointer, epilogue, scratch.Address);
        scratch.Checked();
        Bits.Same(from, source.Checked(), "the source");
        float[] y = target.Checked();
        for (int i = 0; i < y.Length; i++)
        {
            if (i / (plane * 16) % BlockedLayout.Blocks(k) * 16 + i % 16 >= k)
                Assert.True(BitConverter.SingleToInt32Bits(y[i]) == 0, $"pad lane {i} is {y[i]}");
        }

        return y;
    }

    static float[] Padded(float[] planar, int samples, int channels, int plane)
    {
        int blocks = BlockedLayout.Blocks(channels);
        var blocked = new float[samples * blocks * plane * 16];
        for (int n = 0; n < samples; n++)
        for (int c = 0; c < channels; c++)
        for (int i = 0; i < plane; i++)
            blocked[((n * blocks + c / 16) * plane + i) * 16 + c % 16] = planar[(n * channels + c) * plane + i];
        return blocked;
    }

    static float[] Unpadded(float[] blocked, int samples, int channels, int plane)
    {
        int blocks = BlockedLayout.Blocks(channels);
        var planar = new float[samples * channels * plane];
        for (int n = 0; n < samples; n++)
        for (int c = 0; c < channels; c++)
        for (int i = 0; i < plane; i++)
            planar[(n * channels + c) * plane + i] = blocked[((n * blocks + c / 16) * plane + i) * 16 + c % 16];
        return planar;
    }

    static float[] Part(float[] all, int n, int i) => all[(all.Length / n * i)..(all.Length / n * (i + 1))];

    static float[] Normal(int seed, int count, double scale)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
