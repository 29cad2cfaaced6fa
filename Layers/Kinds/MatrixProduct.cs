using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>The product of two activations over their last two axes, leading axes broadcast.</summary>
public sealed class MatrixProduct : Layer
{
    /// <inheritdoc/>
    public override string Operator => "MatMul";

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape a = inputs.Shape(0), b = inputs.Shape(1);
        if (a.Rank < 2 || b.Rank < 2 || a[a.Rank - 1] != b[b.Rank - 2])
            throw new ShapeException($"matrices {a} and {b} do not multiply");
        int rank = Math.Max(a.Rank, b.Rank);
        var extents = new int[rank];
        for (int axis = 0; axis < rank - 2; axis++)
            extents[axis] = Broadcasting.Extent(a, b, axis, rank);
        extents[rank - 2] = a[a.Rank - 2];
        extents[rank - 1] = b[b.Rank - 1];
        return new Shape(extents);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output)
    {
        // Of rank 2, axis 0 of the second matrix is summed over; above that both must carry the batch in front, or stay constant.
        Shape a = inputs.Shape(0), b = inputs.Shape(1);
        bool left = !inputs.Varies(0) || (a.Rank == output.Rank && a.N == output.N);
        bool right = inputs.Varies(1) ? b.Rank == output.Rank && output.Rank > 2 && b.N == output.N : b.Rank <= 2 || b.Rank < output.Rank || b.N == 1;
        return left && right;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateMatrixProduct(inputs.Shape(0), inputs.Shape(1), output);

    internal override long MultiplyAdds(in LayerInputs inputs, Shape output)
    {
        Shape a = inputs.Shape(0);
        return (long)output.Count * a[a.Rank - 1];
    }
}
