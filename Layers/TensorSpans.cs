using System.Numerics.Tensors;

namespace Preimage.Layers;

/// <summary>Views of the BCL's tensors as plain spans.</summary>
public static class TensorSpans
{
    /// <summary>The elements in row-major order: where they lie when they lie densely, otherwise as a copy.</summary>
    public static ReadOnlySpan<float> Dense(Tensor<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        // Axes of one element have stride 0, and GetSpan then refuses to reach beyond them: such arrays are copied.
        if (tensor.IsDense && !tensor.Strides.Contains(0))
            return tensor.GetSpan(new nint[tensor.Rank], checked((int)tensor.FlattenedLength));
        var copy = new float[tensor.FlattenedLength];
        tensor.FlattenTo(copy);
        return copy;
    }
}
