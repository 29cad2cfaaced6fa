using Preimage.Cpu.Blocked;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Elementwise;

namespace Preimage.Cpu.Tests;

public sealed unsafe class DirectConvolutionTests
{
    [Fact]
    public void Forward_EqualsTheReferenceBitForBit() => ForEach(Kind.Forward);

    [Fact]
    public void ForwardFromAPicture_EqualsTheReferenceBitForBit() => ForEach(Kind.FromPlanar);

    [Fact]
    public void Adjoint_EqualsTheReferenceBitForBit() => ForEach(Kind.Adjoint);

    [Fact]
    public void BackToAPicture_EqualsTheReferenceBitForBit()
    {
        ConvolutionGeometry[] more =
        [
            new() { C = 3, H = 61, W = 47, K = 40, OutH = 13, OutW = 10, R = 11, S = 11, StrideY = 4, StrideX = 4, PadTop = 0, PadLeft = 1 },
            new() { C = 4, H = 37, W = 70, K = 33, OutH = 19, OutW = 35, R = 7, S = 7, StrideY = 2, StrideX = 2, PadTop = 3, PadLeft = 3 },
            new() { C = 1, H = 40, W = 67, K = 17, OutH = 40, OutW = 67, R = 3, S = 3, PadTop = 1, PadLeft = 1 },
        ];
        foreach (ConvolutionGeometry g in ConvolutionCases.All.Concat(more).Where(g => DirectPicture.Supports(g)))
        {
            const int Samples = 2;
            int plane = g.OutH * g.OutW;
            float[] dy = Bits.Random(1, Samples * g.K * plane), w = Bits.Random(2, g.K * g.C * g.R * g.S), bias = Bits.Random(3, g.C);
            var expected = new float[Samples * g.C * g.H * g.W];
            for (int i = 0; i < Samples; i++)
                ReferenceConvolution.Adjoint(g, dy.AsSpan(i * g.K * plane, g.K * plane), w, bias, expected.AsSpan(i * g.C * g.H * g.W, g.C * g.H * g.W));
            using PictureFilters filters = new(g, w);
            foreach (Execution execution in Bits.Executions)
            {
                using var picture = new DirectPicture(g, filters, execution.Isa);
                using GuardedFloats source = new(ToBlocked(dy, Samples, g.K, plane)), target = new(expected.Length), biases = new(bias);
                using var scratch = new GuardedFloats((int)(picture.ScratchBytes(execution, Samples) / sizeof(float)));
                picture.Run(execution, Samples, source.Pointer, target.Pointer, new Epilogue { Bias = biases.Pointer }, scratch.Address);
                scratch.Checked();
                Bits.Same(expected, target.Checked(), $"{g} on {execution}");
            }
        }
    }

    [Fact]
    public void WidthsAndHeights_AroundEveryTileEdge()
    {
        for (int width = 1; width <= 31; width++)
        {
            foreach (int height in new[] { 1, 2, 5 })
            {
                var same = new ConvolutionGeometry { C = 3, H = height, W = width, K = 33, OutH = height, OutW = width, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
                var flat = same with { R = 1, S = 1, PadTop = 0, PadLeft = 0, C = 17, K = 18 };
                foreach (ConvolutionGeometry g in new[] { same, flat })
                {
                    foreach (Kind kind in Enum.GetValues<Kind>())
                        Check(g, kind, 1, [.. Bits.Executions.Where(execution => execution.Lanes == 2)]);
                }
            }
        }
    }

    [Fact]
    public void SampleOfABatch_EqualsTheSampleAlone()
    {
        var g = new ConvolutionGeometry { C = 17, H = 9, W = 7, K = 35, OutH = 5, OutW = 4, R = 3, S = 3, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1 };
        foreach (int samples in new[] { 1, 2, 3, 8, 17 })
        {
            foreach (Kind kind in Enum.GetValues<Kind>())
                Check(g, kind, samples, [.. Bits.Executions]);
        }
    }

    [Fact]
    [Trait(IsaChildTests.Large, IsaChildTests.Yes)]
    public void LargeSources_AreReadInBandsAndChunks()
    {
        ConvolutionGeometry[] cases =
        [
            // More than a megabyte with its borders, and few filters: bands of lines, an odd number of rows, both ways of a stride.
            new() { C = 64, H = 71, W = 83, K = 16, OutH = 71, OutW = 83, R = 3, S = 3, PadTop = 1, PadLeft = 1 },
            new() { C = 20, H = 131, W = 133, K = 48, OutH = 66, OutW = 67, R = 3, S = 3, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1 },
            // Too many filters for that: whole samples, not all at a time.
            new() { C = 256, H = 33, W = 35, K = 96, OutH = 33, OutW = 35, R = 3, S = 3, PadTop = 1, PadLeft = 1 },
        ];
        foreach (ConvolutionGeometry g in cases)
        {
            foreach (Kind kind in new[] { Kind.Forward, Kind.Adjoint })
                Check(g, kind, g.C == 256 ? 9 : 1, [new(IsaChoice.Widest, 1), new(IsaChoice.Widest, 3)], g.C == 256 ? [0, 8] : [0]);
        }
    }

    [Fact]
    public void SourcesThatAreNotFinite_LeavePadLanesZero()
    {
        var g = new ConvolutionGeometry { C = 17, H = 5, W = 6, K = 33, OutH = 5, OutW = 6, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
        float[] x = Bits.Random(1, g.C * 30), dy = Bits.Random(2, g.K * 30), w = Bits.Random(3, g.C * g.K * 9);
        (x[40], dy[50], x[7], dy[8]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN);
        foreach (Execution execution in Bits.Executions)
        {
            foreach (Kind kind in Enum.GetValues<Kind>())
                Bits.Same(Reference(g, kind, kind == Kind.Adjoint ? dy : x, w, 1), Run(g, kind, execution, 1, kind == Kind.Adjoint ? dy : x, w), $"{kind} {execution}");
        }
    }

    [Fact]
    public void NegativeOnly_AddendGateRectifyAndMask()
    {
        var g = new ConvolutionGeometry { C = 33, H = 9, W = 13, K = 17, OutH = 9, OutW = 13, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
        const int Samples = 2;
        int plane = g.OutH * g.OutW, units = BlockedLayout.Padded(g.K) * plane;
        float[] x = Array.ConvertAll(Bits.Random(1, Samples * g.C * plane), v => -Math.Abs(v)), w = Bits.Random(2, g.K * g.C * 9), bias = Bits.Random(3, g.K);
        float[] addend = ToBlocked(Bits.Random(4, Samples * g.K * plane, 3), Samples, g.K, plane);
        float[] sums = ToBlocked(Reference(g, Kind.Forward, x, w, Samples), Samples, g.K, plane);
        float[] biases = ToBlocked([.. Enumerable.Repeat(bias, Samples).SelectMany(b => b).SelectMany(b => Enumerable.Repeat(b, plane))], Samples, g.K, plane);
        int stride = (int)PiecewiseForward.MaskStride(units) / sizeof(ushort);
        var random = new Random(5);
        ushort[] gate = [.. Enumerable.Range(0, Samples * stride).Select(_ => (ushort)random.Next(1 << 16))];
        foreach (Execution execution in Bits.Executions)
        {
            using GuardedFloats source = new(ToBlocked(x, Samples, g.C, plane)), target = new(addend), b = new([.. bias, .. new float[15]]);
            using DirectFilters filters = new(g, w, false, execution.Isa);
            using DirectConvolution convolution = new(g, filters);
            using var scratch = new GuardedFloats((int)(convolution.ScratchBytes(execution, Samples) / sizeof(float)));
            var mask = new ushort[gate.Length];
            fixed (ushort* gates = gate, masks = mask)
            {
                // In place on the addend.
                var epilogue = new Epilogue { Bias = b.Pointer, Addend = target.Pointer, Gate = gates, Mask = masks, Rectify = true };
                convolution.Run(execution, Samples, source.Pointer, target.Pointer, epilogue, scratch.Address);
            }

            float[] actual = target.Checked();
            scratch.Checked();
            for (int i = 0; i < actual.Length; i++)
            {
                int bit = i % units, word = i / units * stride + bit / 16;
                float expected = sums[i] + biases[i] + addend[i];
                expected = (gate[word] >> (bit % 16) & 1) != 0 && expected > 0 ? expected : 0;
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual[i]));
                Assert.Equal(expected > 0, (mask[word] >> (bit % 16) & 1) != 0);
            }
        }
    }

    [Fact]
    public void GroupsThatCutBlocks_AreRefused()
    {
        var g = new ConvolutionGeometry { C = 40, H = 4, W = 4, K = 32, OutH = 4, OutW = 4, R = 1, S = 1, Groups = 2 };
        Assert.False(DirectConvolution.Supports(g));
        using DirectFilters filters = new(g, new float[32 * 20], false, Isa.Scalar);
        Assert.Throws<ArgumentException>(() => new DirectConvolution(g, filters));
    }

    enum Kind
    {
        Forward,
        FromPlanar,
        Adjoint,
    }

    static IEnumerable<ConvolutionGeometry> Cases => ConvolutionCases.All.Concat(
    [
        new() { C = 32, H = 9, W = 15, K = 64, OutH = 9, OutW = 15, R = 3, S = 3, PadTop = 1, PadLeft = 1, Groups = 2 },
        new() { C = 48, H = 11, W = 8, K = 96, OutH = 5, OutW = 4, R = 2, S = 3, StrideY = 2, StrideX = 2, Groups = 3 },
        new() { C = 64, H = 7, W = 7, K = 80, OutH = 7, OutW = 7, R = 3, S = 3, PadTop = 1, PadLeft = 1 },
        new() { C = 33, H = 13, W = 17, K = 49, OutH = 7, OutW = 9, R = 1, S = 1, StrideY = 2, StrideX = 2 },
        new() { C = 3, H = 61, W = 47, K = 40, OutH = 13, OutW = 10, R = 11, S = 11, StrideY = 4, StrideX = 4, PadTop = 0, PadLeft = 1 },
        new() { C = 18, H = 27, W = 29, K = 33, OutH = 27, OutW = 29, R = 5, S = 5, PadTop = 2, PadLeft = 2 },
    ]).Where(g => DirectConvolution.Supports(g));

    static void ForEach(Kind kind)
    {
        foreach (ConvolutionGeometry g in Cases)
            Check(g, kind, 1, [.. Bits.Executions]);
    }

    static void Check(ConvolutionGeometry g, Kind kind, int samples, Execution[] executions, int[]? looked = null)
    {
        int units = kind == Kind.Adjoint ? g.K * g.OutH * g.OutW : g.C * g.H * g.W, results = kind == Kind.Adjoint ? g.C * g.H * g.W : g.K * g.OutH * g.OutW;
        float[] from = Bits.Random(1, samples * units), w = Bits.Random(3, g.K * (g.C / g.Groups) * g.R * g.S);
        looked ??= [.. Enumerable.Range(0, samples)];
        var expected = looked.Select(i => Reference(g, kind, from[(i * units)..((i + 1) * units)], w, 1)).ToArray();
        foreach (Execution execution in executions)
        {
            float[] actual = Run(g, kind, execution, samples, from, w);
            foreach ((int i, float[] one) in looked.Zip(expected))
                Bits.Same(one, actual.AsSpan(i * results, results), $"{kind}, sample {i} of {samples}, {g} on {execution}");
        }
    }

    /// <summary>Runs a kernel between guards, and takes its result out of blocks after a look at the pad lanes.</summary>
    static float[] Run(ConvolutionGeometry g, Kind kind, Execution execution, int samples, float[] from, float[] w)
    {
        bool adjoint = kind == Kind.Adjoint;
        (int channels, int sums) = adjoint ? (g.K, g.C) : (g.C, g.K);
        (int sourcePlane, int plane) = adjoint ? (g.OutH * g.OutW, g.H * g.W) : (g.H * g.W, g.OutH * g.OutW);
        using DirectFilters filters = new(g, w, adjoint, execution.Isa);
        using DirectConvolution convolution = new(g, filters, kind == Kind.FromPlanar);
        float[] laid = kind == Kind.FromPlanar ? from : ToBlocked(from, samples, channels, sourcePlane);
        using GuardedFloats source = new(laid), target = new((int)BlockedLayout.Floats(samples, sums, plane));
        using var scratch = new GuardedFloats((int)(convolution.ScratchBytes(execution, samples) / sizeof(float)));
        convolution.Run(execution, samples, source.Pointer, target.Pointer, default, scratch.Address);
        scratch.Checked();
        Bits.Same(laid, source.Checked(), "source");
        return FromBlocked(target.Checked(), samples, sums, plane);
    }

    static float[] Reference(ConvolutionGeometry g, Kind kind, float[] from, float[] w, int samples)
    {
        int units = from.Length / samples, results = kind == Kind.Adjoint ? g.C * g.H * g.W : g.K * g.OutH * g.OutW;
        var all = new float[samples * results];
        for (int i = 0; i < samples; i++)
        {
            ReadOnlySpan<float> one = from.AsSpan(i * units, units);
            Span<float> to = all.AsSpan(i * results, results);
            if (kind == Kind.Adjoint)
                ReferenceConvolution.Adjoint(g, one, w, default, to);
            else
                ReferenceConvolution.Forward(g, one, w, default, to);
        }

        return all;
    }

    static float[] ToBlocked(float[] planar, int samples, int channels, int plane)
    {
        var blocked = new float[BlockedLayout.Floats(samples, channels, plane)];
        for (int i = 0; i < planar.Length; i++)
            blocked[At(i, channels, plane)] = planar[i];
        return blocked;
    }

    static float[] FromBlocked(float[] blocked, int samples, int channels, int plane)
    {
        var planar = new float[samples * channels * plane];
        for (int i = 0; i < planar.Length; i++)
        {
            planar[i] = blocked[At(i, channels, plane)];
            blocked[At(i, channels, plane)] = 0;
        }

        Assert.DoesNotContain(blocked, lane => BitConverter.SingleToInt32Bits(lane) != 0);
        return planar;
    }

    static long At(int i, int channels, int plane)
    {
        int pixel = i % plane, channel = i / plane % channels, sample = i / plane / channels;
        return ((long)(sample * BlockedLayout.Blocks(channels) + channel / 16) * plane + pixel) * 16 + channel % 16;
    }
}
