using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

/// <summary>What a node computes: a specification and its weights, no backend code. Immutable; may be shared by several nodes.</summary>
public abstract class Layer
{
    private protected Layer() { }

    /// <summary>The ONNX name of the operator: Conv, Relu, MaxPool.</summary>
    public abstract string Operator { get; }

    /// <summary>The layer's weights by role (weight, bias, scale), empty where it has none.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, WeightSource>> Weights => [];

    /// <summary>Those of the weights that training changes, the first so many of <see cref="Weights"/>.</summary>
    internal virtual IReadOnlyList<KeyValuePair<string, WeightSource>> Learnt => Weights;

    /// <summary>The sliding window of a convolution or pooling, null for other layers.</summary>
    public virtual Window? Window => null;

    /// <summary>How many parameters the layer has.</summary>
    public long ParameterCount => Weights.Sum(w => w.Value.LongCount);

    /// <summary>The shape of the output.</summary>
    /// <exception cref="ShapeException">The inputs do not fit the layer.</exception>
    internal abstract Shape Infer(in LayerInputs inputs);

    /// <summary>Makes the layer ready to run; not called for views, constants and inputs.</summary>
    internal abstract IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output);

    /// <summary>The output where it follows from shapes and host values alone, otherwise null.</summary>
    internal virtual HostTensor? Fold(in LayerInputs inputs) => null;

    /// <summary>Whether an input is read on the host when a plan is made (a target shape, axes) rather than by the operator.</summary>
    internal virtual bool ReadsOnHost(int input) => false;

    /// <summary>Whether the output is the input under another shape: no operator runs.</summary>
    internal virtual bool IsView => false;

    /// <summary>Whether axis 0 goes through as the batch: sample i of the output depends on sample i of the inputs alone.</summary>
    internal virtual bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => true;

    /// <summary>Multiply-adds of one run.</summary>
    internal virtual long MultiplyAdds(in LayerInputs inputs, Shape output) => 0;

    /// <summary>The same layer with each weight (not bias) transformed, or null where it has none.</summary>
    internal virtual Layer? WithWeights(Func<float, float> transform) => null;

    /// <summary>The layers that run no operator of their own have nothing to prepare.</summary>
    private protected InvalidOperationException NothingToPrepare() => new($"{Operator} runs no operator");

    private protected static MemoryWeights Transformed(WeightSource weights, Func<float, float> transform)
    {
        float[] values = weights.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] = transform(values[i]);
        return new MemoryWeights(values, [.. weights.Extents]);
    }
}
