using System.Numerics.Tensors;

namespace Preimage.Algorithms.Attribution;

/// <summary>The softmax of class scores, in double.</summary>
internal static class ClassProbabilities
{
    /// <summary>exp(s_i - max s) / sum, one per class.</summary>
    public static double[] Of(ReadOnlySpan<float> scores)
    {
        double highest = TensorPrimitives.Max(scores), sum = 0;
        var result = new double[scores.Length];
        for (int i = 0; i < result.Length; i++)
            sum += result[i] = Math.Exp(scores[i] - highest);
        for (int i = 0; i < result.Length; i++)
            result[i] /= sum;
        return result;
    }
}
