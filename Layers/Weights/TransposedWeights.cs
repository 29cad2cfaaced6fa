namespace Preimage.Layers.Weights;

/// <summary>Another source's elements with its axes in another order.</summary>
internal sealed class TransposedWeights : WeightSource
{
    readonly int[] _strides;
    readonly Lazy<float[]> _values;

    public TransposedWeights(WeightSource source, IReadOnlyList<int> permutation)
        : base([.. permutation.Select(axis => source.Extents[axis])])
    {
        Source = source;
        Permutation = permutation;
        var strides = new int[permutation.Count];
        for (int axis = strides.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= source.Extents[axis];
        }

        _strides = [.. permutation.Select(axis => strides[axis])];
        // Elements lie far apart in the source: it is read once, when the first of them is asked for.
        _values = new Lazy<float[]>(source.ToArray);
    }

    public WeightSource Source { get; }

    /// <summary>For each axis of this array, the axis of the source.</summary>
    public IReadOnlyList<int> Permutation { get; }

    /// <summary>Whether this is a plain matrix transpose.</summary>
    public bool IsMatrixTranspose => Permutation is [1, 0];

    protected override void ReadCore(long start, Span<float> destination)
    {
        if (destination.IsEmpty)
            return;
        float[] values = _values.Value;
        int rank = _strides.Length;
        var index = new int[rank];
        int from = 0, left = (int)start;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            index[axis] = left % Extents[axis];
            left /= Extents[axis];
            from += index[axis] * _strides[axis];
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = values[from];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += _strides[axis];
                if (++index[axis] < Extents[axis])
                    break;
                from -= index[axis] * _strides[axis];
                index[axis] = 0;
            }
        }
    }
}
