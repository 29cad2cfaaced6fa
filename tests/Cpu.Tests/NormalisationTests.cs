using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Tests;

public sealed unsafe class NormalisationTests
{
    [Theory]
    [InlineData(5, new[] { 0.51861081, -1.02919149, 1.49770134, 0.22945956, -0.35190512, 0.85092734, 1.71213782 },
        new[] { 0.60700066, 0.12925296, -0.30716640, 0.94563382, -0.06518315, 0.37788525, -0.21170452 })]
    [InlineData(4, new[] { 0.51861081, -1.02919149, 1.54378724, 0.25729787, -0.42546367, 0.85606891, 1.75476535 },
        new[] { 0.51802830, 0.06747891, -0.32535929, 1.07693749, -0.02223864, 0.36926601, -0.20955989 })]
    public void LocalResponse_GivesThePublishedNumbers(int size, double[] y, double[] dx)
    {
        var g = new LocalResponseGeometry(7, 1, size, 1, 0.1f, 0.75f);
        (float[] forward, float[] backward) = LocalResponseOf(g, new Execution(IsaChoice.Widest, 1), 1, 1, [1, -2, 3, 0.5f, -1, 2, 4], [1, 0.5f, -1, 2, 0, 1, -0.5f]);
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(y[i], forward[i], 1e-6 * Math.Max(1, Math.Abs(y[i])));
            Assert.Equal(dx[i], backward[i], 1e-6);
        }
    }

    [Fact]
    public void LocalResponse_SameBitsOnEveryIsa()
    {
        foreach ((int channels, int plane, int size, float beta) in new[]
            { (1, 1, 5, 0.75f), (3, 17, 2, 0.5f), (17, 70, 5, 0.75f), (17, 70, 5, 0.6f), (6, 200, 40, 0.75f), (33, 9, 4, 1), (5, 64, 1, 0.75f) })
        {
            var g = new LocalResponseGeometry(channels, plane, size, 2, 0.3f, beta);
            float[] x = Bits.Random(1, 2 * channels * plane, 4), signal = Bits.Random(2, 4 * channels * plane);
            (float[] y, float[] dx) = LocalResponseOf(g, new Execution(Isa.Scalar, 1), 2, 2, x, signal);
            foreach (Execution execution in Bits.Executions)
            {
                (float[] forward, float[] backward) = LocalResponseOf(g, execution, 2, 2, x, signal);
                Bits.Same(y, forward, $"{g} on {execution}");
                Bits.Same(dx, backward, $"{g} on {execution}");
            }
        }
    }

    [Fact]
    public void Sums_FollowTheSixteenPartialsOnEveryIsa()
    {
        for (int count = 1; count < 100; count++)
        {
            float[] x = Bits.Random(count, count), y = Bits.Random(count + 1, count);
            float sum = Interleaved(count, (p, i) => p + x[i]), product = Interleaved(count, (p, i) => MathF.FusedMultiplyAdd(x[i], y[i], p));
            float square = Interleaved(count, (p, i) => MathF.FusedMultiplyAdd(x[i] - 0.3f, x[i] - 0.3f, p));
            using GuardedFloats a = new(x), b = new(y);
            foreach (Isa isa in IsaChoice.Supported)
            {
                var kernel = new Sums { X = a.Pointer, Y = b.Pointer, Count = count, Results = new float[3] };
                isa.Run(ref kernel);
                Bits.Same([sum, product, square], kernel.Results, $"{count} terms on {isa}");
            }

            Bits.Same([sum], [InterleavedSum.Strided<ValueTerm>(a.Pointer, a.Pointer, 0, count, 1)], "strided");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Softmax_SameBitsOnEveryIsaAndCloseToDouble(bool logarithm)
    {
        foreach ((int outer, int extent, int inner) in new[] { (1, 1, 1), (2, 10, 1), (3, 1000, 1), (2, 17, 5), (1, 33, 3) })
        {
            float[] x = Bits.Random(1, outer * extent * inner, 8), signal = Bits.Random(2, x.Length);
            (float[] y, float[] dx) = SoftmaxOf(new Execution(Isa.Scalar, 1), logarithm, outer, extent, inner, x, signal);
            foreach (Execution execution in Bits.Executions)
            {
                (float[] forward, float[] backward) = SoftmaxOf(execution, logarithm, outer, extent, inner, x, signal);
                Bits.Same(y, forward, $"{outer}x{extent}x{inner} on {execution}");
                Bits.Same(dx, backward, $"{outer}x{extent}x{inner} on {execution}");
            }

            for (int line = 0; line < outer * inner; line++)
            {
                int At(int i) => (line / inner * extent + i) * inner + line % inner;
                double total = Enumerable.Range(0, extent).Sum(i => Math.Exp(x[At(i)]));
                for (int i = 0; i < extent; i++)
                {
                    double p = Math.Exp(x[At(i)]) / total, expected = logarithm ? Math.Log(p) : p;
                    Assert.True(Math.Abs(y[At(i)] - expected) <= 4e-6 * Math.Max(Math.Abs(expected), logarithm ? 1 : 0), $"{y[At(i)]} against {expected}");
                }
            }
        }
    }

    [Fact]
    public void InstanceNormAndAffine_SameBitsOnEveryIsa()
    {
        foreach ((int channels, int plane) in new[] { (1, 1), (3, 17), (17, 1), (5, 100) })
        {
            float[] x = Bits.Random(1, 2 * channels * plane, 4), signal = Bits.Random(2, 4 * channels * plane), scale = Bits.Random(3, channels), shift = Bits.Random(4, channels);
            float[][] reference = Run(new Execution(Isa.Scalar, 1));
            foreach (Execution execution in Bits.Executions)
            {
                float[][] actual = Run(execution);
                for (int i = 0; i < actual.Length; i++)
                    Bits.Same(reference[i], actual[i], $"result {i} of {channels} channels of {plane} on {execution}");
            }

            Bits.Same([.. x.Select((v, i) => MathF.FusedMultiplyAdd(scale[i / plane % channels], v, shift[i / plane % channels]))], reference[2], "affine");

            float[][] Run(Execution execution)
            {
                using GuardedFloats input = new(x), r = new(signal), factors = new(scale), summands = new(shift), y = new(x.Length), dx = new(signal.Length), z = new(x.Length);
                InstanceNorm.Forward(execution, 2, channels, plane, factors.Pointer, summands.Pointer, 1e-5f, input.Pointer, y.Pointer);
                InstanceNorm.Backward(execution, 4, 2, channels, plane, factors.Pointer, 1e-5f, input.Pointer, r.Pointer, dx.Pointer);
                ChannelAffine.Run(execution, 2, channels, plane, factors.Pointer, summands.Pointer, input.Pointer, z.Pointer);
                return [y.Checked(), dx.Checked(), z.Checked()];
            }
        }
    }

    static float Interleaved(int count, Func<float, int, float> add)
    {
        var p = new float[16];
        for (int i = 0; i < count; i++)
            p[i % 16] = add(p[i % 16], i);
        return ((p[0] + p[8] + (p[4] + p[12])) + (p[2] + p[10] + (p[6] + p[14]))) + ((p[1] + p[9] + (p[5] + p[13])) + (p[3] + p[11] + (p[7] + p[15])));
    }

    static (float[] Y, float[] Dx) LocalResponseOf(LocalResponseGeometry g, Execution execution, int samples, int seeds, float[] x, float[] signal)
    {
        using GuardedFloats input = new(x), r = new(signal), y = new(x.Length), dx = new(signal.Length);
        using var scratch = new GuardedFloats((int)(LocalResponse.ScratchBytes(execution, g) / 4));
        LocalResponse.Forward(execution, g, samples, input.Pointer, y.Pointer);
        LocalResponse.Backward(execution, g, samples * seeds, seeds, input.Pointer, r.Pointer, dx.Pointer, scratch.Address);
        scratch.Checked();
        return (y.Checked(), dx.Checked());
    }

    static (float[] Y, float[] Dx) SoftmaxOf(Execution execution, bool logarithm, int outer, int extent, int inner, float[] x, float[] signal)
    {
        using GuardedFloats input = new(x), r = new(signal), y = new(x.Length), dx = new(x.Length);
        using var scratch = new GuardedFloats((int)(SoftmaxLines.ScratchBytes(execution, extent, inner) / 4));
        SoftmaxLines.Forward(execution, logarithm, outer, extent, inner, input.Pointer, y.Pointer, scratch.Address);
        SoftmaxLines.Backward(execution, logarithm, outer, 1, 1, extent, inner, y.Pointer, r.Pointer, dx.Pointer, scratch.Address);
        scratch.Checked();
        return (y.Checked(), dx.Checked());
    }

    struct Sums : ISimdKernel
    {
        public float* X, Y;
        public int Count;
        public float[] Results;

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            Results[0] = InterleavedSum.Of<ValueTerm, TS, TV>(X, Y, 0, Count);
            Results[1] = InterleavedSum.Of<ProductTerm, TS, TV>(X, Y, 0, Count);
            Results[2] = InterleavedSum.Of<SquareTerm, TS, TV>(X, Y, 0.3f, Count);
        }
    }
}
