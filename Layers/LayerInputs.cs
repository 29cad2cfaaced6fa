namespace Preimage.Layers;

/// <summary>What is known of a node's value while a plan is made.</summary>
/// <param name="Shape">Its shape as an activation; rank 0 for a host value that cannot be one.</param>
/// <param name="Constant">The value itself, where it is known on the host.</param>
/// <param name="Varies">Whether it depends on an input of the network.</param>
internal readonly record struct NodeValue(Shape Shape, HostTensor? Constant, bool Varies);

/// <summary>What a layer sees of its inputs while shapes are inferred and operators prepared.</summary>
internal readonly ref struct LayerInputs(ReadOnlySpan<NodeValue> values)
{
    readonly ReadOnlySpan<NodeValue> _values = values;

    /// <summary>How many inputs there are.</summary>
    public int Count => _values.Length;

    /// <summary>The shape of an input.</summary>
    /// <exception cref="ShapeException">There is no such input, or it has no shape an activation can have.</exception>
    public Shape Shape(int input)
    {
        Shape shape = At(input).Shape;
        return shape.Rank > 0 ? shape : throw new ShapeException($"input {input} is a host value that no activation can hold");
    }

    /// <summary>The value of an input that must be known on the host.</summary>
    /// <exception cref="ShapeException">It depends on the network's input values.</exception>
    public HostTensor Constant(int input) => At(input).Constant
        ?? throw new ShapeException($"input {input} must be known before the network runs, but it depends on values of the network's input");

    /// <summary>The value of an input if it is known on the host.</summary>
    public HostTensor? TryConstant(int input) => At(input).Constant;

    /// <summary>Whether an input depends on an input of the network.</summary>
    public bool Varies(int input) => At(input).Varies;

    NodeValue At(int input) => input < _values.Length
        ? _values[input]
        : throw new ShapeException($"input {input} is missing: the node has {_values.Length}");
}
