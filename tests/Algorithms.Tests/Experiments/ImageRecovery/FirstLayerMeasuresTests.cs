using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>Dead zones and weights of units on cases counted by hand.</summary>
public sealed class FirstLayerMeasuresTests
{
    [Fact]
    public void Share_CountsPlacesWhereNoChannelIsAboveZero() =>
        // Of four places the second and the last: a zero does not pass.
        Assert.Equal(0.5, DeadZone.Share([1, 0, -1, -1, -1, -2, 3, 0], 2));

    [Fact]
    public void Shares_AreThoseOfTheConvolutionsBeforeTheirRectifier()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 2, 2));
        Node conv = builder.Add("conv", new Convolution { Weight = new MemoryWeights([1, -1], 2, 1, 1, 1), Bias = new MemoryWeights([-0.5f, 0.2f], 2), Sliding = new Window { Kernel = (1, 1) } }, x);
        builder.Output(builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), conv)));
        using var open = new OpenNetwork(builder.Build(), null, Preprocessing.Unit, Device.Cpu, owns: true);
        // 0 and 0.2 less than the bias pass the second filter, 1 passes the first, 0.4 none.
        PreparedInput input = Preprocessing.Unit.Apply(new Picture(2, 2, 1, [0, 25, 102, 255]), open.Network.Input);
        Assert.Equal([0.25], DeadZone.Shares(open, [conv], input, default));
    }

    [Theory]
    [InlineData(new double[] { 30 }, 0.5)]
    [InlineData(new double[] { 10, 190 }, 0)]
    [InlineData(new double[] { 0, 90 }, 0.25)]
    public void ShareOfDirections_IsWhatTheHalfPlanesLeave(double[] filters, double share) => Assert.Equal(share, DeadZone.ShareOfDirections(filters), 3);

    [Fact]
    public void Drawing_HasADeadZoneOnOneSideOnly()
    {
        (double[] spread, double[] gathered) = DeadZone.Drawn;
        Assert.Equal(0, DeadZone.ShareOfDirections(spread));
        // Filters from 25 to 140 degrees leave 180 - 115 degrees.
        Assert.Equal(65 / 360.0, DeadZone.ShareOfDirections(gathered), 3);
        Assert.Equal(300, DeadZone.Draw(gathered).Width);
    }

    [Fact]
    public void Moments_AreThoseOfTheWeights()
    {
        var weights = new UnitWeights([0, 0, 0, 4]);
        Assert.Equal((1, Math.Sqrt(3)), (weights.Mean, weights.Deviation));
        Assert.Equal(6 / Math.Pow(3, 1.5), weights.Skew, 12);
        Assert.Equal(21.0 / 9 - 3, weights.ExcessKurtosis, 12);
        Assert.Equal(1 / Math.Sqrt(6 * Math.PI), weights.Normal(1), 12);
    }

    [Fact]
    public void DistanceTo_IsTheLargestDifferenceOfShares()
    {
        Assert.Equal(0.5, new UnitWeights([4, 1, 3, 2]).DistanceTo(new UnitWeights([6, 3, 5, 4])));
        Assert.Equal(0, new UnitWeights([1, 1, 2]).DistanceTo(new UnitWeights([1, 2, 1])));
        Assert.Equal(1, new UnitWeights([1]).DistanceTo(new UnitWeights([2, 3])));
    }

    [Fact]
    public void Histogram_IsADensity()
    {
        var weights = new UnitWeights([.. Enumerable.Range(0, 1000).Select(i => i / 1000f)]);
        (double[] centres, double[] densities) = weights.Histogram(40);
        Assert.Equal(1, densities.Sum() * (centres[1] - centres[0]), 9);
        Assert.Equal(weights.Mean, (centres[0] + centres[^1]) / 2, 6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_ReadsTheWeightsIntoAUnit(bool outputMajor)
    {
        float[] values = outputMajor ? [1, 2, 3, 4, 5, 6] : [1, 4, 2, 5, 3, 6];
        var layer = new Dense { Weight = new MemoryWeights(values, outputMajor ? [2, 3] : [3, 2]), OutputMajor = outputMajor };
        Assert.Equal([4f, 5, 6], UnitWeights.Of(layer, 1).Values);
    }
}
