using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>Rules and small networks that tests of relevance share.</summary>
internal static class RandomNets
{
    public static IReadOnlyDictionary<string, RelevanceRule> Rules { get; } = new Dictionary<string, RelevanceRule>
    {
        ["epsilon"] = new EpsilonRule(),
        ["epsilon 0.1"] = new EpsilonRule(0.1f),
        ["epsilon without bias"] = new EpsilonRule { Bias = RelevanceBias.LeftOut },
        ["gamma"] = new GammaRule(),
        ["gamma, signs apart"] = new GammaRule(0.5f) { SplitsSigns = true, Bias = RelevanceBias.AsWeight },
        ["alpha 2 beta 1"] = new AlphaBetaRule(),
        ["alpha 1 beta 0"] = new AlphaBetaRule(1, 0),
        ["z+"] = new ZPlusRule(),
        ["z+ without bias"] = new ZPlusRule { Bias = RelevanceBias.LeftOut },
        ["alpha1-beta0"] = new Alpha1Beta0Rule(),
        ["flat"] = new FlatRule(),
        ["w2"] = new WSquareRule(),
        ["z-box"] = new ZBoxRule(-4, 4),
    };

    /// <summary>Convolution, strided and padded, one in groups, a transposed one, max pool, dense layers of both orders with factors.</summary>
    public static Network Small(bool biases = true)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 7, 6));
        Node first = builder.Add("first_relu", new Relu(), builder.Add("first", Filters(1, 4, 2, biases), x));
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, first);
        Node grouped = builder.Add("grouped", new Convolution
        {
            Weight = Draw.Weights(31, 0.5, 4, 2, 3, 3), Bias = biases ? Draw.Weights(32, 0.1, 4) : null, Groups = 2, Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
        }, pool);
        Node wide = builder.Add("wide", new TransposedConvolution
        {
            Weight = Draw.Weights(33, 0.4, 4, 3, 2, 2), Bias = biases ? Draw.Weights(34, 0.1, 3) : null, Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) },
        }, builder.Add("grouped_relu", new LeakyRelu(0.2f), grouped));
        Node flat = builder.Add("flat", new Flatten(), builder.Add("wide_relu", new Relu(), wide));
        Node hidden = builder.Add("hidden_relu", new Relu(), builder.Add("hidden", new Dense
        {
            Weight = Draw.Weights(35, 0.2, 108, 16), Bias = biases ? Draw.Weights(36, 0.1, 16) : null, Beta = 0.5f,
        }, flat));
        builder.Output(builder.Add("logits", new Dense
        {
            Weight = Draw.Weights(37, 0.4, 3, 16), Bias = biases ? Draw.Weights(38, 0.1, 3) : null, Alpha = 0.7f, Beta = 2, OutputMajor = true,
        }, hidden));
        return builder.Build();
    }

    /// <summary>Norms behind convolutions and a dense layer, one before a sum; or the same network with all of them folded into the layers before them.</summary>
    public static Network Normed(bool folded)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 6, 6));
        Node a = builder.Add("a_relu", new Relu(), Add("a", Filters(5, 4, 2, true), 51, 4, x));
        Node b = Add("b", Filters(6, 4, 4, false), 52, 4, a);
        Node sum = builder.Add("sum_relu", new Relu(), builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), b, a));
        Node mean = builder.Add("flat", new Flatten(), builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, sum));
        var dense = new Dense { Weight = Draw.Weights(55, 0.2, 36, 6), Bias = Draw.Weights(56, 0.1, 6) };
        Node hidden = builder.Add("hidden_relu", new Relu(), Add("hidden", dense, 53, 6, mean));
        builder.Output(builder.Add("logits", new Dense { Weight = Draw.Weights(57, 0.4, 3, 6), Bias = Draw.Weights(58, 0.1, 3), OutputMajor = true }, hidden));
        return builder.Build();

        Node Add(string name, Layer layer, ulong seed, int channels, Node input)
        {
            float[] scale = Draw.Normal(seed, channels), shift = Draw.Normal(seed + 10, channels, 0.2), mean = Draw.Normal(seed + 20, channels, 0.2);
            float[] variance = Array.ConvertAll(Draw.Normal(seed + 30, channels), v => 0.5f + v * v);
            if (folded)
                return builder.Add(name, Fold(layer, scale, shift, mean, variance), input);
            return builder.Add($"{name}_norm", new BatchNormalisation
            {
                Scale = new MemoryWeights(scale, channels), Shift = new MemoryWeights(shift, channels),
                Mean = new MemoryWeights(mean, channels), Variance = new MemoryWeights(variance, channels),
            }, builder.Add(name, layer, input));
        }
    }

    static Layer Fold(Layer layer, float[] scale, float[] shift, float[] mean, float[] variance)
    {
        double[] factors = [.. scale.Zip(variance, (s, v) => s / Math.Sqrt(v + (double)1e-5f))];
        float[] weights = layer.Weights[0].Value.ToArray(), bias = layer.Weights.Count > 1 ? layer.Weights[1].Value.ToArray() : new float[factors.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)(weights[i] * factors[layer is Dense ? i % factors.Length : i / (weights.Length / factors.Length)]);
        for (int k = 0; k < bias.Length; k++)
            bias[k] = (float)((bias[k] - mean[k]) * factors[k] + shift[k]);
        var source = new MemoryWeights(weights, [.. layer.Weights[0].Value.Extents]);
        return layer is Convolution c
            ? new Convolution { Weight = source, Bias = new MemoryWeights(bias, bias.Length), Sliding = c.Sliding }
            : new Dense { Weight = source, Bias = new MemoryWeights(bias, bias.Length) };
    }

    static Convolution Filters(ulong seed, int filters, int channels, bool biases) => new()
    {
        Weight = Draw.Weights(seed * 100, 1 / Math.Sqrt(channels * 9), filters, channels, 3, 3), Bias = biases ? Draw.Weights(seed * 100 + 1, 0.1, filters) : null,
        Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
    };
}
