namespace Preimage.Layers.Kinds;

/// <summary>Walking over host values of any rank: broadcasting and picking by strides.</summary>
internal static class HostValues
{
    /// <summary>How many elements extents hold.</summary>
    /// <exception cref="ShapeException">More than a host value may have, or an extent is negative.</exception>
    public static int Count(ReadOnlySpan<int> extents)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            count *= extent >= 0 ? extent : throw new ShapeException($"a value computed on the host cannot have the extent {extent}");
            if (count > HostTensor.MaxCount)
                throw new ShapeException($"a value computed on the host has more than {HostTensor.MaxCount} elements: it is meant for shapes");
        }

        return (int)count;
    }

    /// <summary>The value whose element at an index is the source's element at offset + sum index * stride.</summary>
    public static HostTensor Pick(HostTensor source, int[] extents, ReadOnlySpan<int> strides, int offset = 0)
    {
        int[] positions = Positions(extents, strides, offset);
        return source.Type == HostType.Float
            ? new HostTensor(extents, Array.ConvertAll(positions, source.Float))
            : new HostTensor(extents, Array.ConvertAll(positions, source.Integer), source.Type);
    }

    /// <summary>Positions in row-major order: offset + sum index * stride.</summary>
    public static int[] Positions(int[] extents, ReadOnlySpan<int> strides, int offset)
    {
        var positions = new int[Count(extents)];
        var index = new int[extents.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = offset;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < extents[axis])
                    break;
                offset -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }

        return positions;
    }

    /// <summary>Row-major strides.</summary>
    public static int[] Strides(ReadOnlySpan<int> extents)
    {
        var strides = new int[extents.Length];
        for (int axis = extents.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(extents[axis], 1);
        }

        return strides;
    }

    /// <summary>The extents that several values broadcast to.</summary>
    public static int[] Broadcast(params ReadOnlySpan<HostTensor> values)
    {
        int rank = 0;
        foreach (HostTensor value in values)
            rank = Math.Max(rank, value.Rank);
        var extents = new int[rank];
        Array.Fill(extents, 1);
        foreach (HostTensor value in values)
        {
            for (int axis = 0; axis < value.Rank; axis++)
            {
                ref int extent = ref extents[rank - value.Rank + axis];
                if (extent == 1)
                    extent = value.Extents[axis];
                else if (value.Extents[axis] != 1 && value.Extents[axis] != extent)
                    throw new ShapeException($"host values of {extent} and {value.Extents[axis]} elements do not broadcast");
            }
        }

        return extents;
    }

    /// <summary>A value stretched to extents it broadcasts to.</summary>
    public static HostTensor Stretch(HostTensor value, int[] extents)
    {
        int[] own = Strides(value.Extents);
        var strides = new int[extents.Length];
        for (int axis = 0; axis < value.Rank; axis++)
            strides[extents.Length - value.Rank + axis] = value.Extents[axis] == 1 ? 0 : own[axis];
        return Pick(value, extents, strides);
    }

    /// <summary>A function of two values with broadcasting; on floats where either holds floats, rounded to float32 as the model would.</summary>
    public static HostTensor Combine(HostTensor a, HostTensor b, Func<long, long, long> integers, Func<double, double, double> floats)
    {
        int[] extents = Broadcast(a, b);
        HostTensor x = Stretch(a, extents), y = Stretch(b, extents);
        if (a.Type == HostType.Float || b.Type == HostType.Float)
        {
            var values = new double[x.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)floats(x.Float(i), y.Float(i));
            return new HostTensor(extents, values);
        }

        var whole = new long[x.Count];
        for (int i = 0; i < whole.Length; i++)
            whole[i] = integers(x.Integer(i), y.Integer(i));
        return new HostTensor(extents, whole);
    }
}
