using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>A value stored in the model that takes part as an activation: an added bias image, a mask.</summary>
public sealed class Constant : Layer
{
    // Scales and exponents take part in shape computations; anything larger is data.
    const int MaxFolded = 64;

    readonly HostTensor? _host;

    /// <summary>Makes a constant of rank 4 at most; a scalar becomes one element.</summary>
    /// <exception cref="ShapeException">The rank is above 4 or an extent is 0.</exception>
    public Constant(WeightSource value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
        Shape = value.Extents.Count == 0 ? new Shape(1) : new Shape([.. value.Extents]);
    }

    /// <summary>Makes a constant that is read on the host while a plan is made.</summary>
    internal Constant(HostTensor host) => _host = host;

    /// <inheritdoc/>
    public override string Operator => "Constant";

    /// <summary>The stored value; null for a host value.</summary>
    public WeightSource? Value { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights => Value is null ? [] : [new("value", Value)];

    /// <summary>None: it is a part of the graph.</summary>
    internal override IReadOnlyList<KeyValuePair<string, WeightSource>> Learnt => [];

    /// <summary>The host value, where it is one.</summary>
    internal HostTensor? Host => _host;

    Shape Shape { get; }

    internal override HostTensor? Fold(in LayerInputs inputs) => _host
        ?? (Value!.Count <= MaxFolded ? new HostTensor([.. Value.Extents], Array.ConvertAll(Value.ToArray(), v => (double)v)) : null);

    internal override Shape Infer(in LayerInputs inputs) => Shape;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) => throw NothingToPrepare();
}
