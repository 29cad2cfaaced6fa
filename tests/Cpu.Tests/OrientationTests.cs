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
            Same<BilinearBinning>(o, g, signal);
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
