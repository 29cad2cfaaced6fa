using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Layers whose inputs are all constant: weights stay where they are under other extents, small values are computed.</summary>
internal static class StaticFolding
{
    /// <summary>The constant that the layer gives, or null where it must become a node.</summary>
    public static GraphValue? TryFold(Layer layer, ReadOnlySpan<GraphValue> inputs, string valueName, string nodeName, ref int budget)
    {
        long elements = 0;
        foreach (GraphValue input in inputs)
        {
            if (!input.IsConstant)
                return null;
            elements += input.Weights?.LongCount ?? input.Host!.Count;
        }

        if (inputs.Length == 0)
            return null;
        if (inputs[0].Weights is { } weights && Rearranged(layer, weights, inputs) is { } rearranged)
            return GraphValue.Of(valueName, rearranged, nodeName);
        if (elements > HostTensor.MaxCount || elements > budget)
            return null;
        var arguments = new NodeValue[inputs.Length];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = Known(inputs[i]);
        if (layer.Fold(new LayerInputs(arguments)) is not { } folded)
            return null;
        budget -= (int)elements;
        budget -= folded.Count;
        return budget >= 0
            ? GraphValue.Of(valueName, folded, nodeName)
            : throw new ShapeException("constants are computed from constants without measure: fold them before saving the model");
    }

    static WeightSource? Rearranged(Layer layer, WeightSource weights, ReadOnlySpan<GraphValue> inputs)
    {
        switch (layer)
        {
            case Identity:
                return weights;
            case View view:
                var arguments = new NodeValue[inputs.Length];
                for (int i = 1; i < arguments.Length; i++)
                    arguments[i] = Known(inputs[i]);
                return new ReshapedWeights(weights, view.ExtentsFor(new LayerInputs(arguments), [.. weights.Extents]));
            case Transpose transpose:
                return new TransposedWeights(weights, transpose.Order(weights.Extents.Count));
            default:
                return null;
        }
    }

    static NodeValue Known(GraphValue value)
    {
        HostTensor? host = value.TryHost();
        bool fits = host is { Rank: <= Shape.MaxRank, Count: > 0 };
        return new NodeValue(fits ? host!.ToShape() : default, host, false);
    }
}
