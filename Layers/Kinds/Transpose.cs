using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>Axes in another order.</summary>
public sealed class Transpose : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Transpose";

    /// <summary>For each axis of the output, the axis of the input; null reverses them.</summary>
    public IReadOnlyList<int>? Permutation { get; init; }

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } value)
            return null;
        int[] order = Order(value.Rank), strides = HostValues.Strides(value.Extents);
        return HostValues.Pick(value, Array.ConvertAll(order, axis => value.Extents[axis]), Array.ConvertAll(order, axis => strides[axis]));
    }

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        return new Shape(Array.ConvertAll(Order(x.Rank), axis => x[axis]));
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => Order(output.Rank)[0] == 0;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateTranspose(inputs.Shape(0), Order(output.Rank), output);

    /// <summary>The permutation for a rank, checked.</summary>
    internal int[] Order(int rank)
    {
        int[] order = Permutation is null ? [.. Enumerable.Range(0, rank).Reverse()] : [.. Permutation];
        if (order.Length != rank || order.Order().Where((axis, i) => axis != i).Any())
            throw new ShapeException($"({string.Join(", ", order)}) is not an order of {rank} axes");
        return order;
    }
}
