using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>The parts of the experiment on the theory, each against what probability says.</summary>
public sealed class TheoryPartsTests
{
    static readonly Picture s_house = DrawnPicture.House(64, 64);

    /// <summary>A mean of N filters of p numbers has the squared error (pi p - 1) / N of its length: each number has half the variance, and the mean squared off it.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void FilterMeans_ErrAsProbabilitySays(int kernel)
    {
        var result = new UnitResult();
        FilterMeans.Study(s_house, kernel, 3, result);
        double expected = (Math.PI * 3 * kernel * kernel - 1) / 0.01;
        // 64 means of at least 27 independent numbers: a standard error of sqrt(2 / (64 * 27)) = 3.4 %.
        Assert.InRange(result.Numbers["needed"] / expected, 0.85, 1.15);
        Assert.All(FilterMeans.Counts.Zip(result.Series["errors"]), e => Assert.InRange(e.Second * e.Second * e.First / (Math.PI * 3 * kernel * kernel - 1), 0.6, 1.5));
    }

    /// <summary>Windows of one unit pick every unit, responding or not: half of them, filters being as often against a patch as for it.</summary>
    [Fact]
    public void PickedUnits_OfWindowsOfOneAreAll()
    {
        UnitResult one = new(), many = new();
        PickedUnits.Study(s_house, new Window { Kernel = (1, 1) }, 3, Device.Cpu, one);
        PickedUnits.Study(s_house, RandomNetworks.MaxPool2, 3, Device.Cpu, many);
        Assert.Equal(1, one.Numbers["picked of responding"]);
        Assert.InRange(one.Numbers["off of picked"], 0.4, 0.6);
        Assert.InRange(many.Numbers["picked of responding"], 0.1, 0.9);
        // Windows apart pick a unit each: those picked in vain are the windows without a response.
        Assert.Equal(many.Numbers["silent windows"], many.Numbers["off of picked"], 1e-12);
        Assert.InRange(many.Numbers["off of picked"], 0, one.Numbers["off of picked"]);
    }

    [Fact]
    public void FoldedSignal_IsMeasuredForEveryRule()
    {
        var result = new UnitResult();
        FoldedSignal.Study(s_house, new RandomNetworks(3).Vgg16(32, 32, 10), Device.Cpu, result);
        foreach (string method in FoldedSignal.Methods)
        {
            Assert.True(double.IsFinite(result.Numbers[$"{method} mean"]) && double.IsFinite(result.Numbers[$"{method} kurtosis"]));
            Assert.Equal(480, result.Pictures[method].Width);
        }
    }

    /// <summary>A line from 0 to 7 in each of three planes: what is shrunk has the same mean and still rises.</summary>
    [Fact]
    public void Shrink_AveragesWhatItDrops()
    {
        float[] planes = [.. Enumerable.Range(0, 3 * 64).Select(i => (float)(i % 8))];
        float[] small = RandomSubject.Shrink(planes, 8, 2);
        Assert.Equal(3 * 4, small.Length);
        Assert.Equal(3.5, small.Average(), 1e-4);
        Assert.True(small[1] > small[0] + 2);
    }
}
