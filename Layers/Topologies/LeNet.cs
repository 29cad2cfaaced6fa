namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>LeNet as of MatConvNet's MNIST example (Rafegas and Vanrell, section 5 of the specification), 1x28x28: no rectifier after the first two convolutions.</summary>
    public static Network LeNet(ulong seed = 0)
    {
        var b = new TopologyBuilder(seed, 1, 28, 28);
        Node x = b.MaxPool(b.Convolution(b.Input, "L1", 20, 5), "L2", 2, 2);
        x = b.MaxPool(b.Convolution(x, "L3", 50, 5), "L4", 2, 2);
        x = b.Rectified(x, "L5", "L6", 500, 4);
        return b.Build(b.Add("logits", new Kinds.Flatten(), b.Convolution(x, "L7", 10, 1)));
    }
}
