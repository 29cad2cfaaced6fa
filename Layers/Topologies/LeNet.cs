namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>LeNet as of MatConvNet's MNIST example (Rafegas and Vanrell, section 5 of the specification), 1x28x28: no rectifier after the first two convolutions.</summary>
    /// <param name="seed">The seed of the weights.</param>
    public static Network LeNet(ulong seed = 0) => LeNet(seed, 10, 1, 28, 28);

    /// <summary>That network for pictures of another size: L5 sees all that L4 leaves.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="classes">How many logits.</param>
    /// <param name="channels">Planes of the input.</param>
    /// <param name="height">Rows, at least 16.</param>
    /// <param name="width">Columns, as many as rows.</param>
    /// <exception cref="ShapeException">The input is not square, or too small for two blocks.</exception>
    public static Network LeNet(ulong seed, int classes, int channels, int height, int width)
    {
        if (height != width || height < 16)
            throw new ShapeException($"LeNet on {height}x{width}: its input must be square and at least 16x16");
        int left = ((height - 4) / 2 - 4) / 2;
        var b = new TopologyBuilder(seed, channels, height, width);
        Node x = b.MaxPool(b.Convolution(b.Input, "L1", 20, 5), "L2", 2, 2);
        x = b.MaxPool(b.Convolution(x, "L3", 50, 5), "L4", 2, 2);
        x = b.Rectified(x, "L5", "L6", 500, left);
        return b.Build(b.Add("logits", new Kinds.Flatten(), b.Convolution(x, "L7", classes, 1)));
    }
}
