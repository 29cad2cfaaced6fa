namespace Preimage.Layers.Resampling;

/// <summary>One axis of a resize as a sparse matrix: for every output sample its taps and their weights.</summary>
/// <remarks>
/// Compressed rows: output o is the sum over t in [<see cref="Starts"/>[o], <see cref="Starts"/>[o+1]) of
/// <see cref="Weights"/>[t] * input[<see cref="Indices"/>[t]]. Indices rise within a row and never repeat. Every resize of
/// the library is such a table per axis: the conventions of Pillow, of MATLAB's imresize and of ONNX differ only in its
/// numbers, and the adjoint is <see cref="Transpose"/>. Immutable and safe to share between threads.
/// </remarks>
public sealed partial class ResamplingTable
{
    readonly int[] _starts;
    readonly int[] _indices;
    readonly double[] _exact;
    readonly float[] _weights;

    ResamplingTable(int inputLength, int[] starts, int[] indices, double[] exact)
    {
        InputLength = inputLength;
        _starts = starts;
        _indices = indices;
        _exact = exact;
        _weights = Array.ConvertAll(exact, weight => (float)weight);
    }

    /// <summary>Samples that go in.</summary>
    public int InputLength { get; }

    /// <summary>Samples that come out.</summary>
    public int OutputLength => _starts.Length - 1;

    /// <summary>The most taps any output has.</summary>
    public int MaxTaps
    {
        get
        {
            int most = 0;
            for (int o = 0; o < OutputLength; o++) most = Math.Max(most, _starts[o + 1] - _starts[o]);
            return most;
        }
    }

    /// <summary>Where each output's taps begin; one entry more than there are outputs.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The input sample of each tap.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>The weight of each tap, rounded to float32.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The weight of each tap as computed.</summary>
    public ReadOnlySpan<double> ExactWeights => _exact;

    /// <summary>The adjoint: a table with input and output exchanged and the same weights.</summary>
    public ResamplingTable Transpose()
    {
        var starts = new int[InputLength + 1];
        foreach (int index in _indices) starts[index + 1]++;
        for (int i = 0; i < InputLength; i++) starts[i + 1] += starts[i];

        var next = starts.AsSpan(0, InputLength).ToArray();
        var indices = new int[_indices.Length];
        var exact = new double[_indices.Length];
        for (int o = 0; o < OutputLength; o++)
        {
            for (int t = _starts[o]; t < _starts[o + 1]; t++)
            {
                int to = next[_indices[t]]++;
                indices[to] = o;
                exact[to] = _exact[t];
            }
        }
        return new ResamplingTable(OutputLength, starts, indices, exact);
    }

    /// <summary>Applies the table along one axis of an array seen as [outer, length, inner].</summary>
    /// <remarks>Each output is one chain of fused multiply-adds over its taps in ascending order, from +0.</remarks>
    /// <param name="input">outer * <see cref="InputLength"/> * inner values.</param>
    /// <param name="output">outer * <see cref="OutputLength"/> * inner values; must not overlap the input.</param>
    /// <param name="outer">Product of the extents before the axis.</param>
    /// <param name="inner">Product of the extents behind the axis.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Apply(ReadOnlySpan<float> input, Span<float> output, int outer = 1, int inner = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        RequireLength(input.Length, (long)outer * InputLength * inner, nameof(input));
        RequireLength(output.Length, (long)outer * OutputLength * inner, nameof(output));
        for (int plane = 0; plane < outer; plane++)
        {
            var from = input.Slice(plane * InputLength * inner, InputLength * inner);
            for (int o = 0; o < OutputLength; o++)
            {
                var row = output.Slice((plane * OutputLength + o) * inner, inner);
                row.Clear();
                for (int t = _starts[o]; t < _starts[o + 1]; t++)
                {
                    float weight = _weights[t];
                    var tap = from.Slice(_indices[t] * inner, inner);
                    for (int i = 0; i < row.Length; i++) row[i] = MathF.FusedMultiplyAdd(weight, tap[i], row[i]);
                }
            }
        }
    }

    static void RequireLength(int actual, long expected, string name)
    {
        if (actual != expected) throw new ArgumentException($"The span has {actual} values, {expected} are needed.", name);
    }

    static void RequireExtents(int input, int output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(output, 1);
    }
}
