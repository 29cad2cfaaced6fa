using Preimage.Cpu.Blocked;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Elementwise;

namespace Preimage.Cpu.Tests;

public sealed unsafe class WholeConvolutionTests
{
    /// <summary>Whole blocks of channels and not, a plane of one pixel, more filters than a tile is wide.</summary>
    static readonly ConvolutionGeometry[] s_cases =
    [
        new() { C = 50, H = 4, W = 4, K = 70, OutH = 1, OutW = 1, R = 4, S = 4 }, new() { C = 16, H = 2, W = 5, K = 32, OutH = 1, OutW = 1, R = 2, S = 5 },
        new() { C = 37, H = 1, W = 1, K = 10, OutH = 1, OutW = 1, R = 1, S = 1 }, new() { C = 3, H = 5, W = 3, K = 17, OutH = 1, OutW = 1, R = 5, S = 3, StrideY = 2 },
    ];

    [Fact]
    public void Supports_WhatCoversThePlaneOnce()
    {
        Assert.All(s_cases, g => Assert.True(WholeConvolution.Supports(g)));
        ConvolutionGeometry g = s_cases[0];
        foreach (ConvolutionGeometry other in new[] { g with { H = 5 }, g with { PadTop = 1, H = 3 }, g with { Groups = 2 }, g with { DilationX = 2, S = 2 }, g with { OutH = 2, PadTop = 0 } })
            Assert.False(WholeConvolution.Supports(other), $"{other}");
    }

    /// <summary>One sample, few that stream the filters, many that pack them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void BothWays_EqualTheReferenceBitForBit(int samples)
    {
        foreach (ConvolutionGeometry g in s_cases)
        {
            foreach (bool adjoint in new[] { false, true })
            {
                float[] w = Bits.Random(2, g.K * g.C * g.R * g.S), source = Bits.Random(1, samples * (adjoint ? g.K : g.C * g.H * g.W)), bias = Bits.Random(3, adjoint ? g.C : g.K);
                (int channels, int plane) = adjoint ? (g.C, g.H * g.W) : (g.K, 1);
                var expected = new float[samples * channels * plane];
                int from = source.Length / samples, to = expected.Length / samples;
                for (int n = 0; n < samples; n++)
                {
                    if (adjoint)
                        ReferenceConvolution.Adjoint(g, source.AsSpan(n * from, from), w, bias, expected.AsSpan(n * to, to));
                    else
                        ReferenceConvolution.Forward(g, source.AsSpan(n * from, from), w, bias, expected.AsSpan(n * to, to));
                }

                for (int i = 0; i < expected.Length; i++)
                    expected[i] = expected[i] > 0 ? expected[i] : 0;
                float[] blocked = BlockedArrays.Of(expected, samples, channels, plane);
                using var filters = new WholeFilters(g, w, adjoint);
                // Packed again in place: nothing is left of what was there.
                filters.Pack(new float[w.Length], 1);
                filters.Pack(w, 2);
                foreach (Execution execution in Bits.Executions)
                {
                    using var convolution = new WholeConvolution(g, filters);
                    using GuardedFloats x = new(BlockedArrays.Of(source, samples, adjoint ? g.K : g.C, adjoint ? 1 : g.H * g.W)), y = new(blocked.Length);
                    using GuardedFloats biases = new(BlockedArrays.Of(bias, 1, channels, 1)), scratch = new((int)(convolution.ScratchBytes(execution, samples) / sizeof(float)));
                    using var mask = new AlignedBuffer(samples * PiecewiseForward.MaskStride(blocked.Length / samples));
                    convolution.Run(execution, samples, x.Pointer, y.Pointer, new Epilogue { Bias = biases.Pointer, Rectify = true, Mask = (ushort*)mask.Address }, scratch.Address);
                    scratch.Checked();
                    Bits.Same(blocked, y.Checked(), $"{samples} of {g}, adjoint {adjoint}, on {execution}");
                    byte* bits = (byte*)mask.Address;
                    int row = blocked.Length / samples;
                    for (int i = 0; i < blocked.Length; i++)
                    {
                        nint at = i / row * (nint)PiecewiseForward.MaskStride(row) + i % row / 8;
                        Assert.Equal(blocked[i] > 0, (bits[at] >> (i % 8) & 1) != 0);
                    }
                }
            }
        }
    }
}
