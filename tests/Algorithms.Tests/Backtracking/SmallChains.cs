using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>Networks of the paper's kind, with a few channels.</summary>
internal static class SmallChains
{
    public const int Classes = 5;

    /// <summary>Two blocks of convolutions and max pooling, dense layers of 12 and 9, five classes; 3 x 12 x 10.</summary>
    /// <param name="windows">Whether the dense layers are written as convolutions over their whole input.</param>
    /// <param name="overlapping">Whether the first pooling's windows overlap.</param>
    public static Network Build(bool windows = false, bool overlapping = false)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 12, 10));
        x = builder.Add("relu1_1", new Relu(), builder.Add("conv1_1", SmallNetworks.Filters(1, 4, 3), x));
        x = builder.Add("relu1_2", new Relu(), builder.Add("conv1_2", SmallNetworks.Filters(2, 5, 4), x));
        int kernel = overlapping ? 3 : 2;
        x = builder.Add("pool1", new MaxPool { Sliding = new Window { Kernel = (kernel, kernel), Stride = (2, 2), CeilMode = true } }, x);
        x = builder.Add("relu2_1", new Relu(), builder.Add("conv2_1", SmallNetworks.Filters(3, 6, 5), x));
        x = builder.Add("pool2", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        x = builder.Add("relu3", new Relu(), Dense(builder, "fc3", 7, 6, 3, 2, 12, x, windows));
        x = builder.Add("relu4", new Relu(), Dense(builder, "fc4", 8, 12, 1, 1, 9, x, windows));
        builder.Output(Dense(builder, "fc5", 9, 9, 1, 1, Classes, x, windows));
        return builder.Build();
    }

    static Node Dense(NetworkBuilder builder, string name, ulong seed, int channels, int height, int width, int outputs, Node x, bool window)
    {
        int inputs = channels * height * width;
        if (!window)
        {
            if (height > 1)
                x = builder.Add($"{name}_flat", new Flatten(), x);
            return builder.Add(name, SmallNetworks.Matrix(seed, inputs, outputs), x);
        }

        return builder.Add(name, new Convolution
        {
            Weight = Draw.Weights(seed * 100 + 2, 1 / Math.Sqrt(inputs), outputs, channels, height, width), Bias = Draw.Weights(seed * 100 + 3, 0.1, outputs),
            Sliding = new Window { Kernel = (height, width) },
        }, x);
    }
}
