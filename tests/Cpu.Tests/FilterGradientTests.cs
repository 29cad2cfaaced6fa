using Preimage.Cpu.Blocked;
using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Tests;

public sealed unsafe class FilterGradientTests
{
    /// <summary>Every way to compute one.</summary>
    public enum Way
    {
        Planar,
        Blocked,
        Picture,
        Depthwise,
        Whole,
    }

    /// <summary>Around the tiles over channels and the cuts into chunks.</summary>
    static IEnumerable<ConvolutionGeometry> More =>
    [
        // Planes that are joined, that just are one chunk, and that are cut, evenly and not.
        Square(16, 32, 7, 3, 1, 1),
        Square(17, 48, 16, 3, 1, 1),
        Square(20, 33, 17, 3, 1, 1),
        Square(5, 17, 28, 3, 1, 1),
        Square(40, 16, 23, 1, 1, 0),
        Square(48, 64, 14, 3, 2, 1),
        Square(24, 40, 9, 5, 1, 2),
        // A row that is longer than a chunk.
        new() { C = 3, H = 2, W = 601, K = 18, OutH = 2, OutW = 300, R = 2, S = 3, StrideX = 2, PadTop = 1 },
        // Pictures: kernel rows of one to more than sixteen taps, whole tiles of positions and not, more chunks than a wave.
        new() { C = 3, H = 61, W = 47, K = 40, OutH = 13, OutW = 10, R = 11, S = 11, StrideY = 4, StrideX = 4, PadLeft = 1 },
        new() { C = 4, H = 37, W = 70, K = 33, OutH = 19, OutW = 35, R = 7, S = 7, StrideY = 2, StrideX = 2, PadTop = 3, PadLeft = 3 },
        new() { C = 1, H = 30, W = 39, K = 17, OutH = 28, OutW = 20, R = 3, S = 20 },
        new() { C = 2, H = 30, W = 39, K = 7, OutH = 28, OutW = 39, R = 3, S = 5, DilationX = 2, PadLeft = 4 },
        Square(1, 3, 90, 4, 1, 1),
        Square(3, 64, 60, 3, 1, 1),
        // Filters as large as the plane, a pixel among them.
        new() { C = 50, H = 4, W = 4, K = 70, OutH = 1, OutW = 1, R = 4, S = 4 },
        new() { C = 16, H = 2, W = 5, K = 33, OutH = 1, OutW = 1, R = 2, S = 5 },
        new() { C = 37, H = 1, W = 1, K = 10, OutH = 1, OutW = 1, R = 1, S = 1 },
        // Two groups of whole blocks.
        Square(64, 96, 6, 3, 1, 1) with { Groups = 2 },
    ];

    static IEnumerable<ConvolutionGeometry> All => ConvolutionCases.All.Concat(More);

    [Fact]
    public void Planar_EqualsTheOracleBitForBit() => ForEach(Way.Planar, _ => true);

    [Fact]
    public void Blocked_EqualsTheOracleBitForBit() => ForEach(Way.Blocked, g => FilterGradientBlocked.Supports(g));

    [Fact]
    public void Picture_EqualsTheOracleBitForBit() => ForEach(Way.Picture, g => FilterGradientPicture.Supports(g));

    [Fact]
    public void Whole_EqualsTheOracleBitForBit_InOneChunkAndInSeveral()
    {
        ConvolutionGeometry[] cases = [.. All.Where(g => WholeConvolution.Supports(g))];
        Assert.True(cases.Length >= 3, $"{cases.Length} cases");
        foreach (ConvolutionGeometry g in cases)
        {
            Check(Way.Whole, g, 3, [.. Bits.Executions]);
            Check(Way.Whole, g, 600, [Bits.Executions.First(), Bits.Executions.Last()]);
        }
    }

    [Fact]
    public void Depthwise_EqualsTheOracleBitForBit()
    {
        ConvolutionGeometry[] cases =
        [
            Square(1, 1, 9, 3, 1, 1), Square(16, 16, 23, 3, 1, 1) with { Groups = 16 }, Square(35, 35, 7, 3, 2, 1) with { Groups = 35 },
            Square(18, 18, 20, 5, 1, 2) with { Groups = 18, DilationY = 2, OutH = 16 },
        ];
        foreach (ConvolutionGeometry g in cases)
            Check(Way.Depthwise, g, 3, [.. Bits.Executions]);
    }

    [Fact]
    public void Oracle_LiesWithinTheBoundOfTheDoubleSum()
    {
        foreach (ConvolutionGeometry g in All)
        {
            (float[] x, float[] dy) = Values(g, 3);
            (double[] values, double[] bounds) = FilterGradientOracle.Exact(g, 3, x, dy);
            float[] dw = FilterGradientOracle.Of(g, 3, x, dy);
            for (int i = 0; i < dw.Length; i++)
                Assert.True(Math.Abs(dw[i] - values[i]) <= bounds[i], $"{g}: element {i} is {dw[i]}, not {values[i]} +- {bounds[i]}");
        }
    }

    [Fact]
    public void DoubleSum_IsTheSlopeOfTheLoss()
    {
        // loss = sum y * dy is linear in each weight: a difference of any width is the derivative but for rounding.
        foreach (ConvolutionGeometry g in All.Where(g => g.K * (long)g.C * g.R * g.S < 3000))
        {
            (float[] x, float[] dy) = Values(g, 1);
            (double[] slopes, _) = FilterGradientOracle.Exact(g, 1, x, dy);
            float[] w = Bits.Random(3, slopes.Length);
            foreach (int at in new[] { 0, slopes.Length / 3, slopes.Length - 1 })
            {
                double before = Loss(), scale = Math.Max(slopes.Max(Math.Abs), 1);
                w[at] += 1;
                Assert.Equal(slopes[at], Loss() - before, 1e-6 * scale);
                w[at] -= 1;
            }

            double Loss() => ConvolutionOracle.ForwardExact(g, x, w).Values.Select((y, i) => y * dy[i]).Sum();
        }
    }

    [Fact]
    public void Samples_OfEveryCount()
    {
        ConvolutionGeometry[] cases = [Square(17, 33, 5, 3, 1, 1), Square(16, 32, 11, 3, 2, 1), Square(3, 8, 19, 3, 1, 1)];
        foreach (ConvolutionGeometry g in cases)
        {
            foreach (int samples in new[] { 1, 2, 3, 8, 17 })
            {
                foreach (Way way in Ways(g))
                    Check(way, g, samples, [.. Bits.Executions]);
            }
        }
    }

    [Fact]
    public void SumsBeyondTheCache_AreTakenInParts()
    {
        // 40 blocks of channels of 25 taps: 640 KB a block pair, so one or a few blocks at a time.
        ConvolutionGeometry g = Square(640, 20, 3, 5, 1, 2);
        Check(Way.Blocked, g, 2, [new(IsaChoice.Widest, 1), new(IsaChoice.Widest, 3)]);
    }

    [Fact]
    public void ValuesThatAreNotFinite_StayWhereTheyAreSeen()
    {
        ConvolutionGeometry g = Square(17, 33, 5, 3, 1, 1);
        (float[] x, float[] dy) = Values(g, 1);
        (x[30], dy[40], dy[0]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        float[] expected = FilterGradientOracle.Of(g, 1, x, dy);
        Assert.Contains(expected, float.IsFinite);
        foreach (Way way in new[] { Way.Planar, Way.Blocked })
        {
            foreach (Execution execution in Bits.Executions)
                Bits.Same(expected, Run(way, g, execution, 1, x, dy), $"{way} on {execution}");
        }
    }

    static void ForEach(Way way, Func<ConvolutionGeometry, bool> supports)
    {
        int cases = 0;
        foreach (ConvolutionGeometry g in All.Where(supports))
        {
            Check(way, g, 3, [.. Bits.Executions]);
            cases++;
        }

        Assert.True(cases > 15, $"{cases} cases");
    }

    static void Check(Way way, ConvolutionGeometry g, int samples, Execution[] executions)
    {
        (float[] x, float[] dy) = Values(g, samples);
        float[] expected = FilterGradientOracle.Of(g, samples, x, dy);
        foreach (Execution execution in executions)
            Bits.Same(expected, Run(way, g, execution, samples, x, dy), $"{way}, {samples} of {g} on {execution}");
    }

    static IEnumerable<Way> Ways(ConvolutionGeometry g) => Enum.GetValues<Way>().Where(way => way switch
    {
        Way.Blocked => FilterGradientBlocked.Supports(g),
        Way.Picture => FilterGradientPicture.Supports(g),
        Way.Depthwise => BlockedDepthwise.Supports(g),
        Way.Whole => WholeConvolution.Supports(g),
        _ => true,
    });

    static (float[] X, float[] Dy) Values(ConvolutionGeometry g, int samples) =>
        (Bits.Random(1, samples * g.C * g.H * g.W), Bits.Random(2, samples * g.K * g.OutH * g.OutW));

    static float[] Run(Way way, ConvolutionGeometry g, Execution execution, int samples, float[] x, float[] dy)
    {
        if (way != Way.Planar)
            dy = BlockedArrays.Of(dy, samples, g.K, g.OutH * g.OutW);
        if (way is Way.Blocked or Way.Depthwise or Way.Whole)
            x = BlockedArrays.Of(x, samples, g.C, g.H * g.W);
        using GuardedFloats source = new(x), signal = new(dy), target = new(g.K * (g.C / g.Groups) * g.R * g.S);
        long bytes = way switch
        {
            Way.Blocked => FilterGradientBlocked.ScratchBytes(execution, g),
            Way.Picture => FilterGradientPicture.ScratchBytes(execution, g, samples),
            Way.Whole => FilterGradientWhole.ScratchBytes(execution, g, samples),
            _ => 0,
        };
        using var scratch = new GuardedFloats((int)(bytes / sizeof(float)));
        switch (way)
        {
            case Way.Blocked:
                FilterGradientBlocked.Run(execution, g, samples, source.Pointer, signal.Pointer, target.Pointer, scratch.Address);
                break;
            case Way.Whole:
                FilterGradientWhole.Run(execution, g, samples, source.Pointer, signal.Pointer, target.Pointer, scratch.Address);
                break;
            case Way.Depthwise:
                FilterGradientDepthwise.Run(execution, g, samples, source.Pointer, signal.Pointer, target.Pointer);
                break;
            case Way.Picture:
                FilterGradientPicture.Run(execution, g, samples, source.Pointer, signal.Pointer, target.Pointer, scratch.Address);
                break;
            default:
                FilterGradient.Run(execution, g, samples, source.Pointer, signal.Pointer, target.Pointer);
                break;
        }

        scratch.Checked();
        return target.Checked();
    }

    static ConvolutionGeometry Square(int c, int k, int h, int r, int stride, int pad)
    {
        int o = (h + 2 * pad - r) / stride + 1;
        return new ConvolutionGeometry
        {
            C = c, H = h, W = h, K = k, OutH = o, OutW = o, R = r, S = r, StrideY = stride, StrideX = stride, PadTop = pad, PadLeft = pad,
        };
    }
}
