using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments;

/// <summary>Untrained networks with random weights, all from one seed (Nie, Zhang and Patel 2018, section 3).</summary>
/// <remarks>Networks of one instance that ask for equal weights share them, so that they differ in nothing but their layers. Not safe to use from several threads.</remarks>
/// <param name="seed">The seed; the same one gives the same weights on every machine.</param>
public sealed class RandomNetworks(ulong seed = 0)
{
    /// <summary>Standard deviation before the cut at two of it.</summary>
    const double Deviation = 0.1;

    /// <summary>Above this many elements weights are drawn whenever they are read instead of being kept.</summary>
    const int MostKept = 1 << 26;

    /// <summary>Elements drawn at a time by one thread.</summary>
    const int Piece = 1 << 16;

    readonly Dictionary<(ulong Stream, string Extents), WeightSource> _kept = [];

    /// <summary>Three layers: the input, a 7x7 convolution with ReLU, a dense layer to the logits; biases are zero.</summary>
    /// <param name="height">Rows of the RGB input.</param>
    /// <param name="width">Columns of the RGB input.</param>
    /// <param name="filters">N, filters of the convolution.</param>
    /// <param name="stride">Steps of the convolution, padded so that its output has ceil(extent/stride).</param>
    /// <param name="classes">K, logits.</param>
    /// <param name="pool">Max pooling between ReLU and dense layer, or null for none: see <see cref="MaxPool9"/>.</param>
    public Network ThreeLayer(int height, int width, int filters = 256, int stride = 2, int classes = 10, Window? pool = null)
    {
        const int Kernel = 7, Colours = 3;
        var builder = new NetworkBuilder();
        Node node = builder.Input("image", new Shape(1, Colours, height, width));
        node = builder.Add("conv", new Convolution
        {
            Weight = Draw(0, filters, Colours, Kernel, Kernel),
            Sliding = new Window { Kernel = (Kernel, Kernel), Stride = (stride, stride), AutoPad = AutoPad.SameUpper },
        }, node);
        node = builder.Add("relu", new Relu(), node);
        (int rows, int columns) = (Steps(height, stride), Steps(width, stride));
        if (pool is not null)
        {
            node = builder.Add("pool", new MaxPool { Sliding = pool }, node);
            if (pool.AutoPad is not (AutoPad.SameUpper or AutoPad.SameLower))
                throw new ArgumentException("the pooling window must pad by itself (AutoPad.SameUpper)", nameof(pool));
            (rows, columns) = (Steps(rows, pool.Stride.Y), Steps(columns, pool.Stride.X));
        }

        node = builder.Add("flatten", new Flatten(), node);
        node = builder.Add("logits", new Dense { Weight = Draw(1, classes, filters * rows * columns), OutputMajor = true }, node);
        builder.Output(node);
        return builder.Build();
    }

    /// <summary>Max pooling over 9x9 with stride 1: as many outputs as inputs.</summary>
    public static Window MaxPool9 { get; } = new() { Kernel = (9, 9), AutoPad = AutoPad.SameUpper };

    /// <summary>Max pooling over 2x2 with stride 2.</summary>
    public static Window MaxPool2 { get; } = new() { Kernel = (2, 2), Stride = (2, 2), AutoPad = AutoPad.SameUpper };

    static int Steps(int extent, int stride) => (extent + stride - 1) / stride;

    WeightSource Draw(ulong stream, params ReadOnlySpan<int> extents)
    {
        var key = (stream, string.Join('x', extents.ToArray()));
        if (!_kept.TryGetValue(key, out WeightSource? weights))
            _kept[key] = weights = Keep(new SeededWeights(seed, stream, Distribution.TruncatedGaussian(Deviation), extents));
        return weights;
    }

    /// <summary>Drawing costs far more than reading, so weights that fit are drawn once, on all threads: element i does not depend on the others.</summary>
    static WeightSource Keep(SeededWeights weights)
    {
        if (weights.Count > MostKept)
            return weights;
        var values = new float[weights.Count];
        Parallel.For(0, (values.Length + Piece - 1) / Piece, piece =>
            weights.Read(piece * Piece, values.AsSpan(piece * Piece, Math.Min(Piece, values.Length - piece * Piece))));
        return new MemoryWeights(values, [.. weights.Extents]);
    }
}
