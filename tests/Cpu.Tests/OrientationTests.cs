using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Orientation;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Tests;

public sealed unsafe class OrientationTests
{
    [Fact]
    public void Bins_SameBitsOnEveryIsa()
    {
        foreach ((int bins, int colours, int plane) in new[] { (18, 1, 1), (8, 1, 17), (18, 3, 70), (5, 2, 1024), (18, 1, 1061), (2, 1, 33) })
        {
            var o = new OrientationGeometry(bins, colours, plane);
            float[] g = Bits.Random(1, 2 * 2 * colours * plane, 9), signal = Bits.Random(2, 4 * bins * plane);
            // Pixels without gradient, colours alike, and gradients along the axes, where bins are as near.
            for (int c = 0; c < 2 * colours; c++)
                (g[c * plane], g[c * plane + plane / 2], g[c * plane + plane - 1]) = (0, c % 2, 1 - c % 2);
            Same<HardBinning>(o, g, signal);
            Same<BilinearBinning<TrueAngle>>(o, g, signal);
            Same<CosineBinning>(o, g, signal);
            Same<BilinearBinning<CubicAngle>>(o, g, signal);
            Same<RectifiedBinning>(o, g, signal);
        }
    }

    [Fact]
    public void BlockNorm_SameBitsOnEveryIsa()
    {
        foreach ((int channels, int period, int first, int plane) in new[] { (108, 27, 18, 70), (128, 1, 0, 200), (6, 3, 1, 1), (5, 1, 0, 129) })
        {
            var g = new BlockNormGeometry(channels, plane, period, first, 1e-3f, 0.4f, 0.2f);
            float[] v = Bits.Random(1, 2 * channels * plane), signal = Bits.Random(2, 4 * channels * plane);
            for (int c = 0; c < channels; c++)
                v[c * plane] = 0;
            (float[] y, float[] dv) = NormOf(g, new Execution(Isa.Scalar, 1), v, signal);
            foreach (Execution execution in Bits.Executions)
            {
                (float[] forward, float[] backward) = NormOf(g, execution, v, signal);
                Bits.Same(y, forward, $"{g} on {execution}");
                Bits.Same(dv, backward, $"{g} on {execution}");
            }
        }
    }

    [Fact]
    public void Angle_IsCloseToDouble()
    {
        float[] x = Bits.Random(1, 100_000), y = Bits.Random(2, x.Length);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(Math.Atan2(y[i], x[i]), Arctangent.Angle<SimdScalar, float>(y[i], x[i]), 4e-7);
        Assert.Equal(0, Arctangent.Angle<SimdScalar, float>(0, 0));
        Assert.Equal(MathF.PI, Arctangent.Angle<SimdScalar, float>(0, -2));
        Assert.Equal(-MathF.PI / 2, Arctangent.Angle<SimdScalar, float>(-3, 0));
    }

    [Fact]
    public void CubicAngle_IsWithinWhatItsCommentSays()
    {
        double worst = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            double angle = 2 * Math.PI * i / 1_000_000;
            double difference = CubicAngle.Of<SimdScalar, float>((float)Math.Sin(angle), (float)Math.Cos(angle), out _) - angle;
            worst = Math.Max(worst, Math.Abs(Math.IEEERemainder(difference, 2 * Math.PI)));
        }

        Assert.InRange(worst, 0.006, 0.0062);
    }

    [Fact]
    public void CosineBins_AreTheArcCosineOfAFloat()
    {
        var o = new OrientationGeometry(18, 1, 5000);
        float[] g = Bits.Random(3, 2 * o.Plane), directions = o.Directions();
        // A thousand right beside a direction.
        for (int i = 0; i < 1000; i++)
        {
            double angle = i % 18 * Math.PI / 9 + (i - 500) * 1e-6;
            (g[i], g[o.Plane + i]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        }

        (float[] h, _) = BinsOf<CosineBinning>(o, new Execution(Isa.Scalar, 1), [.. g, .. g], Bits.Random(4, 4 * o.Bins * o.Plane));
        for (int i = 0; i < o.Plane; i++)
        {
            float x = g[i], y = g[o.Plane + i], size = MathF.Sqrt(MathF.FusedMultiplyAdd(x, x, y * y));
            (int Bin, float Score)[] order =
                [.. Enumerable.Range(0, 18).Select(k => (k, x * directions[2 * k] + y * directions[2 * k + 1])).OrderByDescending(s => s.Item2).Take(2)];
            double share = Math.Acos(Math.Min(order[0].Score / size, 1)) / (Math.PI / 9);
            Assert.Equal(size * (1 - share), h[order[0].Bin * o.Plane + i], 1e-6 * size);
            Assert.Equal(size * share, h[order[1].Bin * o.Plane + i], 1e-6 * size);
        }
    }

    [Fact]
    public void Floor_IsTheFloor()
    {
        foreach (float x in new[] { 0, -0f, 0.5f, -0.5f, 1, -1, 8.999999f, -9, -1e-9f, 4095.5f, -4095.5f, 2.5f, 3.5f, -2.5f })
            Assert.Equal(MathF.Floor(x), Arctangent.Floor<SimdScalar, float>(x));
    }

    static void Same<TBinning>(OrientationGeometry o, float[] g, float[] signal) where TBinning : struct, IBinning
    {
        (float[] h, float[] dg) = BinsOf<TBinning>(o, new Execution(Isa.Scalar, 1), g, signal);
        Assert.All(h, v => Assert.True(v >= 0));
        Assert.All(dg, v => Assert.True(float.IsFinite(v)));
        foreach (Execution execution in Bits.Executions)
        {
            (float[] forward, float[] backward) = BinsOf<TBinning>(o, execution, g, signal);
            Bits.Same(h, forward, $"{typeof(TBinning).Name}, {o} on {execution}");
            Bits.Same(dg, backward, $"{typeof(TBinning).Name}, {o} on {execution}");
        }
    }

    /// <summary>Two samples, two seeds.</summary>
    static (float[] H, float[] Dg) BinsOf<TBinning>(OrientationGeometry o, Execution execution, float[] g, float[] signal) where TBinning : struct, IBinning
    {
        using GuardedFloats directions = new(o.Directions()), from = new(g), h = new(2 * o.Bins * o.Plane), r = new(signal), dg = new(2 * g.Length);
        OrientationBins.Forward<TBinning>(execution, o, 2, directions.Pointer, from.Pointer, h.Pointer);
        OrientationBins.Backward<TBinning>(execution, o, 4, 2, directions.Pointer, from.Pointer, r.Pointer, dg.Pointer);
        return (h.Checked(), dg.Checked());
    }

    static (float[] Y, float[] Dv) NormOf(BlockNormGeometry g, Execution execution, float[] v, float[] signal)
    {
        using GuardedFloats from = new(v), y = new(v.Length), r = new(signal), dv = new(signal.Length);
        BlockNorm.Forward(execution, g, 2, from.Pointer, y.Pointer);
        BlockNorm.Backward(execution, g, 4, 2, from.Pointer, r.Pointer, dv.Pointer);
        return (y.Checked(), dv.Checked());
    }
}
