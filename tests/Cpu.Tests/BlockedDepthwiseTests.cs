using Preimage.Cpu.Blocked;
using Preimage.Cpu.Elementwise;

namespace Preimage.Cpu.Tests;

public sealed unsafe class BlockedDepthwiseTests
{
    const int Samples = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryShape_HasTheBitsOfTheDocumentedOrder(bool adjoint)
    {
        foreach (ConvolutionGeometry g in Cases())
        {
            Assert.True(BlockedDepthwise.Supports(g));
            float[] w = Bits.Random(3, g.C * g.R * g.S), bias = Bits.Random(4, g.C);
            int sourcePlane = adjoint ? g.OutH * g.OutW : g.H * g.W, plane = adjoint ? g.H * g.W : g.OutH * g.OutW;
            float[] x = Array.ConvertAll(Bits.Random(1, Samples * g.C * sourcePlane), v => -v * v);
            float[] expected = Sums(g, adjoint, x, w, null), withBias = Sums(g, adjoint, x, w, bias);
            using DepthwiseFilters filters = new(g, w, adjoint);
            using BlockedDepthwise convolution = new(g, filters);
            using GuardedFloats source = new(BlockedArrays.Of(x, Samples, g.C, sourcePlane)), biases = new(BlockedArrays.Of(bias, 1, g.C, 1));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{g} on {execution}";
                using GuardedFloats y = new(BlockedArrays.Floats(Samples, g.C, plane)), z = new(y.Count);
                convolution.Run(execution, Samples, source.Pointer, y.Pointer, default, 0);
                convolution.Run(execution, Samples, source.Pointer, z.Pointer, new Epilogue { Bias = biases.Pointer }, 0);
                Bits.Same(expected, BlockedArrays.Planar(y.Checked(), Samples, g.C, plane, what), what);
                Bits.Same(withBias, BlockedArrays.Planar(z.Checked(), Samples, g.C, plane, what), what);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Epilogue_MeetsEverySumOnce(bool adjoint)
    {
        var g = new ConvolutionGeometry
        {
            C = 19, K = 19, Groups = 19, H = 11, W = 75, OutH = 6, OutW = 38, R = 3, S = 3, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1,
        };
        int sourcePlane = adjoint ? g.OutH * g.OutW : g.H * g.W, plane = adjoint ? g.H * g.W : g.OutH * g.OutW, units = BlockedArrays.Floats(1, g.C, plane);
        float[] w = Bits.Random(3, g.C * g.R * g.S), bias = Bits.Random(4, g.C), x = Bits.Random(1, Samples * g.C * sourcePlane);
        float[] addend = BlockedArrays.Of(Bits.Random(5, Samples * g.C * plane), Samples, g.C, plane), gate = Bits.Random(6, units);
        float[] expected = BlockedArrays.Of(Sums(g, adjoint, x, w, bias), Samples, g.C, plane);
        for (int i = 0; i < expected.Length; i++)
        {
            // Both samples are gated by the bits of one row: two seeds of it.
            float sum = gate[i % units] > 0 ? expected[i] + addend[i] : 0;
            expected[i] = sum <= 0 ? 0 : sum;
        }

        int stride = (int)PiecewiseForward.MaskStride(units);
        using DepthwiseFilters filters = new(g, w, adjoint);
        using BlockedDepthwise convolution = new(g, filters);
        using GuardedFloats source = new(BlockedArrays.Of(x, Samples, g.C, sourcePlane)), biases = new(BlockedArrays.Of(bias, 1, g.C, 1));
        using AlignedBuffer gates = new(stride), masks = new(Samples * stride);
        for (int i = 0; i < units; i++)
        {
            if (i % 16 == 0)
                ((ushort*)gates.Address)[i / 16] = 0;
            ((ushort*)gates.Address)[i / 16] |= (ushort)(gate[i] > 0 ? 1 << i % 16 : 0);
        }

        foreach (Execution execution in Bits.Executions)
        {
            // The destination is the addend: a sum stored twice would be added twice.
            using GuardedFloats y = new(addend);
            convolution.Run(execution, Samples, source.Pointer, y.Pointer, new Epilogue
            {
                Bias = biases.Pointer, Addend = y.Pointer, Gate = (ushort*)gates.Address, Seeds = 2, Mask = (ushort*)masks.Address, Rectify = true,
            }, 0);
            Bits.Same(expected, y.Checked(), $"{execution}");
            for (int i = 0; i < expected.Length; i++)
            {
                int bit = ((ushort*)(masks.Address + i / units * stride))[i % units / 16] >> (i % 16) & 1;
                Assert.Equal(expected[i] > 0 ? 1 : 0, bit);
            }
        }
    }

    [Fact]
    public void NotANumber_InAWeightShowsAtTheBorderToo()
    {
        var g = Square(1, 5, 3, 1, 1);
        float[] w = new float[9];
        w[0] = float.NaN;
        using DepthwiseFilters filters = new(g, w, false);
        using BlockedDepthwise convolution = new(g, filters);
        using GuardedFloats source = new(BlockedArrays.Of(new float[25], 1, 1, 25)), y = new(source.Count);
        convolution.Run(new Execution(IsaChoice.Widest, 1), 1, source.Pointer, y.Pointer, default, 0);
        Assert.All(BlockedArrays.Planar(y.Checked(), 1, 1, 25, "result"), value => Assert.True(float.IsNaN(value)));
    }

    static float[] Sums(ConvolutionGeometry g, bool adjoint, float[] x, float[] w, float[]? bias)
    {
        int length = x.Length / Samples;
        return [.. Enumerable.Range(0, Samples).SelectMany(n => adjoint
            ? ConvolutionOracle.Adjoint(g, x[(n * length)..((n + 1) * length)], w, bias)
            : ConvolutionOracle.Forward(g, x[(n * length)..((n + 1) * length)], w, bias))];
    }

    static IEnumerable<ConvolutionGeometry> Cases()
    {
        yield return Square(1, 7, 3, 1, 1);
        yield return Square(17, 14, 3, 1, 1);
        yield return Square(33, 9, 3, 2, 1);
        yield return Square(16, 8, 1, 1, 0);
        yield return Square(5, 8, 1, 3, 0);
        yield return Square(3, 12, 5, 1, 2);
        yield return Square(2, 3, 7, 1, 3);
        yield return Square(4, 4, 3, 1, 4);
        yield return Square(20, 40, 3, 2, 1);
        yield return Square(2, 10, 3, 1, 2) with { DilationY = 2, DilationX = 2 };
        yield return Square(3, 6, 2, 3, 0);
        // Rows longer than the sums that wait at once.
        yield return new ConvolutionGeometry { C = 2, K = 2, Groups = 2, H = 3, W = 150, OutH = 3, OutW = 150, R = 3, S = 5, PadTop = 1, PadLeft = 2 };
        var random = new Random(5);
        int[] channels = [1, 2, 15, 16, 17, 33];
        for (int i = 0; i < 40; i++)
        {
            int c = channels[random.Next(channels.Length)];
            yield return new ConvolutionGeometry
            {
                C = c, K = c, Groups = c, H = random.Next(1, 14), W = random.Next(1, 14), OutH = random.Next(1, 8), OutW = random.Next(1, 12),
                R = random.Next(1, 5), S = random.Next(1, 5), StrideY = random.Next(1, 4), StrideX = random.Next(1, 4), PadTop = random.Next(0, 4),
                PadLeft = random.Next(0, 4), DilationY = random.Next(1, 3), DilationX = random.Next(1, 3),
            };
        }
    }

    static ConvolutionGeometry Square(int c, int h, int taps, int stride, int pad)
    {
        int o = (h + 2 * pad - taps) / stride + 1;
        return new ConvolutionGeometry
        {
            C = c, K = c, Groups = c, H = h, W = h, OutH = o, OutW = o, R = taps, S = taps, StrideY = stride, StrideX = stride, PadTop = pad, PadLeft = pad,
        };
    }
}
