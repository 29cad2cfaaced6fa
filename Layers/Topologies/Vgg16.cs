namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>VGG-VD-16 (Simonyan and Zisserman 2014), 3x224x224.</summary>
    public static Network Vgg16(ulong seed = 0) => Vgg16(seed, 1000, 3, 224, 224);

    /// <summary>VGG-VD-16 for pictures of another size: fc6 sees all that pool5 leaves.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="classes">How many logits.</param>
    /// <param name="channels">Planes of the input.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="width">Columns, at least 32.</param>
    /// <exception cref="ModelException">The input is too small for five poolings.</exception>
    public static Network Vgg16(ulong seed, int classes, int channels, int height, int width) =>
        Vgg(seed, classes, channels, height, width, [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]);

    /// <summary>VGG-VD-19 (Simonyan and Zisserman 2014), 3x224x224: four convolutions in each of the last three blocks.</summary>
    public static Network Vgg19(ulong seed = 0) => Vgg19(seed, 1000, 3, 224, 224);

    /// <summary>VGG-VD-19 for pictures of another size.</summary>
    /// <inheritdoc cref="Vgg16(ulong, int, int, int, int)"/>
    public static Network Vgg19(ulong seed, int classes, int channels, int height, int width) =>
        Vgg(seed, classes, channels, height, width, [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)]);

    static Network Vgg(ulong seed, int classes, int channels, int height, int width, ReadOnlySpan<(int Layers, int Filters)> blocks)
    {
        var b = new TopologyBuilder(seed, channels, height, width);
        Node x = b.Input;
        for (int block = 0; block < blocks.Length; block++)
        {
            for (int layer = 1; layer <= blocks[block].Layers; layer++)
                x = b.Rectified(x, $"conv{block + 1}_{layer}", $"relu{block + 1}_{layer}", blocks[block].Filters, 3, pad: 1);
            x = b.MaxPool(x, $"pool{block + 1}", 2, 2);
        }

        x = b.Relu(b.Dense(x, "fc6", 4096), "relu6");
        x = b.Relu(b.Dense(x, "fc7", 4096), "relu7");
        return b.Build(b.Dense(x, "fc8", classes));
    }

    /// <summary>Tiny VGG of Fang 2017: three blocks of two 32-filter convolutions, dense layers of 1024, 512, 256; 3x224x224 unless said otherwise.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="classes">How many logits.</param>
    /// <param name="channels">Planes of the input.</param>
    /// <param name="height">Rows, at least 8; fc4 sees all that pool3 leaves.</param>
    /// <param name="width">Columns, at least 8.</param>
    /// <exception cref="ModelException">The input is too small for three poolings.</exception>
    public static Network TinyVgg(ulong seed = 0, int classes = 67, int channels = 3, int height = 224, int width = 224)
    {
        var b = new TopologyBuilder(seed, channels, height, width);
        Node x = b.Input;
        for (int block = 1; block <= 3; block++)
        {
            x = b.Rectified(x, $"conv{block}_1", $"relu{block}_1", 32, 3, pad: 1);
            x = b.MaxPool(b.Rectified(x, $"conv{block}_2", $"relu{block}_2", 32, 3, pad: 1), $"pool{block}", 2, 2);
        }

        x = b.Relu(b.Dense(x, "fc4", 1024), "relu4");
        x = b.Relu(b.Dense(x, "fc5", 512), "relu5");
        x = b.Relu(b.Dense(x, "fc6", 256), "relu6");
        return b.Build(b.Dense(x, "fc7", classes));
    }
}
