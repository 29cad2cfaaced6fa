using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>Sizes of decoded filters, and what cannot be decoded.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("alexnet", "conv1", 11)]
    [InlineData("alexnet", "conv2", 51)]
    [InlineData("alexnet", "conv3", 99)]
    [InlineData("alexnet", "conv4", 131)]
    [InlineData("alexnet", "conv5", 163)]
    [InlineData("alexnet", "fc6", 355)]
    [InlineData("alexnet", "fc8", 355)]
    [InlineData("vgg-m", "conv1", 7)]
    [InlineData("vgg-m", "conv2", 27)]
    [InlineData("vgg-m", "conv3", 75)]
    [InlineData("vgg-m", "conv4", 107)]
    [InlineData("vgg-m", "conv5", 139)]
    [InlineData("vgg-m", "fc6", 331)]
    [InlineData("vgg-16", "conv1_2", 5)]
    [InlineData("vgg-16", "conv2_2", 14)]
    [InlineData("vgg-16", "conv3_3", 40)]
    [InlineData("vgg-16", "conv4_3", 92)]
    [InlineData("vgg-16", "conv5_3", 196)]
    [InlineData("vgg-16", "fc6", 404)]
    [InlineData("lenet", "L1", 5)]
    [InlineData("lenet", "L3", 14)]
    [InlineData("lenet", "L5", 28)]
    [InlineData("lenet", "L7", 28)]
    [InlineData("lenet", "logits", 28)]
    public void Sizes_AreReceptiveFields(string topology, string node, int side)
    {
        using Network network = Topology.ByName(topology);
        DecodingPath path = DecodingPath.Of(network, network.Nodes[node]);
        Shape shape = new LayerFilters(path.Top).Shape;
        if (path.Steps.Count > 0)
        {
            using Network decoding = DecodingNetwork.Build(path.Steps, shape, Unpooling.Bicubic);
            shape = decoding.InferShapes()[decoding.Output.Index];
        }

        Assert.Equal(new Shape(1, network.InputShape.C, side, side), shape);
        Assert.Same(network.Input, path.Source);
        ReceptiveField field = ReceptiveField.Of(network)[network.Nodes[node].Index]!.Value;
        Assert.Equal((side, side), field.Size);
    }

    [Fact]
    public void Decode_RefusesBranchesByName()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Exception error = Assert.Throws<ModelException>(() => new FilterDecoder(engine).Decode("logits"));
        Assert.Contains("node 'sum' (Add): it joins 2 signals", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RefusesWhatHasNoFilters()
    {
        using Network network = Topology.LeNet();
        using Engine engine = network.On(Device.Cpu);
        var decoder = new FilterDecoder(engine);
        Assert.Contains("no convolution or dense layer at or below", Assert.Throws<ModelException>(() => decoder.Decode("data")).Message, StringComparison.Ordinal);
        Assert.Contains("'L4' (MaxPool) lies between", Assert.Throws<ModelException>(() => decoder.Decode("L4")).Message, StringComparison.Ordinal);
        Assert.Contains("units 0 to 9, not 10", Assert.Throws<PreimageException>(() => decoder.Decode("L7", [10])).Message, StringComparison.Ordinal);
        Assert.Contains("no units", Assert.Throws<PreimageException>(() => decoder.Decode("L7", [])).Message, StringComparison.Ordinal);
        Assert.Contains("budget of 0", Assert.Throws<PreimageException>(() => decoder.Decode("L7", options: new DecodingOptions { MemoryBudget = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RefusesLayersWithoutADecoding()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Add("conv", SmallNetworks.Filters(1, 4, 3), builder.Input("x", new Shape(1, 3, 8, 8)));
        x = builder.Add("squash", new Tanh(), x);
        builder.Output(builder.Add("top", SmallNetworks.Filters(2, 2, 4), x));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Exception error = Assert.Throws<ModelException>(() => new FilterDecoder(engine).Decode("top"));
        Assert.Contains("node 'squash' (Tanh): it has no decoding", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_IsCancelled()
    {
        using Network network = Topology.LeNet();
        using Engine engine = network.On(Device.Cpu);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new FilterDecoder(engine).Decode("L7", cancellation: source.Token));
    }
}
