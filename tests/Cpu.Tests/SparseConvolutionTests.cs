using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Tests;

public sealed unsafe class SparseConvolutionTests
{
    /// <summary>With none, most and all weights zero: zeros take no part, which finite values cannot tell from taking part.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void BothWays_EqualScalarOrderBitForBit(double zeros)
    {
        foreach (ConvolutionGeometry g in ConvolutionCases.All)
        {
            float[] x = Bits.Random(1, g.C * g.H * g.W), dy = Bits.Random(2, g.K * g.OutH * g.OutW), bias = Bits.Random(4, g.K);
            float[] w = Weights(g, zeros), y = ConvolutionOracle.Forward(g, x, w, bias), dx = ConvolutionOracle.Adjoint(g, dy, w, null);
            foreach (Execution execution in Bits.Executions)
            {
                Bits.Same(y, Run(g, execution, false, 1, x, w, bias), $"{g} on {execution}");
                Bits.Same(dx, Run(g, execution, true, 1, dy, w, null), $"the adjoint of {g} on {execution}");
            }
        }
    }

    [Fact]
    public void SampleOfABatch_EqualsTheSampleAlone()
    {
        // More than one strip of rows a plane.
        var g = new ConvolutionGeometry { C = 2, H = 150, W = 240, K = 3, OutH = 150, OutW = 240, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
        float[] x = Bits.Random(1, 3 * g.C * g.H * g.W), w = Weights(g, 0.8);
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(n => ConvolutionOracle.Forward(g, x[(n * g.C * g.H * g.W)..((n + 1) * g.C * g.H * g.W)], w, null))];
        foreach (Execution execution in Bits.Executions)
            Bits.Same(expected, Run(g, execution, false, 3, x, w, null), $"{execution}");
    }

    [Fact]
    public void WeightsThatAreNotFinite_ShowWherePaddingIsRead()
    {
        var g = new ConvolutionGeometry { C = 1, H = 20, W = 70, K = 1, OutH = 20, OutW = 70, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
        float[] x = Bits.Random(1, g.H * g.W), w = new float[9];
        (w[0], w[8]) = (float.PositiveInfinity, 1);
        foreach (Execution execution in Bits.Executions)
            Bits.Same(ConvolutionOracle.Forward(g, x, w, null), Run(g, execution, false, 1, x, w, null), $"{execution}");
    }

    static float[] Weights(ConvolutionGeometry g, double zeros)
    {
        var random = new Random(7);
        return Array.ConvertAll(Bits.Random(3, g.K * (g.C / g.Groups) * g.R * g.S), v => random.NextDouble() < zeros ? 0 : v);
    }

    static float[] Run(ConvolutionGeometry g, Execution execution, bool adjoint, int samples, float[] from, float[] w, float[]? bias)
    {
        using SparseFilters filters = new(g, w, adjoint);
        (int channels, int rows, int plane) = adjoint ? (g.K, g.C, g.H * g.W) : (g.C, g.K, g.OutH * g.OutW);
        using GuardedFloats source = new(from), target = new(samples * plane * rows);
        using GuardedFloats? biases = bias is null ? null : new(bias);
        SparseConvolution.Run(execution, samples, TapGrid.Of(g, adjoint), filters, source.Pointer, channels, target.Pointer, rows, plane, biases is null ? null : biases.Pointer);
        Assert.Equal(from, source.Checked());
        return target.Checked();
    }
}
