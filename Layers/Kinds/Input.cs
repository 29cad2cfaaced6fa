using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>An input of the network.</summary>
public sealed class Input : Layer
{
    /// <summary>Makes an input of a declared shape.</summary>
    /// <param name="shape">The shape with every free axis filled in by a default.</param>
    /// <param name="free">Which axes the model leaves free; the batch axis counts as free in any case, unless the network mixes samples.</param>
    public Input(Shape shape, IReadOnlyList<bool>? free = null)
    {
        Shape = shape;
        Free = free ?? new bool[shape.Rank];
    }

    /// <inheritdoc/>
    public override string Operator => "Input";

    /// <summary>The declared shape, free axes filled in.</summary>
    public Shape Shape { get; }

    /// <summary>Which axes the model file leaves free.</summary>
    public IReadOnlyList<bool> Free { get; }

    /// <summary>The declared shape with free axes as a star: *x3x224x224.</summary>
    public override string ToString() => string.Join('x', Shape.ToArray().Select((extent, axis) => Free[axis] ? "*" : $"{extent}"));

    internal override Shape Infer(in LayerInputs inputs) => Shape;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) => throw NothingToPrepare();
}
