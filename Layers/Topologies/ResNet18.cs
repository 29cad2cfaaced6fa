using Preimage.Layers.Kinds;

namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>ResNet-18 (He et al. 2016), 3x224x224, with batch normalisation at inference.</summary>
    public static Network ResNet18(ulong seed = 0) => ResNet18(seed, 1000, 3, 224, 224);

    /// <summary>ResNet-18 declared for pictures of another size; averaging over the last plane, it takes any.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="classes">How many logits.</param>
    /// <param name="channels">Planes of the input.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static Network ResNet18(ulong seed, int classes, int channels, int height, int width)
    {
        var b = new TopologyBuilder(seed, channels, height, width);
        Node x = b.Relu(Normalised(b.Input, "conv1", 64, 7, 2, 3), "relu1");
        x = b.MaxPool(x, "pool1", 3, 2, pad: 1);
        for (int stage = 2; stage <= 5; stage++)
        {
            for (int block = 1; block <= 2; block++)
                x = Block(x, $"conv{stage}_{block}", 32 << (stage - 1), stage > 2 && block == 1 ? 2 : 1, shortcut: stage > 2 && block == 1);
        }

        return b.Build(b.Dense(b.Add("pool5", new GlobalPool(), x), "fc", classes));

        Node Normalised(Node input, string name, int filters, int kernel, int stride, int pad) =>
            b.BatchNormalise(b.Convolution(input, name, filters, kernel, stride, pad, bias: false), $"{name}_bn");

        Node Block(Node input, string name, int filters, int stride, bool shortcut)
        {
            Node y = b.Relu(Normalised(input, $"{name}a", filters, 3, stride, 1), $"{name}a_relu");
            y = Normalised(y, $"{name}b", filters, 3, 1, 1);
            Node skip = shortcut ? Normalised(input, $"{name}_shortcut", filters, 1, stride, 0) : input;
            return b.Relu(b.Add($"{name}_add", new Arithmetic(ArithmeticOperation.Add), y, skip), $"{name}_relu");
        }
    }
}
