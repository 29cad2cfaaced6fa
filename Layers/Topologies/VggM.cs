namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>VGG-M (Chatfield et al. 2014), 3x224x224.</summary>
    public static Network VggM(ulong seed = 0)
    {
        var b = new TopologyBuilder(seed, 3, 224, 224);
        Node x = b.Normalise(b.Rectified(b.Input, "conv1", "relu1", 96, 7, stride: 2), "norm1", 5, 2, 1e-4f, 0.75f);
        x = b.MaxPool(x, "pool1", 3, 2, after: 1);
        x = b.Normalise(b.Rectified(x, "conv2", "relu2", 256, 5, stride: 2, pad: 1), "norm2", 5, 2, 1e-4f, 0.75f);
        x = b.MaxPool(x, "pool2", 3, 2, after: 1);
        x = b.Rectified(x, "conv3", "relu3", 512, 3, pad: 1);
        x = b.Rectified(x, "conv4", "relu4", 512, 3, pad: 1);
        x = b.Rectified(x, "conv5", "relu5", 512, 3, pad: 1);
        x = b.MaxPool(x, "pool5", 3, 2);
        x = b.Relu(b.Dense(x, "fc6", 4096), "relu6");
        x = b.Relu(b.Dense(x, "fc7", 4096), "relu7");
        return b.Build(b.Dense(x, "fc8", 1000));
    }
}
