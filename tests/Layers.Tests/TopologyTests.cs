using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Layers.Tests;

/// <summary>Plane sizes, receptive fields (spec sections 2.1 and 11) and published parameter counts. Weights exist as formulas: nothing here runs.</summary>
public class TopologyTests
{
    [Theory]
    [InlineData("alexnet", "conv1 11/4/6", "pool1 19/8/10", "conv2 51/8/10", "pool2 67/16/18", "conv3 99/16/18", "conv4 131/16/18", "conv5 163/16/18",
        "pool5 195/32/34", "fc6 355/32/114", "fc7 355/32/114", "fc8 355/32/114")]
    [InlineData("caffenet", "conv1 11/4/6", "pool1 19/8/10", "norm1 19/8/10", "conv2 51/8/10", "pool2 67/16/18", "conv3 99/16/18", "conv4 131/16/18", "conv5 163/16/18",
        "pool5 195/32/34", "fc6 355/32/114", "fc8 355/32/114")]
    [InlineData("vgg-m", "conv1 7/2/4", "pool1 11/4/6", "conv2 27/8/10", "pool2 43/16/18", "conv3 75/16/18", "conv4 107/16/18", "conv5 139/16/18",
        "pool5 171/32/34", "fc6 331/32/114", "fc7 331/32/114", "fc8 331/32/114")]
    [InlineData("vgg-16", "conv1_2 5/1/1", "pool1 6/2/1.5", "conv2_2 14/2/1.5", "pool2 16/4/2.5", "conv3_3 40/4/2.5", "pool3 44/8/4.5", "conv4_3 92/8/4.5",
        "pool4 100/16/8.5", "conv5_1 132/16/8.5", "conv5_2 164/16/8.5", "conv5_3 196/16/8.5", "pool5 212/32/16.5", "fc6 404/32/112.5", "fc8 404/32/112.5")]
    [InlineData("lenet", "L1 5/1/3", "L2 6/2/3.5", "L3 14/2/7.5", "L4 16/4/8.5", "L5 28/4/14.5", "L7 28/4/14.5")]
    public void Receptive_fields_are_the_published_ones(string topology, params string[] lines)
    {
        using Network network = Topology.ByName(topology);
        IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(network);
        foreach (string line in lines)
        {
            string name = line.Split(' ')[0];
            Assert.Equal(line, $"{name} {fields[network.Nodes[name].Index]}");
        }
    }

    [Theory]
    [InlineData("alexnet", 55, 27, 27, 13, 13, 13, 13, 6)]
    [InlineData("vgg-m", 109, 54, 26, 13, 13, 13, 13, 6)]
    [InlineData("lenet", 24, 12, 8, 4, 1, 1)]
    public void Planes_have_the_published_sizes(string topology, params int[] sizes)
    {
        using Network network = Topology.ByName(topology);
        IReadOnlyList<Shape> shapes = network.InferShapes();
        Assert.Equal(sizes, network.Nodes.Where(n => n.Layer is Convolution or MaxPool).Select(n => shapes[n.Index].H));
    }

    /// <summary>Names and order of the layers as of Mahendran and Vedaldi 2016, Tables 1 to 3, and of MatConvNet's LeNet; softmax is left to the caller.</summary>
    [Theory]
    [InlineData("alexnet", "conv1 relu1 norm1 pool1 conv2 relu2 norm2 pool2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData("caffenet", "conv1 relu1 pool1 norm1 conv2 relu2 pool2 norm2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData("vgg-m", "conv1 relu1 norm1 pool1 conv2 relu2 norm2 pool2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData("vgg-16", "conv1_1 relu1_1 conv1_2 relu1_2 pool1 conv2_1 relu2_1 conv2_2 relu2_2 pool2 conv3_1 relu3_1 conv3_2 relu3_2 conv3_3 relu3_3 pool3 " +
        "conv4_1 relu4_1 conv4_2 relu4_2 conv4_3 relu4_3 pool4 conv5_1 relu5_1 conv5_2 relu5_2 conv5_3 relu5_3 pool5 fc6 relu6 fc7 relu7 fc8")]
    [InlineData("lenet", "L1 L2 L3 L4 L5 L6 L7")]
    public void Layers_have_the_papers_names_in_their_order(string topology, string names)
    {
        using Network network = Topology.ByName(topology);
        Assert.Equal(names.Split(' '), network.Nodes.Where(n => n.Layer is not (Input or View)).Select(n => n.Name));
    }

    /// <summary>Channels, rows and columns, and the pixels between neighbours: what <c>preimage inspect</c> prints of each node.</summary>
    [Theory]
    [InlineData("alexnet", "conv1 96x55x55/4", "norm1 96x55x55/4", "pool1 96x27x27/8", "conv2 256x27x27/8", "norm2 256x27x27/8", "pool2 256x13x13/16", "conv3 384x13x13/16",
        "conv4 384x13x13/16", "conv5 256x13x13/16", "pool5 256x6x6/32", "fc6 4096/32", "fc7 4096/32", "fc8 1000/32")]
    [InlineData("caffenet", "conv1 96x55x55/4", "pool1 96x27x27/8", "norm1 96x27x27/8", "conv2 256x27x27/8", "pool2 256x13x13/16", "norm2 256x13x13/16", "conv3 384x13x13/16",
        "conv4 384x13x13/16", "conv5 256x13x13/16", "pool5 256x6x6/32", "fc6 4096/32", "fc7 4096/32", "fc8 1000/32")]
    [InlineData("vgg-m", "conv1 96x109x109/2", "norm1 96x109x109/2", "pool1 96x54x54/4", "conv2 256x26x26/8", "pool2 256x13x13/16", "conv3 512x13x13/16", "conv4 512x13x13/16",
        "conv5 512x13x13/16", "pool5 512x6x6/32", "fc6 4096/32", "fc7 4096/32", "fc8 1000/32")]
    [InlineData("vgg-16", "conv1_1 64x224x224/1", "conv1_2 64x224x224/1", "pool1 64x112x112/2", "conv2_2 128x112x112/2", "pool2 128x56x56/4", "conv3_3 256x56x56/4",
        "pool3 256x28x28/8", "conv4_3 512x28x28/8", "pool4 512x14x14/16", "conv5_3 512x14x14/16", "pool5 512x7x7/32", "fc6 4096/32", "fc7 4096/32", "fc8 1000/32")]
    [InlineData("lenet", "L1 20x24x24/1", "L2 20x12x12/2", "L3 50x8x8/2", "L4 50x4x4/4", "L5 500x1x1/4", "L6 500x1x1/4", "L7 10x1x1/4")]
    public void Nodes_have_the_published_dimensions(string topology, params string[] lines)
    {
        using Network network = Topology.ByName(topology);
        Dictionary<string, NodeSummary> summaries = NodeSummary.Of(network).ToDictionary(s => s.Node.Name);
        foreach (string line in lines)
        {
            NodeSummary summary = summaries[line.Split(' ')[0]];
            Assert.Equal(line, $"{summary.Node.Name} {string.Join('x', summary.Shape.ToArray()[1..])}/{summary.Field!.Value.Stride.Y}");
        }
    }

    // ResNet-18 is published with 11,689,512; its 9,600 stored means and variances come on top here.
    [Theory]
    [InlineData("alexnet", 60_965_224, 1000)]
    [InlineData("caffenet", 60_965_224, 1000)]
    [InlineData("vgg-16", 138_357_544, 1000)]
    [InlineData("vgg-19", 143_667_240, 1000)]
    [InlineData("squeezenet", 1_248_424, 1000)]
    [InlineData("resnet-18", 11_689_512 + 9_600, 1000)]
    [InlineData("tiny-vgg", 896 + 5 * 9248 + 25_691_136 + 524_800 + 131_328 + 257 * 67, 67)]
    [InlineData("lenet", 431_080, 10)]
    public void Parameters_are_as_many_as_published(string topology, long parameters, int classes)
    {
        using Network network = Topology.ByName(topology);
        Assert.Equal(parameters, network.ParameterCount);
        Assert.Equal(new Shape(1, classes), network.InferShapes()[network.Output.Index]);
    }

    [Fact]
    public void A_seed_gives_the_same_weights_and_another_one_others()
    {
        using Network a = Topology.LeNet(1), b = Topology.LeNet(1), c = Topology.LeNet(2);
        float[] Weights(Network network) => ((Convolution)network.Nodes["L3"].Layer).Weight.ToArray();
        Assert.Equal(Weights(a), Weights(b));
        Assert.NotEqual(Weights(a), Weights(c));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        string message = Assert.Throws<PreimageException>(() => Topology.ByName("vgg")).Message;
        Assert.All(Topology.Names, name => Assert.Contains(name, message));
    }
}
