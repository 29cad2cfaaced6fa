using FsCheck;
using FsCheck.Fluent;
using Preimage.Layers.Export;
using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>What is saved reads back the same: nodes by name, layers, weights, shapes.</summary>
public sealed class OnnxRoundTripTests(ITestOutputHelper output)
{
    [Fact]
    public void RandomGraphs_RoundTrip() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(2026UL, 11UL, 100),
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(160).ToArbitrary(), tape =>
        {
            using Network network = RandomGraph.Draw(tape);
            AssertRoundTrips(network);
            AssertRunsAlike(network);
        }));

    [Fact]
    public void EveryKindOfLayer_IsDrawn()
    {
        var seen = new HashSet<Type>();
        for (int seed = 0; seed < 400; seed++)
        {
            var tape = new byte[160];
            new System.Random(seed).NextBytes(tape);
            using Network network = RandomGraph.Draw(tape);
            seen.UnionWith(network.Nodes.Select(n => n.Layer.GetType()));
        }

        // The rest of the shape computations have tests of their own.
        Type[] elsewhere = [typeof(HostCast), typeof(HostFill), typeof(HostRange), typeof(HostUnary), typeof(HostComparison), typeof(HostWhere)];
        Assert.Empty(LayerWriters.Kinds.Except(seen).Except(elsewhere));
    }

    [Fact]
    public void ShapeComputations_RoundTrip()
    {
        using Network network = OnnxModels.Model(13).Input("x", "n", 6)
            .Node("Shape", "x", "shape", OnnxModels.Int("start", 1)).Node("Cast", "shape", "f", OnnxModels.Int("to", 1))
            .Floats("half", [1], 0.5f).Node("Mul", "f half", "h").Node("Floor", "h", "fl").Node("Cast", "fl", "three", OnnxModels.Int("to", 7))
            .Node("ConstantOfShape", "three", "ones", OnnxModels.Attribute("value", OnnxModels.LongTensor("", [1], 1)))
            .Tensor(OnnxModels.LongTensor("a", [], 1)).Tensor(OnnxModels.LongTensor("b", [], 4))
            .Node("Squeeze", "three", "s3").Node("Range", "a b a", "r").Node("Equal", "r three", "same").Longs("e", 0, 3, -1)
            .Node("Where", "same ones e", "w").Node("Reshape", "x e", "y").Node("Shape", "y", "q").Node("Equal", "q w", "unused").Output("y").Load();
        AssertRoundTrips(network);
    }

    [Fact]
    public void FlattenedSoftmax_AndDenseOnHigherRanks_KeepTheirMeaning()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(2, 3, 4));
        Node dense = builder.Add("dense", new Dense { Weight = new MemoryWeights([.. Enumerable.Range(0, 20).Select(i => (float)i)], 5, 4), OutputMajor = true, Bias = new MemoryWeights(new float[5], 5), Alpha = 2, Beta = 3 }, x);
        Node softmax = builder.Add("softmax", new Softmax { Axis = 1, Flattened = true }, dense);
        builder.Output(softmax);
        using Network network = builder.Build(), again = Reload(network);
        Assert.Equal(new Shape(2, 3, 5), again.InferShapes()[again.Nodes["dense"].Index]);
        Assert.Equal(new Shape(2, 3, 5), again.InferShapes()[again.Nodes["softmax"].Index]);
        Assert.Equal("softmax", again.Output.Name);
        AssertRunsClose(network, again);
    }

    [Theory]
    [InlineData("models/onnx/caffe_lenet_mnist.onnx")]
    [InlineData("models/onnx/caffe_cifar10_quick.onnx")]
    [InlineData("models/onnx/tiny_vgg.onnx")]
    [InlineData("models/onnx/squeezenet_v1.0_dc.onnx")]
    [InlineData("models/mnist-8_onnxzoo/mnist-8.onnx")]
    public void RealModels_RoundTrip(string path)
    {
        using Network network = Network.Load(ReferenceData.Path(path));
        AssertRoundTrips(network);
        output.WriteLine($"{path}: {network.Nodes.Count} nodes, {network.ParameterCount} parameters, input {network.Input.Layer}, output {network.Output}");
        Assert.False(network.MixesSamples);
    }

    static Network Reload(Network network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        return Network.Load(stream);
    }

    static void AssertRoundTrips(Network network)
    {
        using Network again = Reload(network);
        IReadOnlyList<Shape> shapes = network.InferShapes(), newShapes = again.InferShapes();
        Assert.Equal(network.Outputs.Select(o => o.Name), again.Outputs.Select(o => o.Name));
        foreach (Node node in again.Nodes)
        {
            Node old = network.Nodes[node.Name];
            Assert.Equal(old.Layer.Operator, node.Layer.Operator);
            Assert.Equal(old.Output, node.Output);
            Assert.Equal(old.Inputs.Select(i => i.Name), node.Inputs.Select(i => i.Name));
            Assert.Equal(shapes[old.Index], newShapes[node.Index]);
            Assert.Equal(old.Layer.Weights.Select(w => w.Key), node.Layer.Weights.Select(w => w.Key));
            foreach ((WeightSource expected, WeightSource actual) in old.Layer.Weights.Zip(node.Layer.Weights, (a, b) => (a.Value, b.Value)))
            {
                Assert.Equal(expected.Extents, actual.Extents);
                Assert.Equal(expected.ToArray(), actual.ToArray());
            }
        }

        // Constants that nobody reads are the only nodes that may go.
        foreach (Node old in network.Nodes.Where(n => n.Layer is not Constant && !IsConstant(n)))
            Assert.True(again.Nodes.TryFind(old.Name, out _), $"{old} is gone");
    }

    /// <summary>Free axes have names in a file, and no extents: a network that ends in dense layers comes back at the size it was made for.</summary>
    [Fact]
    public void A_network_of_free_size_comes_back_at_its_own()
    {
        using Network network = Topology.TinyVgg(seed: 1, classes: 3, channels: 2, height: 24, width: 32);
        Assert.Contains(true, ((Input)network.Input.Layer).Free.Skip(2));
        using Network again = Reload(network);
        Assert.Equal(network.InputShape, again.InputShape);
        Assert.Equal(((Input)network.Input.Layer).Free, ((Input)again.Input.Layer).Free);
        Assert.Empty(again.Metadata.Properties);
        AssertRunsAlike(network);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"x": [1, 2]}""")]
    [InlineData("""{"x": [1, 2, 0, 4]}""")]
    [InlineData("""{"x": [1, 9, 24, 32]}""")]
    [InlineData("""{"x": null, "y": [1]}""")]
    [InlineData("[3]")]
    public void Sizes_that_do_not_fit_are_not_followed(string stated)
    {
        var input = new ValueInfoProto { Name = "x", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { Shape = new TensorShapeProto() } } };
        foreach (long extent in (ReadOnlySpan<long>)[0, 2, 0, 0])
            input.Type.TensorType.Shape.Dim.Add(extent > 0 ? new TensorShapeProto.Types.Dimension { DimValue = extent } : new TensorShapeProto.Types.Dimension { DimParam = "free" });
        var model = new ModelProto();
        model.MetadataProps.Add(new StringStringEntryProto { Key = StatedSizes.Entry, Value = stated });
        Assert.Null(StatedSizes.For(input, StatedSizes.Read(model)));
        model.MetadataProps[0].Value = """{"x": [1, 2, 24, 32]}""";
        Assert.Equal(new Shape(1, 2, 24, 32), StatedSizes.For(input, StatedSizes.Read(model)));
    }

    static void AssertRunsClose(Network a, Network b)
    {
        foreach ((float[] expected, float[] actual) in Run(a).Zip(Run(b)))
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }

    /// <summary>Both networks give the same bytes.</summary>
    static void AssertRunsAlike(Network network)
    {
        using Network again = Reload(network);
        float[][] expected = Run(network), actual = Run(again);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i]);
    }

    static float[][] Run(Network network)
    {
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        foreach (Node input in network.Inputs)
            plan.SetInput(input, [.. Enumerable.Range(0, plan.ShapeOf(input).Count).Select(i => MathF.Cos(0.37f * i))]);
        plan.Forward();
        return [.. network.Outputs.Select(o =>
        {
            var values = new float[plan.ShapeOf(o).Count];
            plan.Read(o, values);
            return values;
        })];
    }

    static bool IsConstant(Node node) => node.Layer is Constant || (node.Inputs.Count > 0 && node.Inputs.All(IsConstant));
}
