using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using static Preimage.Layers.Tests.Import.OnnxModels;

namespace Preimage.Layers.Tests.Import;

/// <summary>Shape computations in exported models: folded on the host, with the batch left free.</summary>
public sealed class OnnxDynamicTests
{
    static Shape At(Network network, string node, params int[] input) =>
        network.InferShapes(new Dictionary<string, Shape> { [network.Input.Name] = new Shape(input) })[network.Nodes[node].Index];

    [Fact]
    public void View_OfBatchSizeAndRest_KeepsBatchFree()
    {
        // PyTorch: x.view(x.size(0), -1).
        using Network network = Model(12)
            .Input("x", "batch", 3, 4, 5)
            .Node("Relu", "x", "r")
            .Node("Shape", "r", "shape")
            .Node("Constant", "", "zero", Attribute("value", LongTensor("", [], 0)))
            .Node("Gather", "shape zero", "n", Int("axis", 0))
            .Node("Unsqueeze", "n", "n1", Ints("axes", 0))
            .Node("Constant", "", "rest", Attribute("value", LongTensor("", [1], -1)))
            .Node("Concat", "n1 rest", "extents", Int("axis", 0))
            .Node("Reshape", "r extents", "y")
            .Output("y").Load();
        Assert.Equal(new Shape(1, 60), At(network, "y", 1, 3, 4, 5));
        Assert.Equal(new Shape(7, 60), At(network, "y", 7, 3, 4, 5));
        Assert.False(network.MixesSamples);
    }

    [Fact]
    public void Reshape_WithTheDeclaredBatchWrittenDown_TakesAnyBatch()
    {
        // mnist-8: Reshape(1, 256) of an input declared as 1x16x4x4.
        using Network network = Model(8).Input("x", 1, 16, 4, 4).Longs("s", 1, 256).Node("Reshape", "x s", "y").Output("y").Load();
        Assert.Equal(new Shape(5, 256), At(network, "y", 5, 16, 4, 4));
        Assert.False(network.MixesSamples);
    }

    [Fact]
    public void Reshape_ThatMovesTheBatch_FixesIt()
    {
        using Network network = Model(8).Input("x", 2, 16).Longs("s", 16, 2).Node("Reshape", "x s", "y").Output("y").Load();
        Assert.True(network.MixesSamples);
    }

    [Fact]
    public void Interpolate_BySizesFromShapes_FollowsTheInput()
    {
        // PyTorch: F.interpolate(x, scale_factor=2) with dynamic rows and columns.
        ModelProto model = Model(11).Input("x", "n", 3, "h", "w").Node("Shape", "x", "shape").Longs("two", 2).Longs("one", 1).Longs("three", 3).Longs("four", 4).Longs("nothing").Longs("zero", 0)
            .Node("Slice", "shape zero two zero", "head")
            .Node("Slice", "shape two three zero", "h")
            .Node("Slice", "shape three four zero", "w")
            .Floats("factor", [], 2f).Floats("roi", [0])
            .Floats("none", [0]);
        foreach (string axis in new[] { "h", "w" })
        {
            model.Node("Cast", axis, axis + "f", Int("to", 1)).Node("Mul", $"{axis}f factor", axis + "2").Node("Floor", axis + "2", axis + "3").Node("Cast", axis + "3", axis + "4", Int("to", 7));
        }

        using Network network = model.Node("Concat", "head h4 w4", "sizes", Int("axis", 0))
            .Node("Resize", "x roi none sizes", "y", Text("mode", "nearest"), Text("coordinate_transformation_mode", "asymmetric"), Text("nearest_mode", "floor"))
            .Output("y").Load();
        Assert.Equal(new Shape(2, 3, 20, 14), At(network, "y", 2, 3, 10, 7));
        Assert.Equal(new Shape(1, 3, 448, 448), network.InferShapes()[network.Output.Index]);
        Assert.Equal("*x3x*x*", ((Input)network.Input.Layer).ToString());
    }

    [Fact]
    public void If_OnAShape_TakesOneBranch()
    {
        // PyTorch: a module that squeezes an axis only if its extent is 1.
        var squeeze = new GraphProto();
        squeeze.Node.Add(NodeOf("Squeeze", "x", "squeezed", Ints("axes", 1)));
        squeeze.Output.Add(new ValueInfoProto { Name = "squeezed" });
        var keep = new GraphProto();
        keep.Node.Add(NodeOf("Nonsense", "x", "kept"));
        keep.Output.Add(new ValueInfoProto { Name = "kept" });
        using Network network = Model(11).Input("x", "n", 1, 4)
            .Node("Shape", "x", "shape").Longs("one", 1).Longs("index", 1)
            .Node("Gather", "shape index", "extent", Int("axis", 0))
            .Node("Equal", "extent one", "is")
            .Node("If", "is", "y", Attribute("then_branch", squeeze), Attribute("else_branch", keep))
            .Output("y").Load();
        Assert.Equal(new Shape(3, 4), At(network, "y", 3, 1, 4));
    }

    [Fact]
    public void If_OnTheInputsValues_IsRefused()
    {
        var branch = new GraphProto();
        branch.Output.Add(new ValueInfoProto { Name = "x" });
        ModelException error = Model(11).Input("x", 1, 4)
            .Node("If", "x", "y", Attribute("then_branch", branch), Attribute("else_branch", branch)).Output("y").Refused();
        Assert.IsType<UnsupportedOperatorException>(error);
        Assert.Contains("If", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConstantOfShapeRangeWhere_AreFolded()
    {
        using Network network = Model(13).Input("x", 2, 6)
            .Longs("three", 3).Node("ConstantOfShape", "three", "ones", Attribute("value", LongTensor("", [1], 1)))
            .Tensor(LongTensor("a", [], 1)).Tensor(LongTensor("b", [], 4)).Tensor(LongTensor("c", [], 1))
            .Node("Range", "a b c", "r")
            .Longs("t", 1, 2, 3).Node("Equal", "r t", "same")
            .Longs("s", -1, 3, 2).Node("Where", "same s ones", "extents")
            .Node("Reshape", "x extents", "y").Output("y").Load();
        Assert.Equal(new Shape(2, 3, 2), network.InferShapes()[network.Output.Index]);
    }

    [Theory]
    [InlineData("Reshape")]
    [InlineData("Transpose")]
    [InlineData("Unsqueeze")]
    [InlineData("Identity")]
    public void WeightsThroughViews_StayWeights(string op)
    {
        ModelProto model = Model(11).Input("x", 1, 6);
        _ = op switch
        {
            "Reshape" => model.Floats("w", [2, 3, 4]).Longs("s", 6, 4).Node("Reshape", "w s", "m"),
            "Transpose" => model.Floats("w", [4, 6]).Node("Transpose", "w", "m"),
            "Unsqueeze" => model.Floats("w", [24]).Node("Unsqueeze", "w", "w1", Ints("axes", 1)).Longs("s", 6, 4).Node("Reshape", "w1 s", "m"),
            _ => model.Floats("w", [6, 4]).Node("Identity", "w", "m"),
        };
        using Network network = model.Node("MatMul", "x m", "y").Output("y").Load();
        var dense = Assert.IsType<Dense>(Assert.Single(network.Nodes, n => n.Layer is not Input).Layer);
        Assert.Equal((6, 4), (dense.Inputs, dense.Outputs));
    }
}
