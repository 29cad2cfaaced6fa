using System.Numerics.Tensors;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Arithmetic of signals of N*K rows with values of N samples: row n*K + k belongs to sample n.</summary>
internal static class Rows
{
    /// <summary>result = signal / values.</summary>
    public static void Divide(ReadOnlySpan<float> signal, ReadOnlySpan<float> values, int samples, int seeds, Span<float> result)
    {
        int size = values.Length / samples;
        for (int row = 0; row < samples * seeds; row++)
            TensorPrimitives.Divide(signal.Slice(row * size, size), values.Slice(row / seeds * size, size), result.Slice(row * size, size));
    }

    /// <summary>result += factor * signal * values.</summary>
    public static void AddProduct(ReadOnlySpan<float> signal, ReadOnlySpan<float> values, float factor, int samples, int seeds, Span<float> result)
    {
        int size = values.Length / samples;
        for (int row = 0; row < samples * seeds; row++)
        {
            ReadOnlySpan<float> own = signal.Slice(row * size, size), x = values.Slice(row / seeds * size, size);
            Span<float> sums = result.Slice(row * size, size);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += factor * own[i] * x[i];
        }
    }

    /// <summary>result = signal * values.</summary>
    public static void Multiply(ReadOnlySpan<float> signal, ReadOnlySpan<float> values, int samples, int seeds, Span<float> result)
    {
        int size = values.Length / samples;
        for (int row = 0; row < samples * seeds; row++)
            TensorPrimitives.Multiply(signal.Slice(row * size, size), values.Slice(row / seeds * size, size), result.Slice(row * size, size));
    }
}
