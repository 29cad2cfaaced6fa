using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments;

/// <summary>Untrained networks with random weights, all from one seed (Nie, Zhang and Patel 2018, section 3).</summary>
/// <remarks>
/// <para>Networks of one instance that ask for equal weights share them, so that they differ in nothing but their layers. Not safe to use from several threads.</para>
/// <para>Weights of more than 2^28 elements are never stored: dense layers draw them again whenever they use them, see <see cref="SeededWeights"/>. The
/// networks of the authors' released code are <c>ThreeLayer(224, 224, filters: 16, stride: 1, classes: 1000)</c> and
/// <c>FullyConnected(64, 64, hidden: 5000, classes: 1000, hiddenBias: 1, lastDeviation: 10)</c>.</para>
/// </remarks>
/// <param name="seed">The seed; the same one gives the same weights on every machine.</param>
/// <param name="weights">What they are drawn from; <see cref="RandomWeights.Paper"/> if null.</param>
public sealed class RandomNetworks(ulong seed = 0, RandomWeights? weights = null)
{
    const int Colours = 3;

    /// <summary>Above this many elements weights are left to the engines to draw.</summary>
    const int MostKept = 1 << 26;

    readonly RandomWeights _weights = weights ?? RandomWeights.Paper;
    readonly Dictionary<(ulong Stream, Distribution From, string Extents), WeightSource> _kept = [];

    /// <summary>Three layers: the input, a 7x7 convolution with ReLU, a dense layer to the logits; biases are zero.</summary>
    /// <param name="height">Rows of the RGB input.</param>
    /// <param name="width">Columns of the RGB input.</param>
    /// <param name="filters">N, filters of the convolution.</param>
    /// <param name="stride">Steps of the convolution.</param>
    /// <param name="classes">K, logits.</param>
    /// <param name="pool">Max pooling between ReLU and dense layer, or null for none: see <see cref="MaxPool9"/>.</param>
    /// <param name="padded">Whether the convolution's output has ceil(extent/stride) rows and columns; else only whole patches count.</param>
    /// <exception cref="ArgumentException">The pooling does not pad by itself.</exception>
    public Network ThreeLayer(int height, int width, int filters = 256, int stride = 2, int classes = 10, Window? pool = null, bool padded = true)
    {
        const int Kernel = 7;
        var builder = new NetworkBuilder();
        Node node = builder.Input("image", new Shape(1, Colours, height, width));
        var sliding = new Window { Kernel = (Kernel, Kernel), Stride = (stride, stride), AutoPad = padded ? AutoPad.SameUpper : AutoPad.Valid };
        node = builder.Add("conv", new Convolution { Weight = Draw(0, null, filters, Colours, Kernel, Kernel), Sliding = sliding }, node);
        node = builder.Add("relu", new Relu(), node);
        PlacedWindow placed = sliding.Place(height, width);
        if (pool is not null)
        {
            node = builder.Add("pool", new MaxPool { Sliding = pool }, node);
            if (pool.AutoPad is not (AutoPad.SameUpper or AutoPad.SameLower))
                throw new ArgumentException("the pooling window must pad by itself (AutoPad.SameUpper)", nameof(pool));
            placed = pool.Place(placed.OutH, placed.OutW);
        }

        node = builder.Add("flatten", new Flatten(), node);
        node = builder.Add("logits", new Dense { Weight = Draw(1, null, classes, filters * placed.OutH * placed.OutW), OutputMajor = true }, node);
        builder.Output(node);
        return builder.Build();
    }

    /// <summary>Two dense layers: the input in one row, hidden units with ReLU, logits without bias.</summary>
    /// <param name="height">Rows of the RGB input.</param>
    /// <param name="width">Columns of the RGB input.</param>
    /// <param name="hidden">Nh, hidden units.</param>
    /// <param name="classes">K, logits.</param>
    /// <param name="hiddenBias">The bias of every hidden unit: 0 in the paper, 1 in the released code.</param>
    /// <param name="lastDeviation">The deviation of the last layer's weights before the cut at two of it: 10 in the released code; as the others' if null.</param>
    public Network FullyConnected(int height, int width, int hidden = 4096, int classes = 10, float hiddenBias = 0, double? lastDeviation = null)
    {
        var builder = new NetworkBuilder();
        Node node = builder.Add("flatten", new Flatten(), builder.Input("image", new Shape(1, Colours, height, width)));
        var biases = new float[hidden];
        Array.Fill(biases, hiddenBias);
        node = builder.Add("hidden", new Dense
        {
            Weight = Draw(2, null, hidden, Colours * height * width), Bias = hiddenBias == 0 ? null : new MemoryWeights(biases, hidden), OutputMajor = true,
        }, node);
        node = builder.Add("relu", new Relu(), node);
        Distribution? last = lastDeviation is { } deviation ? Distribution.TruncatedGaussian(deviation) : null;
        builder.Output(builder.Add("logits", new Dense { Weight = Draw(3, last, classes, hidden), OutputMajor = true }, node));
        return builder.Build();
    }

    /// <summary>VGG-VD-16: biases 0 in convolutions, 1 in dense layers where the weights are the paper's.</summary>
    /// <param name="height">Rows of the RGB input, at least 32.</param>
    /// <param name="width">Columns of the RGB input, at least 32.</param>
    /// <param name="classes">K, logits.</param>
    public Network Vgg16(int height = 224, int width = 224, int classes = 1000)
    {
        using Network network = Topology.Vgg16(seed, classes, Colours, height, width);
        return network.Randomize(Randomisation.All, seed, _weights);
    }

    /// <summary>ResNet-18 with untrained batch norms, which are nearly the identity.</summary>
    /// <param name="height">Rows of the RGB input.</param>
    /// <param name="width">Columns of the RGB input.</param>
    /// <param name="classes">K, logits.</param>
    public Network ResNet18(int height = 224, int width = 224, int classes = 1000)
    {
        using Network network = Topology.ResNet18(seed, classes, Colours, height, width);
        return network.Randomize(Randomisation.All, seed, _weights);
    }

    /// <summary>Max pooling over 9x9 with stride 1: as many outputs as inputs.</summary>
    public static Window MaxPool9 { get; } = new() { Kernel = (9, 9), AutoPad = AutoPad.SameUpper };

    /// <summary>Max pooling over 2x2 with stride 2.</summary>
    public static Window MaxPool2 { get; } = new() { Kernel = (2, 2), Stride = (2, 2), AutoPad = AutoPad.SameUpper };

    WeightSource Draw(ulong stream, Distribution? from, params ReadOnlySpan<int> extents)
    {
        // What they are drawn from may depend on the layer: one that has nothing but the extents says how many numbers a unit reads.
        from ??= _weights.Of(extents.Length == 2
            ? new Dense { Weight = new SeededWeights(seed, stream, Distribution.Gaussian(1), extents), OutputMajor = true }
            : new Convolution { Weight = new SeededWeights(seed, stream, Distribution.Gaussian(1), extents), Sliding = new Window { Kernel = (extents[2], extents[3]) } });
        var key = (stream, from, string.Join('x', extents.ToArray()));
        if (!_kept.TryGetValue(key, out WeightSource? weights))
        {
            // Drawing costs more than reading, so weights that fit are drawn once for all networks.
            weights = new SeededWeights(seed, stream, from, extents);
            _kept[key] = weights = weights.LongCount > MostKept ? weights : new MemoryWeights(weights.ToArray(), extents);
        }

        return weights;
    }
}
