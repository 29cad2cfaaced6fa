using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>A layer with weights together with the batch norm behind it, which acts as one linear layer: w' = f w and b' = f b + s per output channel.</summary>
/// <param name="Layer">The convolution or dense layer.</param>
/// <param name="Norm">The batch norm folded into it, or null.</param>
internal sealed record EffectiveLayer(Layer Layer, BatchNormalisation? Norm)
{
    /// <summary>The batch norms that are folded into the layer right before them, whose value goes nowhere else, by that layer's node.</summary>
    public static Dictionary<Node, Node> Norms(Network network)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        // The channels of a norm are the outputs of a dense layer only where its value is a vector per sample.
        return network.Nodes.Where(n => n is { Layer: Convolution or Dense, Consumers: [{ Layer: BatchNormalisation }] }
            && (n.Layer is Convolution || shapes[n.Index].Rank == 2)).ToDictionary(n => n, n => n.Consumers[0]);
    }

    /// <summary>The same layer with parts of its weights and bias: a new layer whose weights are made as they are read, equal for equal parts.</summary>
    public Layer With(WeightPart weights, WeightPart bias)
    {
        WeightSource source = Layer.Weights[0].Value;
        var part = new PartWeights(this, weights, isBias: false, [.. source.Extents]);
        PartWeights? own = bias != WeightPart.None && (Bias is not null || Norm is not null) ? new PartWeights(this, bias, isBias: true, Outputs) : null;
        return Layer switch
        {
            Convolution c => new Convolution { Weight = part, Bias = own, Sliding = c.Sliding, Groups = c.Groups },
            TransposedConvolution t => new TransposedConvolution
            {
                Weight = part, Bias = own, Sliding = t.Sliding, Groups = t.Groups, OutputPadding = t.OutputPadding, OutputExtents = t.OutputExtents,
            },
            Dense d => new Dense { Weight = part, Bias = own, OutputMajor = d.OutputMajor },
            _ => throw new InvalidOperationException($"{Layer.Operator} has no weights to take parts of"),
        };
    }

    /// <summary>Reads weights or biases as the folded layer has them.</summary>
    public void Read(bool isBias, long start, Span<float> values)
    {
        (double[] factors, double[] summands) = Affine();
        if (!isBias)
        {
            Layer.Weights[0].Value.Read(start, values);
            double alpha = Layer is Dense dense ? dense.Alpha : 1;
            if (Norm is null && alpha == 1)
                return;
            long inner = Layer.Weights[0].Value.LongCount / factors.Length;
            bool outputInner = Layer is Dense { OutputMajor: false };
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(values[i] * factors[outputInner ? (start + i) % factors.Length : (start + i) / inner] * alpha);
            return;
        }

        Bias?.Read(start, values);
        double beta = Layer is Dense scaled ? scaled.Beta : 1;
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((Bias is null ? 0 : values[i] * beta) * factors[start + i] + summands[start + i]);
    }

    WeightSource? Bias => Layer.Weights.Count > 1 ? Layer.Weights[1].Value : null;

    int Outputs => Layer switch
    {
        Dense d => d.Outputs,
        TransposedConvolution t => t.Weight.Extents[1] * t.Groups,
        _ => Layer.Weights[0].Value.Extents[0],
    };

    /// <summary>Factor and summand of each output channel of the norm, in double; 1 and 0 without one.</summary>
    (double[] Factors, double[] Summands) Affine()
    {
        var factors = new double[Outputs];
        var summands = new double[factors.Length];
        if (Norm is null)
        {
            Array.Fill(factors, 1);
            return (factors, summands);
        }

        float[] scale = Norm.Scale.ToArray(), shift = Norm.Shift.ToArray(), mean = Norm.Mean.ToArray(), variance = Norm.Variance.ToArray();
        for (int c = 0; c < factors.Length; c++)
        {
            factors[c] = scale[c] / Math.Sqrt((double)variance[c] + Norm.Epsilon);
            summands[c] = shift[c] - mean[c] * factors[c];
        }

        return (factors, summands);
    }
}
