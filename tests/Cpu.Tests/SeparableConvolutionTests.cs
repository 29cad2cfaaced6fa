using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Tests;

public sealed unsafe class SeparableConvolutionTests
{
    /// <summary>Depthwise versions of all cases, and what descriptors do: long kernels with strides, at picture size and at none.</summary>
    static IEnumerable<ConvolutionGeometry> Cases =>
    [
        .. ConvolutionCases.All.Select(g => g with { C = Math.Min(g.C, 5), K = Math.Min(g.C, 5), Groups = Math.Min(g.C, 5) }),
        new() { C = 3, H = 61, W = 83, K = 3, OutH = 7, OutW = 10, R = 16, S = 16, StrideY = 8, StrideX = 8, PadTop = 4, PadLeft = 4, Groups = 3 },
        new() { C = 2, H = 300, W = 470, K = 2, OutH = 36, OutW = 57, R = 16, S = 16, StrideY = 8, StrideX = 8, Groups = 2 },
        new() { C = 2, H = 40, W = 50, K = 2, OutH = 26, OutW = 36, R = 15, S = 15, Groups = 2 },
        new() { C = 1, H = 5, W = 6, K = 1, OutH = 3, OutW = 2, R = 35, S = 33, StrideY = 7, StrideX = 9, PadTop = 20, PadLeft = 18, Groups = 1 },
    ];

    [Fact]
    public void BothWays_AreWithinRoundingOfDouble()
    {
        foreach (ConvolutionGeometry g in Cases)
        {
            float[] x = Bits.Random(1, g.C * g.H * g.W), dy = Bits.Random(2, g.K * g.OutH * g.OutW), bias = Bits.Random(4, g.K), w = Products(g);
            float[] y = Run(g, new Execution(Isa.Scalar, 1), false, x, w, bias), dx = Run(g, new Execution(Isa.Scalar, 1), true, dy, w, null);
            (double[] values, double[] bounds) = ConvolutionOracle.ForwardExact(g, x, w);
            for (int i = 0; i < y.Length; i++)
            {
                // The factors are rounded, too: six more roundings than the chain that the bound is for, of a bias up to 1 one.
                double bound = bounds[i] * (g.R * g.S + 8.0) / (g.R * g.S + 2) + Math.Pow(2, -23), value = values[i] + bias[i / (g.OutH * g.OutW)];
                Assert.True(Math.Abs(y[i] - value) <= bound, $"{g}: output {i} is {y[i]}, {value} +- {bound}");
            }

            // The adjoint by its definition, against the exact one's bits.
            float[] expected = ConvolutionOracle.Adjoint(g, dy, w, null), sizes = ConvolutionOracle.Adjoint(g, Sizes(dy), Sizes(w), null);
            for (int i = 0; i < dx.Length; i++)
                Assert.True(Math.Abs(dx[i] - expected[i]) <= (g.R * g.S + 8) * 1.2e-7 * sizes[i], $"{g}: input {i} is {dx[i]}, {expected[i]}");

            foreach (Execution execution in Bits.Executions)
            {
                Bits.Same(y, Run(g, execution, false, x, w, bias), $"{g} on {execution}");
                Bits.Same(dx, Run(g, execution, true, dy, w, null), $"the adjoint of {g} on {execution}");
            }
        }
    }

    [Fact]
    public void TransposedForward_AddsBiasLast()
    {
        foreach (ConvolutionGeometry g in Cases)
        {
            float[] dy = Bits.Random(2, g.K * g.OutH * g.OutW), bias = Bits.Random(4, g.C), w = Products(g);
            float[] plain = Run(g, new Execution(Isa.Scalar, 1), true, dy, w, null), biased = Run(g, new Execution(Isa.Scalar, 1), true, dy, w, bias);
            for (int i = 0; i < plain.Length; i++)
                Assert.Equal(plain[i] + bias[i / (g.H * g.W)], biased[i]);
        }
    }

    [Fact]
    public void ProductsAreTold()
    {
        var g = new ConvolutionGeometry { C = 2, H = 9, W = 9, K = 2, OutH = 6, OutW = 7, R = 4, S = 3, Groups = 2 };
        float[] w = Products(g);
        Assert.True(SeparableFilters.Are(g, w));
        Assert.True(SeparableFilters.Are(g, new float[w.Length]));
        float largest = w[12..].Max(MathF.Abs);
        w[17] += 1e-5f * largest;
        Assert.False(SeparableFilters.Are(g, w));
        w[17] = float.NaN;
        Assert.False(SeparableFilters.Are(g, w));
    }

    static float[] Products(ConvolutionGeometry g)
    {
        float[] columns = Bits.Random(3, g.C * g.R), rows = Bits.Random(5, g.C * g.S);
        return [.. Enumerable.Range(0, g.C * g.R * g.S).Select(i => columns[i / g.S] * rows[i / (g.R * g.S) * g.S + i % g.S])];
    }

    static float[] Sizes(float[] values) => Array.ConvertAll(values, MathF.Abs);

    static float[] Run(ConvolutionGeometry g, Execution execution, bool adjoint, float[] from, float[] w, float[]? bias)
    {
        using SeparableFilters filters = new(g, w);
        using GuardedFloats source = new(from), target = new(adjoint ? g.C * g.H * g.W : g.K * g.OutH * g.OutW);
        using var scratch = new GuardedFloats((int)(SeparableConvolution.ScratchBytes(execution, g) / sizeof(float)));
        using GuardedFloats? biases = bias is null ? null : new(bias);
        SeparableConvolution.Run(execution, g, 1, filters, adjoint, source.Pointer, target.Pointer, biases is null ? null : biases.Pointer, scratch.Address);
        scratch.Checked();
        Assert.Equal(from, source.Checked());
        return target.Checked();
    }
}
