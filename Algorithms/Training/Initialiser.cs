using System.Globalization;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>What the weights of convolutions and dense layers start from; their biases start at 0, and other layers' parameters as they are.</summary>
public abstract record Initialiser
{
    private protected Initialiser() { }

    /// <summary>The network's own weights and biases.</summary>
    public static Initialiser Keep { get; } = new Kept();

    /// <summary>Uniform on (-a, a), a = sqrt(6 / ((inputs + outputs) kernel)), inputs and outputs counting channels (Glorot and Bengio 2010, equation 16).</summary>
    public static Initialiser GlorotUniform { get; } = new Drawn(RandomWeights.GlorotUniform);

    /// <summary>Normal with the deviation sqrt(2 / inputs of a unit) (He et al. 2015).</summary>
    public static Initialiser He { get; } = new Drawn(RandomWeights.He);

    /// <summary>Normal with one deviation for all layers.</summary>
    /// <param name="deviation">Above 0.</param>
    /// <exception cref="PreimageException">It is not.</exception>
    public static Initialiser Gaussian(double deviation) => new Drawn(RandomWeights.Gaussian(deviation));

    /// <summary>Reads what <see cref="ToString"/> writes: glorot, he, keep, or gaussian:0.01.</summary>
    /// <exception cref="PreimageException">The text is none of these.</exception>
    public static Initialiser Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Prefix = "gaussian:";
        Initialiser? known = Array.Find([Keep, GlorotUniform, He], i => i.ToString() == text);
        if (known is not null)
            return known;
        return text.StartsWith(Prefix, StringComparison.Ordinal) && double.TryParse(text.AsSpan(Prefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double deviation)
            ? Gaussian(deviation)
            : throw new PreimageException($"there is no initialiser '{text}'; there are glorot, he, keep and gaussian:DEVIATION");
    }

    /// <summary>What a layer's weights are drawn from, or null where they stay.</summary>
    internal abstract Distribution? Of(Layer layer);

    /// <summary>The network with its layers' weights drawn, each array from a stream of its own, in the order of the nodes; nodes that share a layer go on sharing it.</summary>
    internal Layer Apply(Layer layer, ulong seed, ulong stream)
    {
        if (layer is not (Convolution or Dense) || layer.Weights.Count == 0 || Of(layer) is not { } distribution)
            return layer;
        WeightSource Random(WeightSource weights) => new SeededWeights(seed, stream, distribution, [.. weights.Extents]);
        static WeightSource? Zeros(WeightSource? bias) => bias is null ? null : new MemoryWeights(new float[bias.Count], [.. bias.Extents]);
        return layer is Convolution c
            ? new Convolution { Weight = Random(c.Weight), Bias = Zeros(c.Bias), Sliding = c.Sliding, Groups = c.Groups }
            : layer is Dense d ? new Dense { Weight = Random(d.Weight), Bias = Zeros(d.Bias), OutputMajor = d.OutputMajor, Alpha = d.Alpha, Beta = d.Beta } : layer;
    }

    sealed record Kept : Initialiser
    {
        internal override Distribution? Of(Layer layer) => null;

        public override string ToString() => "keep";
    }

    sealed record Drawn(RandomWeights Weights) : Initialiser
    {
        internal override Distribution Of(Layer layer) => Weights.Of(layer);

        public override string ToString() => $"{Weights}";
    }
}
