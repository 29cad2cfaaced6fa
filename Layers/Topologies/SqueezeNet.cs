using Preimage.Layers.Kinds;

namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>SqueezeNet 1.0 (Iandola et al. 2016), 3x227x227.</summary>
    public static Network SqueezeNet(ulong seed = 0)
    {
        var b = new TopologyBuilder(seed, 3, 227, 227);
        Node x = b.MaxPool(b.Rectified(b.Input, "conv1", "relu_conv1", 96, 7, stride: 2), "pool1", 3, 2);
        x = Fire(Fire(Fire(x, 2, 16, 64), 3, 16, 64), 4, 32, 128);
        x = b.MaxPool(x, "pool4", 3, 2);
        x = Fire(Fire(Fire(Fire(x, 5, 32, 128), 6, 48, 192), 7, 48, 192), 8, 64, 256);
        x = Fire(b.MaxPool(x, "pool8", 3, 2), 9, 64, 256);
        x = b.Rectified(x, "conv10", "relu_conv10", 1000, 1);
        return b.Build(b.Add("logits", new Flatten(), b.Add("pool10", new GlobalPool(), x)));

        Node Fire(Node input, int number, int squeeze, int expand)
        {
            string name = $"fire{number}";
            Node s = b.Rectified(input, $"{name}/squeeze1x1", $"{name}/relu_squeeze1x1", squeeze, 1);
            Node narrow = b.Rectified(s, $"{name}/expand1x1", $"{name}/relu_expand1x1", expand, 1);
            Node wide = b.Rectified(s, $"{name}/expand3x3", $"{name}/relu_expand3x3", expand, 3, pad: 1);
            return b.Add($"{name}/concat", new Concat(1), narrow, wide);
        }
    }
}
