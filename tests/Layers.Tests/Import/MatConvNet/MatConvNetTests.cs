using Preimage.Layers.Import;
using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;
using static Preimage.Layers.Tests.Import.MatConvNet.MatNets;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>Whole networks through a MAT file, and each convention of MatConvNet by hand-computed numbers.</summary>
public class MatConvNetTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_chain_of_every_layer_gives_the_same_logits(bool compress, bool bigEndian)
    {
        using Network expected = SmallMatNets.Chain(), actual = Network.Load(MatNode.File(SimpleNn(expected), compress, bigEndian));
        Assert.Equal(expected.Nodes.Select(n => $"{n}"), actual.Nodes.Select(n => $"{n}"));
        Assert.Equal(expected.InferShapes(), actual.InferShapes());
        Assert.Equal(SmallMatNets.Run(expected), SmallMatNets.Run(actual));
        Assert.Equal(64, actual.Hash.Length);
    }

    [Fact]
    public void LeNet_gives_the_same_logits_and_keeps_its_names()
    {
        using Network expected = Topology.LeNet(3), actual = Network.Load(MatNode.File(SimpleNn(expected), compress: true));
        foreach (string name in new[] { "L1", "L2", "L3", "L4", "L5", "L6", "L7" })
            Assert.True(actual.Nodes.TryFind(name, out _), name);
        foreach (Node node in expected.Nodes.Where(n => n.Layer.Weights.Count > 0))
            Assert.Equal(node.Layer.Weights.Select(w => w.Value.ToArray()), actual.Nodes[node.Name].Layer.Weights.Select(w => w.Value.ToArray()));
        // Layers that cover their plane are dense here: same sums, another order. Operators of one precision agree to 5e-6 of the rms.
        Assert.IsType<Dense>(actual.Nodes["L5"].Layer);
        float[] a = SmallMatNets.Run(expected), b = SmallMatNets.Run(actual);
        Assert.True(Agreement.Nmse(b, a) <= 5e-6 * 5e-6, $"{Agreement.Nmse(b, a)}");
        Assert.Equal(expected.ParameterCount, actual.ParameterCount);
    }

    [Fact]
    public void A_graph_in_any_order_gives_the_same_logits()
    {
        using Network expected = SmallMatNets.Residual(), actual = Network.Load(MatNode.File(SmallMatNets.ResidualDag(expected)));
        Assert.Equal("image", actual.Input.Name);
        Assert.Equal("prediction", actual.Output.Name);
        Assert.Equal(expected.InferShapes()[expected.Output.Index], actual.InferShapes()[actual.Output.Index]);
        Assert.Equal(SmallMatNets.Run(expected), SmallMatNets.Run(actual));
        // conv2 and conv3 use one parameter, which is one source.
        Assert.Same(((Convolution)actual.Nodes["conv2"].Layer).Weight, ((Convolution)actual.Nodes["conv3"].Layer).Weight);
    }

    [Fact]
    public void Filters_are_column_major_and_pads_are_top_bottom_left_right()
    {
        MatNode conv = Layer("conv", "c",
            ("weights", MatNode.Cell(MatNode.Array([2, 3], [1, 2, 3, 4, 5, 6]), MatNode.Array([0, 0], []))), ("pad", MatNode.Row(1, 2, 3, 4)), ("stride", MatNode.Row(2, 1)));
        using Network network = Network.Load(MatNode.File(SimpleNn([5, 6], conv)));
        var layer = (Convolution)network.Nodes["c"].Layer;
        Assert.Equal([1, 3, 5, 2, 4, 6], layer.Weight.ToArray());
        Assert.Equal([1, 1, 2, 3], layer.Weight.Extents);
        Assert.Equal((1, 3, 2, 4), layer.Sliding.Pads);
        Assert.Equal((2, 1), layer.Sliding.Stride);
        Assert.Null(layer.Bias);
        // floor((5 + 1 + 2 - 2) / 2) + 1 rows, 6 + 3 + 4 - 3 + 1 columns.
        Assert.Equal(new Shape(1, 1, 4, 11), network.InferShapes()[network.Output.Index]);
    }

    [Fact]
    public void Normalisation_has_MatConvNet_s_alpha()
    {
        // Spec section 11: N = 4, kappa 1, alpha 0.1, beta 0.75 on seven channels.
        using Network network = Network.Load(MatNode.File(SimpleNn([1, 1, 7], Layer("normalize", "n", ("param", MatNode.Row(4, 1, 0.1, 0.75))))));
        float[] expected = [0.51861081f, -1.02919149f, 1.54378724f, 0.25729787f, -0.42546367f, 0.85606891f, 1.75476535f];
        float[] actual = SmallMatNets.Run(network, [1, -2, 3, 0.5f, -1, 2, 4]);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f * Math.Abs(expected[i]));
    }

    [Fact]
    public void Batch_normalisation_divides_by_the_stored_deviation()
    {
        MatNode bnorm = Layer("bnorm", "b", ("weights", MatNode.Cell(
            MatNode.Array([2, 1], [2, 3]), MatNode.Array([2, 1], [0.5, -1]), MatNode.Array([2, 2], [1, 10, 4, 0.5]))));
        using Network network = Network.Load(MatNode.File(SimpleNn([1, 1, 2], bnorm)));
        // 2 (7 - 1) / 4 + 0.5 and 3 (11 - 10) / 0.5 - 1.
        Assert.Equal([3.5f, 5], SmallMatNets.Run(network, [7, 11]));
    }

    [Fact]
    public void Means_count_the_pixels_inside_the_plane_only()
    {
        MatNode pool = Layer("pool", "p", ("method", MatNode.Text("avg")), ("pool", MatNode.Row(2)), ("stride", MatNode.Row(2)), ("pad", MatNode.Row(0, 1, 0, 1)));
        using Network network = Network.Load(MatNode.File(SimpleNn([3, 3], pool)));
        Assert.Equal([3, 4.5f, 7.5f, 9], SmallMatNets.Run(network, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }

    [Fact]
    public void Older_files_have_filters_biases_and_their_meta_data_at_the_top()
    {
        MatNode conv = MatNode.Struct(("type", MatNode.Text("conv")), ("filters", MatNode.Array([1, 1], [2])), ("biases", MatNode.Array([1, 1], [3])), ("stride", MatNode.Row(1)), ("pad", MatNode.Row(0)));
        MatNode[] variables =
        [
            MatNode.Cell(conv, MatNode.Struct(("type", MatNode.Text("dropout")), ("rate", MatNode.Row(0.5))), MatNode.Struct(("type", MatNode.Text("softmaxloss")))).Named("layers"),
            MatNode.Struct(("imageSize", MatNode.Row(2, 2, 1)), ("interpolation", MatNode.Text("bicubic"))).Named("normalization"),
            MatNode.Struct(("name", MatNode.Cell(MatNode.Text("n01"))), ("description", MatNode.Cell(MatNode.Text("a thing")))).Named("classes"),
        ];
        using Network network = Network.Load(MatNode.File(variables));
        Assert.Equal(["data", "layer1"], network.Nodes.Select(n => n.Name));
        Assert.Equal([5, 7, 9, 11], SmallMatNets.Run(network, [1, 2, 3, 4]));
        Assert.Equal(["n01"], network.Metadata.ClassNames);
        Assert.Equal(["a thing"], network.Metadata.ClassDescriptions);
        Assert.Equal("bicubic", network.Metadata.Normalisation!.Interpolation);
        Assert.Null(network.Metadata.Normalisation.AverageImage);
        // One variable around everything.
        MatNode wrapped = MatNode.Struct(variables.Select(v => (v.Name, v.Named("")))).Named("net");
        using Network again = Network.Load(MatNode.File([wrapped]));
        Assert.Equal([5, 7, 9, 11], SmallMatNets.Run(again, [1, 2, 3, 4]));
    }

    [Fact]
    public void An_average_image_comes_by_channel_row_and_column()
    {
        double[] image = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        MatNode meta = MatNode.Struct(("normalization", MatNode.Struct(("imageSize", MatNode.Row(2, 3, 2, 10)), ("averageImage", MatNode.Array([2, 3, 2], image)),
            ("keepAspect", MatNode.Row(1)), ("border", MatNode.Row(32, 16)), ("cropSize", MatNode.Row(0.875)))));
        using Network network = Network.Load(MatNode.File([MatNode.Cell(Layer("relu", "r")).Named("layers"), meta.Named("meta")]));
        InputNormalisation normalisation = network.Metadata.Normalisation!;
        Assert.Equal(new Shape(1, 2, 2, 3), normalisation.InputShape);
        Assert.Equal([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11], normalisation.AverageImage!.ToArray());
        Assert.Equal([2.5, 8.5], normalisation.ChannelMeans);
        Assert.True(normalisation.KeepAspect);
        Assert.Equal((32, 16), normalisation.Border);
        Assert.Equal((0.875, 0.875), normalisation.CropSize);
    }

    [Fact]
    public void Without_a_size_the_options_say_it()
    {
        MatNode[] variables = [MatNode.Cell(Layer("conv", "c", ("weights", MatNode.Cell(MatNode.Array([4, 4, 2, 3], new double[96]))))).Named("layers")];
        byte[] file = MatNode.File(variables);
        using Network plain = Network.Load(file), given = Network.Load(file, new LoadOptions { InputShapes = new Dictionary<string, Shape> { ["data"] = new(1, 2, 4, 4) } });
        Assert.Equal(new Shape(1, 2, 224, 224), plain.InputShape);
        Assert.Equal(new Shape(1, 3), given.InferShapes()[given.Output.Index]);
        Assert.Contains("'x'", Assert.Throws<ModelException>(() => Network.Load(file, new LoadOptions { InputShapes = new Dictionary<string, Shape> { ["x"] = new(1, 2, 4, 4) } })).Message);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "pdist", "layer 'l' (pdist)" }, { "noffset", "not read; conv" }, { "custom", "custom" },
        { "conv", "has no filters" }, { "pool", "no field 'pool'" }, { "bnorm", "no stored moments" }, { "sparse", "1x1 sparse" },
        { "pad", "'pad' holds 0.5" }, { "wide", "smaller than the 2x2 window" }, { "method", "'median'" }, { "channels", "do not fit 3 input channels" }, { "bias", "bias has 2 values" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_not_read_is_refused_by_name(string what, string expected)
    {
        MatNode sparse = MatNode.Row(1);
        sparse.Class = MatClass.Sparse;
        MatNode filters = MatNode.Array([1, 1, 3], [1, 2, 3]);
        MatNode layer = what switch
        {
            "sparse" => Layer("conv", "l", ("weights", MatNode.Cell(sparse))),
            "pad" => Layer("conv", "l", ("weights", MatNode.Cell(filters)), ("pad", MatNode.Row(0.5))),
            "wide" => Layer("pool", "l", ("pool", MatNode.Row(2)), ("pad", MatNode.Row(2))),
            "method" => Layer("pool", "l", ("pool", MatNode.Row(2)), ("method", MatNode.Text("median"))),
            "channels" => Layer("conv", "l", ("weights", MatNode.Cell(MatNode.Array([1, 1, 2], [1, 2])))),
            "bias" => Layer("conv", "l", ("weights", MatNode.Cell(filters, MatNode.Array([2, 1], [1, 2])))),
            _ => Layer(what, "l"),
        };
        ModelException error = Assert.ThrowsAny<ModelException>(() => Network.Load(MatNode.File(SimpleNn([4, 4, 3], layer))));
        Assert.Contains(expected.Replace("layer 'l'", "node 'l'", StringComparison.Ordinal), error.Message);
        Assert.Equal("l", error.Node);
    }

    [Fact]
    public void A_file_without_a_network_names_what_it_has()
    {
        string message = Assert.Throws<ModelException>(() => Network.Load(MatNode.File([MatNode.Row(1, 2).Named("x0_sigma")]))).Message;
        Assert.Contains("x0_sigma (1x2 double)", message);
        MatNode whole = MatNode.Struct().Named("net");
        whole.Class = MatClass.Object;
        Assert.Contains("saveobj", Assert.Throws<ModelException>(() => Network.Load(MatNode.File([whole]))).Message);
    }

    [Fact]
    public void A_graph_that_reads_itself_is_refused()
    {
        MatNode a = DagLayer("a", "ReLU", "y", "x", ""), b = DagLayer("b", "ReLU", "x", "y", "");
        Assert.Contains("its own output", Assert.Throws<ModelException>(() => Network.Load(MatNode.File([MatNode.StructArray(a, b).Named("layers")]))).Message);
    }
}
