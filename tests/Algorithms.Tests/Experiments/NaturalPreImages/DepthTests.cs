using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.Experiments.NaturalPreImages;

/// <summary>The schedule of C, and which nodes are layers, on networks of the paper.</summary>
public sealed class DepthTests
{
    [Theory]
    [InlineData("alexnet", "conv1 300 relu1 300 norm1 300 pool1 300 conv2 300 relu2 300 norm2 300 pool2 300 conv3 300 relu3 300 conv4 100 relu4 100 conv5 20 relu5 20 pool5 1 fc6 1 relu6 1 fc7 1 relu7 1 fc8 1")]
    [InlineData("vgg-m", "conv1 300 relu1 300 norm1 300 pool1 300 conv2 300 relu2 300 norm2 300 pool2 300 conv3 300 relu3 300 conv4 100 relu4 100 conv5 20 relu5 20 pool5 1 fc6 1 relu6 1 fc7 1 relu7 1 fc8 1")]
    public void C_FallsWithDepthAsInTheFigures(string topology, string expected)
    {
        using Subject subject = Of(topology);
        Assert.Equal(expected, string.Join(' ', subject.Trunk.Select(n => $"{n.Name} {Depth.C(subject, n)}")));
        Assert.Equal(subject.Layers, subject.Trunk);
    }

    [Fact]
    public void C_OfVgg16IsByItsOwnLayers()
    {
        using Subject subject = Of("vgg-16");
        Assert.Equal(36, subject.Layers.Count);
        Assert.Equal([300.0, 100, 20, 1], new[] { "conv4_3", "conv5_1", "conv5_3", "fc6" }.Select(n => Depth.C(subject, subject.Network.Nodes[n])));
    }

    [Fact]
    public void Trunk_OfBranchesIsWhereTheyMeet()
    {
        using Subject subject = Of("squeezenet");
        string[] trunk = [.. subject.Trunk.Select(n => n.Name)];
        Assert.Contains("fire5/concat", trunk);
        Assert.Contains("fire5/squeeze1x1", trunk);
        Assert.DoesNotContain("fire5/expand3x3", trunk);
        Assert.Equal("pool10", trunk[^1]);
        Assert.Contains(subject.Layers, n => n.Name == "fire5/expand3x3");
    }

    [Fact]
    public void Table5_IsHeldBesideAlexNetOnly()
    {
        using Subject alexNet = Of("alexnet");
        Assert.Equal((9.6, 1.9), Table5Paper.Of(alexNet.Layers.Select(n => n.Name), "conv5", 100));
        Assert.Equal((13.6, 2.9), Table5Paper.Of(alexNet.Layers.Select(n => n.Name), "fc8", 1));
        Assert.Null(Table5Paper.Of(alexNet.Layers.Select(n => n.Name), "conv5", 50));
        Assert.Null(Table5Paper.Of(alexNet.Layers.Take(5).Select(n => n.Name), "conv1", 1));
        using Subject squeeze = Of("squeezenet");
        Assert.Null(Table5Paper.Of(squeeze.Layers.Select(n => n.Name), "conv1", 1));
    }

    static Subject Of(string topology) => new(topology, "random", false, Topology.ByName(topology), Preprocessing.Raw, Device.Cpu);
}
