using Preimage.Cpu.Reductions;

namespace Preimage.Cpu.Tests;

public sealed unsafe class ChannelSumsTests
{
    [Fact]
    public void EveryLayout_EqualsTheOracleBitForBit()
    {
        foreach (int samples in new[] { 1, 3 })
        foreach (int channels in new[] { 1, 15, 16, 33, 300 })
        foreach (int plane in new[] { 1, 2, 15, 16, 17, 49, 256 })
        {
            float[] x = Bits.Random(1, samples * channels * plane), dy = Bits.Random(2, x.Length), centres = Bits.Random(3, channels), factors = Bits.Random(4, channels);
            (float[] sums, float[] products) = Oracle(samples, channels, plane, x, dy, centres, factors);
            foreach (Execution execution in Bits.Executions)
            {
                foreach (bool blocked in new[] { false, true })
                {
                    string what = $"{samples} x {channels} x {plane}, blocked {blocked}, {execution}";
                    using GuardedFloats from = new(Laid(x, samples, channels, plane, blocked)), signal = new(Laid(dy, samples, channels, plane, blocked));
                    using GuardedFloats centre = new([.. centres, .. new float[blocked ? 15 : 0]]), factor = new(factors);
                    using GuardedFloats sum = new(channels), alone = new(channels), product = new(channels);
                    ChannelSums.Run(execution, blocked, samples, channels, plane, from.Pointer, signal.Pointer, centre.Pointer, factor.Pointer, sum.Pointer, product.Pointer);
                    ChannelSums.Run(execution, blocked, samples, channels, plane, signal.Pointer, alone.Pointer);
                    Bits.Same(sums, sum.Checked(), what);
                    Bits.Same(sums, alone.Checked(), what);
                    Bits.Same(products, product.Checked(), what);
                }
            }
        }
    }

    [Fact]
    public void Oracle_LiesWithinTheBoundOfTheDoubleSum()
    {
        const int Samples = 5, Channels = 7, Plane = 333;
        float[] x = Bits.Random(1, Samples * Channels * Plane), dy = Bits.Random(2, x.Length), centres = Bits.Random(3, Channels), ones = [.. Enumerable.Repeat(1f, Channels)];
        (float[] sums, float[] products) = Oracle(Samples, Channels, Plane, x, dy, centres, ones);
        for (int c = 0; c < Channels; c++)
        {
            double sum = 0, size = 0, product = 0, productSize = 0;
            for (int i = 0; i < x.Length; i++)
            {
                if (i / Plane % Channels != c)
                    continue;
                double term = ((double)x[i] - centres[c]) * dy[i];
                (sum, size, product, productSize) = (sum + dy[i], size + Math.Abs(dy[i]), product + term, productSize + Math.Abs(term));
            }

            const double Bound = (Samples * Plane + 3) * 5.960464477539063e-8;
            Assert.InRange(sums[c], sum - Bound * size, sum + Bound * size);
            Assert.InRange(products[c], product - Bound * productSize, product + Bound * productSize);
        }
    }

    /// <summary>Term i of a plane to partial sum i mod 16, joined 8 to 8, 4 to 4, 2 to 2, 1 to 1; planes added from +0 in the order of samples.</summary>
    static (float[] Sums, float[] Products) Oracle(int samples, int channels, int plane, float[] x, float[] dy, float[] centres, float[] factors)
    {
        float[] sums = new float[channels], products = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            for (int n = 0; n < samples; n++)
            {
                float[] a = new float[16], b = new float[16];
                for (int i = 0; i < plane; i++)
                {
                    int at = (n * channels + c) * plane + i;
                    a[i % 16] += dy[at];
                    b[i % 16] = MathF.FusedMultiplyAdd(x[at] - centres[c], dy[at], b[i % 16]);
                }

                sums[c] += Join(a);
                products[c] += Join(b);
            }

            products[c] = factors[c] * products[c];
        }

        return (sums, products);
    }

    static float Join(float[] p) => p.Length == 1 ? p[0] : Join([.. p[..(p.Length / 2)].Zip(p[(p.Length / 2)..], (a, b) => a + b)]);

    static float[] Laid(float[] planar, int samples, int channels, int plane, bool blocked) =>
        blocked ? BlockedArrays.Of(planar, samples, channels, plane) : planar;
}
