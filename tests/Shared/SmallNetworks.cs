using Preimage.Layers.Kinds;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Tests.Shared;

/// <summary>Networks that several tests of plans share.</summary>
internal static class SmallNetworks
{
    /// <summary>Convolution, ReLU, overlapping max pool, a fork joined again, a shortcut, LRN, dense layers: every way of sharing memory.</summary>
    public static Network Mixed(ulong seed = 1)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 14, 12));
        Node conv = builder.Add("conv", Filters(seed, 6, 3), x);
        Node relu = builder.Add("relu", new Relu(), conv);
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true } }, relu);
        Node left = builder.Add("left_relu", new Relu(), builder.Add("left", Filters(seed + 1, 4, 6), pool));
        Node right = builder.Add("right_relu", new Relu(), builder.Add("right", Filters(seed + 2, 2, 6), pool));
        Node joined = builder.Add("joined", new Concat(1), left, right);
        Node sum = builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), pool, joined);
        Node norm = builder.Add("norm", new LocalResponseNormalisation { Size = 3, Alpha = 0.3f }, sum);
        Node mean = builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, norm);
        Node flat = builder.Add("flat", new Flatten(), mean);
        Node hidden = builder.Add("hidden_relu", new Relu(), builder.Add("hidden", Matrix(seed + 3, 54, 12), flat));
        builder.Output(builder.Add("logits", Matrix(seed + 4, 12, 5), hidden));
        return builder.Build();
    }

    /// <summary>Channels that fill most lanes of blocked layout: every kind of convolution, pooling, norm, joins, an odd number of blocks.</summary>
    public static Network Blocked()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 37, 33));
        Node entry = builder.Add("entry_relu", new Relu(), builder.Add("entry", Strided(1, 32, 3, 5, 1), x));
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true } }, entry);
        Node norm = builder.Add("norm", new LocalResponseNormalisation { Size = 5, Alpha = 0.2f }, pool);
        Node full = builder.Add("full_relu", new Relu(), builder.Add("full", Filters(2, 48, 32), norm));
        Node channels = builder.Add("depthwise_relu", new Relu(), builder.Add("depthwise", Strided(3, 48, 1, 3, 48), full));
        Node squeeze = builder.Add("squeeze_relu", new Relu(), builder.Add("squeeze", Filters(4, 16, 48, 1), channels));
        Node wide = builder.Add("wide", Filters(5, 31, 16), squeeze);
        Node joined = builder.Add("joined", new Concat(1), squeeze, wide);
        Node sum = builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), joined, builder.Add("aside", Filters(6, 47, 47), joined));
        Node mean = builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, builder.Add("sum_relu", new Relu(), sum));
        Node flat = builder.Add("flat", new Flatten(), mean);
        builder.Output(builder.Add("logits", Matrix(7, 47 * 2 * 2, 10), flat));
        return builder.Build();
    }

    /// <summary>Every kind of layer that has parameters, some of them made into something else before they are read: filters, a layer that is two nodes, grouped and transposed
    /// filters, batch norm, slopes, instance norm, both forms of a dense layer with multiplied biases.</summary>
    public static Network Learnt()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 8, 7));
        Node norm = builder.Add("norm", new BatchNormalisation
        {
            Scale = Draw.Weights(901, 1, 6), Shift = Draw.Weights(902, 0.3, 6), Mean = Draw.Weights(903, 0.2, 6), Variance = new MemoryWeights([0.5f, 1, 2, 0.7f, 1.5f, 3], 6),
        }, builder.Add("conv", Filters(11, 6, 2), x));
        Node sloped = builder.Add("slopes", new ParametricRelu { Slope = Draw.Weights(904, 0.4, 6, 1, 1) }, norm);
        Convolution twice = Filters(12, 6, 6);
        Node second = builder.Add("second", twice, builder.Add("relu", new Relu(), builder.Add("first", twice, sloped)));
        Node even = builder.Add("even", new InstanceNormalisation { Scale = Draw.Weights(905, 1, 6), Shift = Draw.Weights(906, 0.3, 6) }, second);
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, even);
        Node apart = builder.Add("apart", new Convolution
        {
            Weight = Draw.Weights(907, 0.4, 6, 2, 3, 3), Groups = 3, Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
        }, pool);
        Node wide = builder.Add("wide", new TransposedConvolution
        {
            Weight = Draw.Weights(908, 0.3, 6, 3, 2, 2), Bias = Draw.Weights(909, 0.2, 3), Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) },
        }, apart);
        Node flat = builder.Add("flat", new Flatten(), wide);
        Node hidden = builder.Add("hidden", new Dense { Weight = Draw.Weights(910, 0.1, 144, 9), Bias = Draw.Weights(911, 0.3, 9), Beta = 0.5f }, flat);
        builder.Output(builder.Add("logits", new Dense { Weight = Draw.Weights(912, 0.3, 4, 9), Bias = Draw.Weights(913, 0.3, 4), Alpha = 0.7f, Beta = 2, OutputMajor = true }, hidden));
        return builder.Build();
    }

    public static Convolution Filters(ulong seed, int filters, int channels, int kernel = 3) => new()
    {
        Weight = Draw.Weights(seed * 100, 1 / Math.Sqrt(channels * kernel * kernel), filters, channels, kernel, kernel),
        Bias = Draw.Weights(seed * 100 + 1, 0.1, filters),
        Sliding = new Window { Kernel = (kernel, kernel), Pads = (kernel / 2, kernel / 2, kernel / 2, kernel / 2) },
    };

    public static Dense Matrix(ulong seed, int inputs, int outputs) => new()
    {
        Weight = Draw.Weights(seed * 100 + 2, 1 / Math.Sqrt(inputs), outputs, inputs), Bias = Draw.Weights(seed * 100 + 3, 0.1, outputs), OutputMajor = true,
    };

    static Convolution Strided(ulong seed, int filters, int channels, int kernel, int groups) => new()
    {
        Weight = Draw.Weights(seed * 100, 1.0 / kernel, filters, channels, kernel, kernel), Bias = Draw.Weights(seed * 100 + 1, 0.1, filters), Groups = groups,
        Sliding = new Window { Kernel = (kernel, kernel), Stride = (2, 2), Pads = (kernel / 2, kernel / 2, kernel / 2, kernel / 2) },
    };
}
