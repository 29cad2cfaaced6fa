using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>Gradients of a layer's parameters from its forward loop in double alone: the loss is affine in each parameter, so that a difference is exact.</summary>
internal static class ParameterOracle
{
    /// <summary>The roles of a layer's weights that have gradients; none where it has no such parameters.</summary>
    public static IReadOnlyList<string> Roles(Layer layer) => layer switch
    {
        Convolution or TransposedConvolution or Dense or InstanceNormalisation or ParametricRelu => [.. layer.Weights.Select(w => w.Key)],
        BatchNormalisation => ["scale", "shift"],
        _ => [],
    };

    /// <summary>d sum(signal * y) / d parameter, for values of a role: the first one of every <paramref name="every"/>.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="role">The role.</param>
    /// <param name="shape">The shape of y.</param>
    /// <param name="x">The layer's input.</param>
    /// <param name="signal">The signal at y.</param>
    /// <param name="every">1 for all of them.</param>
    public static double[] Gradient(Layer layer, string role, Shape shape, OracleArray x, double[] signal, int every)
    {
        WeightSource weights = layer.Weights.Single(w => w.Key == role).Value;
        float[] values = weights.ToArray();
        double before = Loss(layer);
        var gradient = new double[(values.Length + every - 1) / every];
        for (int i = 0; i < values.Length; i += every)
        {
            float at = values[i];
            // As float has it: the true difference is divided by.
            values[i] = at + 1;
            gradient[i / every] = (Loss(With(layer, role, new MemoryWeights([.. values], [.. weights.Extents]))) - before) / ((double)values[i] - at);
            values[i] = at;
        }

        return gradient;

        double Loss(Layer of) => OracleForward.Run(of, shape, x).Values.Zip(signal, (y, s) => y * s).Sum();
    }

    /// <summary>The same layer with other values for a role.</summary>
    static Layer With(Layer layer, string role, WeightSource values)
    {
        WeightSource? Or(string name, WeightSource? own) => name == role ? values : own;
        return layer switch
        {
            Convolution c => new Convolution { Weight = Or("weight", c.Weight)!, Bias = Or("bias", c.Bias), Sliding = c.Sliding, Groups = c.Groups },
            TransposedConvolution t => new TransposedConvolution
            {
                Weight = Or("weight", t.Weight)!, Bias = Or("bias", t.Bias), Sliding = t.Sliding, Groups = t.Groups, OutputPadding = t.OutputPadding, OutputExtents = t.OutputExtents,
            },
            Dense d => new Dense { Weight = Or("weight", d.Weight)!, Bias = Or("bias", d.Bias), OutputMajor = d.OutputMajor, Alpha = d.Alpha, Beta = d.Beta },
            BatchNormalisation b => new BatchNormalisation
            {
                Scale = Or("scale", b.Scale)!, Shift = Or("shift", b.Shift)!, Mean = b.Mean, Variance = b.Variance, Epsilon = b.Epsilon,
            },
            InstanceNormalisation i => new InstanceNormalisation { Scale = Or("scale", i.Scale)!, Shift = Or("shift", i.Shift)!, Epsilon = i.Epsilon },
            ParametricRelu => new ParametricRelu { Slope = values },
            _ => throw new NotSupportedException(layer.Operator),
        };
    }
}
