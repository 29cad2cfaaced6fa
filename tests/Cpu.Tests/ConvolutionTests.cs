using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Tests;

public sealed unsafe class ConvolutionTests
{
    [Fact]
    public void Forward_EqualsScalarOrderBitForBit() => ForEach(adjoint: false, withBias: true);

    [Fact]
    public void Adjoint_EqualsScalarOrderBitForBit() => ForEach(adjoint: true, withBias: false);

    [Fact]
    public void TransposedForward_AddsBiasLast() => ForEach(adjoint: true, withBias: true);

    [Fact]
    public void Reference_EqualsScalarOrderBitForBit()
    {
        foreach (ConvolutionGeometry g in ConvolutionCases.All)
        {
            (float[] x, float[] dy, float[] w, float[] bias) = Data(g, 1);
            float[] y = new float[dy.Length], dx = new float[x.Length];
            ReferenceConvolution.Forward(g, x, w, bias, y);
            ReferenceConvolution.Adjoint(g, dy, w, default, dx);
            Bits.Same(ConvolutionOracle.Forward(g, x, w, bias), y, $"{g}");
            Bits.Same(ConvolutionOracle.Adjoint(g, dy, w, null), dx, $"{g}");
        }
    }

    [Fact]
    public void Forward_StaysWithinTheBoundOfDouble()
    {
        foreach (ConvolutionGeometry g in ConvolutionCases.All)
        {
            (float[] x, _, float[] w, _) = Data(g, 1);
            float[] y = Run(g, new Execution(IsaChoice.Widest, 2), false, 1, x, w, null);
            (double[] values, double[] bounds) = ConvolutionOracle.ForwardExact(g, x, w);
            for (int i = 0; i < y.Length; i++)
                Assert.True(Math.Abs(y[i] - values[i]) <= bounds[i], $"{g}: {y[i]} against {values[i]} +- {bounds[i]}");
        }
    }

    [Fact]
    public void AdjointIdentity_HoldsInDouble()
    {
        // <conv(x), dy> = <x, adjoint(dy)>: both sides in double over float results, each within its rounding.
        foreach (ConvolutionGeometry g in ConvolutionCases.All)
        {
            (float[] x, float[] dy, float[] w, _) = Data(g, 1);
            var execution = new Execution(IsaChoice.Widest, 1);
            float[] y = Run(g, execution, false, 1, x, w, null), dx = Run(g, execution, true, 1, dy, w, null);
            double left = Dot(y, dy), right = Dot(x, dx), scale = Size(y, dy) + Size(x, dx);
            Assert.True(Math.Abs(left - right) <= 1e-4 * scale + 1e-6, $"{g}: {left} and {right}");
        }
    }

    [Fact]
    public void WeightsThatAreNotFinite_ShowWherePaddingIsRead()
    {
        var g = new ConvolutionGeometry { C = 1, H = 3, W = 3, K = 1, OutH = 3, OutW = 3, R = 3, S = 3, PadTop = 1, PadLeft = 1 };
        float[] x = Bits.Random(1, 9), w = Bits.Random(2, 9);
        w[0] = float.PositiveInfinity;
        foreach (Execution execution in Bits.Executions)
            Bits.Same(ConvolutionOracle.Forward(g, x, w, null), Run(g, execution, false, 1, x, w, null), $"{execution}");
        Assert.True(float.IsNaN(Run(g, new Execution(Isa.Scalar, 1), false, 1, x, w, null)[0]));
    }

    [Fact]
    public void SampleOfABatch_EqualsTheSampleAlone()
    {
        var g = new ConvolutionGeometry { C = 17, H = 9, W = 7, K = 19, OutH = 5, OutW = 4, R = 3, S = 3, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1 };
        foreach (int n in new[] { 1, 2, 3, 8, 17 })
        {
            (float[] x, float[] dy, float[] w, float[] bias) = Data(g, n);
            foreach (Execution execution in Bits.Executions)
            {
                float[] y = Run(g, execution, false, n, x, w, bias), dx = Run(g, execution, true, n, dy, w, null);
                for (int i = 0; i < n; i++)
                {
                    Bits.Same(ConvolutionOracle.Forward(g, Part(x, n, i), w, bias), Part(y, n, i), $"sample {i} of {n}, {execution}");
                    Bits.Same(ConvolutionOracle.Adjoint(g, Part(dy, n, i), w, null), Part(dx, n, i), $"sample {i} of {n}, {execution}");
                }
            }
        }
    }

    static void ForEach(bool adjoint, bool withBias)
    {
        foreach (ConvolutionGeometry g in ConvolutionCases.All)
        {
            (float[] x, float[] dy, float[] w, float[] bias) = Data(g, 1);
            float[] from = adjoint ? dy : x;
            float[]? b = !withBias ? null : adjoint ? Bits.Random(9, g.C) : bias;
            float[] expected = adjoint ? ConvolutionOracle.Adjoint(g, from, w, b) : ConvolutionOracle.Forward(g, from, w, b);
            foreach (Execution execution in Bits.Executions)
                Bits.Same(expected, Run(g, execution, adjoint, 1, from, w, b), $"{g} on {execution}");
        }
    }

    static float[] Run(ConvolutionGeometry g, Execution execution, bool adjoint, int samples, float[] from, float[] w, float[]? bias)
    {
        TapGrid[] sweeps = adjoint ? TapGrid.Adjoint(g) : [TapGrid.Forward(g)];
        using var filters = new PackedFilters(g, w, adjoint, execution.Isa);
        int c = g.C / g.Groups, k = g.K / g.Groups, plane = adjoint ? g.H * g.W : g.OutH * g.OutW;
        using GuardedFloats source = new(from), target = new(samples * plane * (adjoint ? g.C : g.K));
        using var scratch = new GuardedFloats((int)(GemmConvolution.ScratchBytes(execution, adjoint ? k : c, adjoint ? c : k, sweeps) / sizeof(float)));
        using GuardedFloats? biases = bias is null ? null : new(bias);
        GemmConvolution.Run(execution, samples, g.Groups, adjoint ? k : c, adjoint ? c : k, sweeps, filters, source.Pointer, target.Pointer, plane,
            biases is null ? null : biases.Pointer, scratch.Address);
        scratch.Checked();
        Assert.Equal(from, source.Checked());
        return target.Checked();
    }

    static (float[] X, float[] Dy, float[] W, float[] Bias) Data(ConvolutionGeometry g, int samples) =>
        (Bits.Random(1, samples * g.C * g.H * g.W), Bits.Random(2, samples * g.K * g.OutH * g.OutW),
            Bits.Random(3, g.K * (g.C / g.Groups) * g.R * g.S), Bits.Random(4, g.K));

    static float[] Part(float[] all, int n, int i) => all[(all.Length / n * i)..(all.Length / n * (i + 1))];

    static double Dot(float[] a, float[] b) => a.Zip(b, (p, q) => (double)p * q).Sum();

    static double Size(float[] a, float[] b) => a.Zip(b, (p, q) => Math.Abs((double)p * q)).Sum();
}
