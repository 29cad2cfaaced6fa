namespace Preimage.Layers.Kinds;

/// <summary>The extents of its input, from one axis up to another: ONNX Shape.</summary>
internal sealed class HostShape : HostOperation
{
    public override string Operator => "Shape";

    /// <summary>The first axis; negative counts from the innermost; out-of-range values are clamped.</summary>
    public long Start { get; init; }

    /// <summary>One past the last axis, or null for all.</summary>
    public long? End { get; init; }

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        int[] extents = inputs.TryConstant(0)?.Extents ?? inputs.Shape(0).ToArray();
        int first = Clamp(Start, extents.Length), last = Clamp(End ?? extents.Length, extents.Length);
        return HostTensor.Vector([.. extents[first..Math.Max(first, last)].Select(e => (long)e)]);
    }

    static int Clamp(long axis, int rank) => (int)Math.Clamp(axis < 0 ? Math.Max(axis, -rank) + rank : axis, 0, rank);
}
