using Preimage.Algorithms.Gallery.Writing;

namespace Preimage.Gallery.Tests.Writing;

public sealed class MapCodeTests
{
    [Theory, InlineData(16), InlineData(8)]
    public void Values_ComeBackWithinTheStatedError(int bits)
    {
        // Magnitudes over ten decades, as real maps have them, with both signs.
        var random = new Random(5);
        var values = new float[50_000];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, 10 * random.NextDouble() - 8));

        MapCode code = MapCode.Encode(values, bits);
        double[] decoded = code.Decode();
        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double error = Math.Abs(decoded[i] - values[i]);
            worst = Math.Max(worst, error);
            if (bits == 8)
            {
                // The bound of the class's remarks for this value: the code q is within half a step of 127 sqrt(|v|/m).
                double q = Math.Round(127 * Math.Sqrt(Math.Abs(values[i]) / code.Scale));
                Assert.InRange(error, 0, (q + 0.25) * code.Scale / (127 * 127) * (1 + 1e-9));
            }
        }

        Assert.InRange(worst, 0, code.Error * (1 + 1e-9));
        // The bound is no more than what is needed: the worst value comes near it.
        Assert.True(worst > 0.9 * code.Error / (bits == 8 ? 2 : 1), $"{worst} of {code.Error}");
        Assert.Equal((values.Min(), values.Max()), ((float)code.Lowest, (float)code.Highest));
    }

    [Theory, InlineData(16), InlineData(8)]
    public void Extremes_ComeBackExactly(int bits)
    {
        MapCode code = MapCode.Encode([-3, 3, 0, -0f, 1e-30f], bits);
        Assert.Equal([-3, 3, 0, 0, 0], code.Decode());
    }

    [Theory, InlineData(16), InlineData(8)]
    public void ValuesThatAreNotFinite_AreCountedAndKeptApart(int bits)
    {
        MapCode code = MapCode.Encode([1, float.NaN, float.PositiveInfinity, -2, float.NegativeInfinity], bits);
        Assert.Equal((3, 2.0, -2.0, 1.0), (code.NotFinite, code.Scale, code.Lowest, code.Highest));
        Assert.Equal([true, false, false, true, false], code.Decode().Select(double.IsFinite));
    }

    [Theory, InlineData(16), InlineData(8)]
    public void NothingFinite_AndNothingButZero_HaveNoScale(int bits)
    {
        Assert.Equal((0.0, 2), (MapCode.Encode([float.NaN, float.PositiveInfinity], bits).Scale, MapCode.Encode([float.NaN, float.PositiveInfinity], bits).NotFinite));
        MapCode zero = MapCode.Encode(new float[7], bits);
        Assert.Equal((0.0, 0.0), (zero.Scale, zero.Error));
        Assert.Equal(new double[7], zero.Decode());
    }

    [Fact]
    public void LargestFloats_DoNotOverflow()
    {
        MapCode code = MapCode.Encode([float.MaxValue, float.MinValue, float.Epsilon], 16);
        Assert.Equal([float.MaxValue, float.MinValue, 0], code.Decode());
    }
}
