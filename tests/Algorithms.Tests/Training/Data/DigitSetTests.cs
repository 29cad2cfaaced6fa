using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Digits;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class DigitSetTests
{
    const int Side = DigitPen.Side;

    [Fact]
    public void Bytes_AreTheSameOnEveryMachine()
    {
        DataSplit split = DataSource.Open("digits", 1);
        Assert.Equal("fec7ff77e780dd81", Samples.Hash(split.Train, [.. Enumerable.Range(0, 50)]));
        Assert.Equal("5acb86237d8ca032", Samples.Hash(split.Test, [.. Enumerable.Range(0, 50)]));
    }

    [Fact]
    public void Split_HasEveryDigitAlike()
    {
        DataSplit split = DataSource.Open("digits", 1);
        Assert.All(Samples.CountByClass(split.Train), count => Assert.Equal(1000, count));
        Assert.All(Samples.CountByClass(split.Test), count => Assert.Equal(200, count));
        Assert.Equal(120, Enumerable.Range(0, 60).SelectMany(i => new[] { Key(split.Train, i), Key(split.Test, i) }).Distinct().Count());
    }

    [Fact]
    public void Samples_DependOnSeedAndNumberAlone()
    {
        DataSplit large = DataSource.Open("digits,train=3000,test=100,cache=0", 3), small = DataSource.Open("digits,train=20,test=50", 3), other = DataSource.Open("digits,train=20", 4);
        Assert.Equal(Key(large.Train, 17), Key(small.Train, 17));
        Assert.Equal(Key(large.Test, 17), Key(small.Test, 17));
        Assert.NotEqual(Key(small.Train, 17), Key(other.Train, 17));
    }

    [Fact]
    public void Pictures_LookLikeMnist()
    {
        DataSet data = DataSource.Open("digits,train=500", 2).Train;
        double mean = 0;
        for (int i = 0; i < data.Count; i++)
        {
            byte[] pixels = Samples.Of(data, i);
            int[] inked = [.. Enumerable.Range(0, pixels.Length).Where(p => pixels[p] > 40)];
            int tall = inked.Max(p => p / Side) - inked.Min(p => p / Side) + 1, wide = inked.Max(p => p % Side) - inked.Min(p => p % Side) + 1;
            Assert.InRange(Math.Max(tall, wide), 14, 24);
            // Its mass lies in the middle.
            double sum = pixels.Sum(p => (double)p);
            Assert.InRange(Enumerable.Range(0, pixels.Length).Sum(p => pixels[p] * (p % Side + 0.5)) / sum, 11, 17);
            Assert.InRange(Enumerable.Range(0, pixels.Length).Sum(p => pixels[p] * (p / Side + 0.5)) / sum, 11, 17);
            Assert.InRange(pixels.Max(), 200, 255);
            mean += sum / pixels.Length / data.Count;
        }

        // MNIST's is 33.3.
        Assert.InRange(mean, 23, 43);
    }

    static string Key(DataSet data, int index) => Samples.Hash(data, index);
}
