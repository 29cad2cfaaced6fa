using System.Numerics.Tensors;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Samples of arrays.</summary>
internal static class Rows
{
    /// <summary>A sample as an array of its own.</summary>
    public static Tensor<float> Of(Tensor<float> tensor, int row)
    {
        nint[] lengths = tensor.Lengths.ToArray();
        float[] all = Flatten(tensor);
        int size = all.Length / (int)lengths[0];
        lengths[0] = 1;
        return Tensor.Create(all.AsSpan(row * size, size).ToArray(), lengths);
    }

    /// <summary>All numbers, row-major.</summary>
    public static float[] Flatten(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
