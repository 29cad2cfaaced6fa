namespace Preimage.Layers.Topologies;

public static partial class Topology
{
    /// <summary>AlexNet as shipped with Caffe (Krizhevsky et al. 2012): normalisation before pooling, two groups, 3x227x227.</summary>
    public static Network AlexNet(ulong seed = 0) => AlexNet(seed, poolFirst: false);

    /// <summary>CaffeNet: AlexNet with pooling before normalisation.</summary>
    public static Network CaffeNet(ulong seed = 0) => AlexNet(seed, poolFirst: true);

    static Network AlexNet(ulong seed, bool poolFirst)
    {
        var b = new TopologyBuilder(seed, 3, 227, 227);
        Node x = PoolAndNormalise(b.Rectified(b.Input, "conv1", "relu1", 96, 11, stride: 4), "1");
        x = PoolAndNormalise(b.Rectified(x, "conv2", "relu2", 256, 5, pad: 2, groups: 2), "2");
        x = b.Rectified(x, "conv3", "relu3", 384, 3, pad: 1);
        x = b.Rectified(x, "conv4", "relu4", 384, 3, pad: 1, groups: 2);
        x = b.Rectified(x, "conv5", "relu5", 256, 3, pad: 1, groups: 2);
        x = b.MaxPool(x, "pool5", 3, 2, after: 1);
        x = b.Relu(b.Dense(x, "fc6", 4096), "relu6");
        x = b.Relu(b.Dense(x, "fc7", 4096), "relu7");
        return b.Build(b.Dense(x, "fc8", 1000));

        Node PoolAndNormalise(Node y, string number)
        {
            if (poolFirst)
                y = b.MaxPool(y, $"pool{number}", 3, 2, after: 1);
            y = b.Normalise(y, $"norm{number}", 5, 1, 2e-5f, 0.75f);
            return poolFirst ? y : b.MaxPool(y, $"pool{number}", 3, 2, after: 1);
        }
    }
}
