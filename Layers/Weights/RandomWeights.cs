using System.Globalization;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>What an untrained layer's weights and biases are drawn from.</summary>
/// <remarks>For convolutions and dense layers. What normalises or rectifies behind them starts as it does before any training: factors 1, summands 0,
/// means 0, variances 1, slopes 0.25.</remarks>
public abstract record RandomWeights
{
    private protected RandomWeights() { }

    /// <summary>Normal with deviation 0.1, cut at two deviations; biases 0 in convolutions, 1 in dense layers (Nie, Zhang and Patel 2018, section 3, and their released code).</summary>
    public static RandomWeights Paper { get; } = new Cut(0.1, 0, 1);

    /// <summary>Normal with each array's own mean and deviation, biases too: as spread as what it replaces.</summary>
    public static RandomWeights Matching { get; } = new Alike();

    /// <summary>Normal with the deviation sqrt(2 / inputs of a unit), biases 0 (He et al. 2015).</summary>
    public static RandomWeights He { get; } = new Rectified();

    /// <summary>Uniform on (-a, a), a = sqrt(6 / ((inputs + outputs) kernel)), inputs and outputs counting channels; biases 0 (Glorot and Bengio 2010, equation 16).</summary>
    public static RandomWeights GlorotUniform { get; } = new Glorot();

    /// <summary>Normal with one deviation for all layers, biases 0.</summary>
    /// <exception cref="PreimageException">The deviation is not a number above 0.</exception>
    public static RandomWeights Gaussian(double deviation) => new Normal(Checked(deviation));

    /// <summary>Normal with one deviation for all layers, cut at two of it (0.88 of it remains).</summary>
    /// <param name="deviation">Before the cut.</param>
    /// <param name="convolutionBias">Every bias of a convolution.</param>
    /// <param name="denseBias">Every bias of a dense layer.</param>
    /// <exception cref="PreimageException">The deviation is not a number above 0.</exception>
    public static RandomWeights TruncatedGaussian(double deviation, float convolutionBias = 0, float denseBias = 0) =>
        new Cut(Checked(deviation), convolutionBias, denseBias);

    /// <summary>What the weights of a convolution or dense layer are drawn from.</summary>
    /// <exception cref="PreimageException">The layer is neither.</exception>
    public Distribution Of(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return WeightLayers.Has(layer)
            ? Weight(layer)
            : throw new PreimageException($"{layer.Operator} has no weights that are drawn at random; convolutions and dense layers have");
    }

    /// <summary>The source that takes a bias's place.</summary>
    internal virtual WeightSource Bias(Layer layer, WeightSource current, ulong seed, ulong stream) => Filled(0, current);

    private protected abstract Distribution Weight(Layer layer);

    private protected static WeightSource Filled(float value, WeightSource current)
    {
        var values = new float[current.Count];
        Array.Fill(values, value);
        return new MemoryWeights(values, [.. current.Extents]);
    }

    static double Checked(double deviation) => deviation > 0 && double.IsFinite(deviation)
        ? deviation
        : throw new PreimageException($"weights of deviation {deviation}: it must be above 0");

    sealed record Normal(double Deviation) : RandomWeights
    {
        private protected override Distribution Weight(Layer layer) => Distribution.Gaussian(Deviation);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gaussian:{Deviation}");
    }

    sealed record Cut(double Deviation, float ConvolutionBias, float DenseBias) : RandomWeights
    {
        internal override WeightSource Bias(Layer layer, WeightSource current, ulong seed, ulong stream) =>
            Filled(layer is Dense ? DenseBias : ConvolutionBias, current);

        private protected override Distribution Weight(Layer layer) => Distribution.TruncatedGaussian(Deviation);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"truncated:{Deviation}");
    }

    sealed record Rectified : RandomWeights
    {
        private protected override Distribution Weight(Layer layer)
        {
            LayerFans fans = LayerFans.Of(layer);
            return Distribution.Gaussian(Math.Sqrt(2.0 / (fans.Inputs * fans.Kernel)));
        }

        public override string ToString() => "he";
    }

    sealed record Glorot : RandomWeights
    {
        private protected override Distribution Weight(Layer layer)
        {
            LayerFans fans = LayerFans.Of(layer);
            double a = Math.Sqrt(6.0 / ((fans.Inputs + fans.Outputs) * fans.Kernel));
            return Distribution.Uniform(-a, a);
        }

        public override string ToString() => "glorot";
    }

    sealed record Alike : RandomWeights
    {
        internal override WeightSource Bias(Layer layer, WeightSource current, ulong seed, ulong stream) =>
            new SeededWeights(seed, stream, Moments(current), [.. current.Extents]);

        private protected override Distribution Weight(Layer layer) => Moments(layer.Weights[0].Value);

        public override string ToString() => "matching";

        static Distribution Moments(WeightSource weights)
        {
            var piece = new float[1 << 14];
            double sum = 0, squares = 0;
            for (long at = 0; at < weights.LongCount; at += piece.Length)
            {
                Span<float> values = piece.AsSpan(0, (int)Math.Min(piece.Length, weights.LongCount - at));
                weights.Read(at, values);
                foreach (float value in values)
                {
                    sum += value;
                    squares += (double)value * value;
                }
            }

            double count = Math.Max(1, weights.LongCount), mean = sum / count;
            return Distribution.Gaussian(Math.Sqrt(Math.Max(0, squares / count - mean * mean)), mean);
        }
    }
}
