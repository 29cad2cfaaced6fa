using System.Numerics;
using System.Numerics.Tensors;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Which inputs of a dense layer contribute to some of its outputs: a_i W_iu, rounded to float32 as the released program has it.</summary>
/// <remarks>One pass over |S| rows of weights. Since a &gt;= 0 where it counts and rounding keeps order, the strongest contribution of an input is that of its
/// largest weight, so that the set follows from a running maximum; only the percentile needs the single contributions.</remarks>
internal static class Contributions
{
    /// <summary>The largest weight of every input to the outputs of a set; minus infinity where the set is empty.</summary>
    public static float[] LargestWeights(DenseStep step, ReadOnlySpan<int> outputs)
    {
        float[] largest = new float[step.Inputs], row = new float[step.Inputs];
        Array.Fill(largest, float.NegativeInfinity);
        foreach (int output in outputs)
        {
            step.Row(output, row);
            TensorPrimitives.Max(largest, row, largest);
        }

        return largest;
    }

    /// <summary>Inputs that contribute: a &gt; 0, and a weight above 0.</summary>
    public static int[] Positive(DenseStep step, ReadOnlySpan<float> activations, ReadOnlySpan<int> outputs)
    {
        float[] largest = LargestWeights(step, outputs);
        var found = new List<int>();
        for (int i = 0; i < largest.Length; i++)
        {
            if (activations[i] > 0 && largest[i] > 0)
                found.Add(i);
        }

        return [.. found];
    }

    /// <summary>Inputs of which some contribution lies strictly above a percentile of all contributions above a threshold.</summary>
    /// <returns>The inputs; the percentile, NaN where no contribution is above the threshold; and how many are.</returns>
    public static (int[] Found, double Limit, int Pairs) Strongest(
        DenseStep step, ReadOnlySpan<float> activations, ReadOnlySpan<int> outputs, double threshold, double percentile)
    {
        float[] largest = new float[step.Inputs], row = new float[step.Inputs];
        var above = new AboveList(FloorToSingle(threshold));
        foreach (int output in outputs)
        {
            step.Row(output, row);
            TensorPrimitives.Multiply(row, activations, row);
            // An unrectified input below 0 contributes nothing, whatever its weights.
            for (int i = 0; i < row.Length; i += above.Scan(row.AsSpan(i), activations[i..], largest.AsSpan(i)))
            {
            }
        }

        if (above.Count == 0)
            return ([], double.NaN, 0);
        double limit = Percentile(above.Values, percentile);
        float floor = FloorToSingle(limit);
        var found = new List<int>();
        for (int i = 0; i < largest.Length; i++)
        {
            if (largest[i] > floor)
                found.Add(i);
        }

        return ([.. found], limit, above.Count);
    }

    /// <summary>The percentile with linear interpolation at rank (n - 1) p / 100; reorders the values.</summary>
    public static double Percentile(Span<float> values, double percentile)
    {
        double rank = (values.Length - 1) * (percentile / 100);
        int below = (int)Math.Floor(rank);
        float low = Selection.Smallest(values, below);
        if (rank == below)
            return low;
        // What is behind the selected place is not smaller: the next one is its minimum.
        float high = TensorPrimitives.Min(values[(below + 1)..]);
        return low + (rank - below) * ((double)high - low);
    }

    /// <summary>The largest float that is not above a number: v &gt; it means v &gt; the number, for every float v.</summary>
    static float FloorToSingle(double number)
    {
        float rounded = (float)number;
        return rounded > number ? MathF.BitDecrement(rounded) : rounded;
    }

    /// <summary>Contributions above a threshold, gathered.</summary>
    sealed class AboveList(float threshold)
    {
        float[] _values = new float[1 << 12];

        public int Count { get; private set; }

        public Span<float> Values => _values.AsSpan(0, Count);

        /// <summary>Looks at one vector of contributions, or at what is left.</summary>
        /// <returns>How many were looked at.</returns>
        public int Scan(ReadOnlySpan<float> contributions, ReadOnlySpan<float> activations, Span<float> largest)
        {
            int count = Math.Min(Vector<float>.Count, contributions.Length);
            if (count == Vector<float>.Count && !Vector.GreaterThanAny(new Vector<float>(contributions), new Vector<float>(threshold)))
                return count;
            if (Count + count > _values.Length)
                Array.Resize(ref _values, 2 * _values.Length);
            for (int i = 0; i < count; i++)
            {
                float value = contributions[i];
                if (!(value > threshold && activations[i] > 0))
                    continue;
                _values[Count++] = value;
                largest[i] = MathF.Max(largest[i], value);
            }

            return count;
        }
    }
}
