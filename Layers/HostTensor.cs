namespace Preimage.Layers;

/// <summary>What a host value holds.</summary>
internal enum HostType { Float, Integer, Boolean }

/// <summary>A small value known on the host while a plan is made: shapes, axes, scales. Never large, never on a device.</summary>
/// <remarks>Integers and booleans are held as long, floats as double; a scalar has no extents; an extent may be 0.</remarks>
internal sealed class HostTensor
{
    /// <summary>The most elements a host value may have: it is meant for shapes, not for data.</summary>
    public const int MaxCount = 1 << 20;

    readonly long[]? _integers;
    readonly double[]? _floats;

    public HostTensor(int[] extents, long[] values, HostType type = HostType.Integer) : this(extents, type, values.Length) => _integers = values;

    public HostTensor(int[] extents, double[] values) : this(extents, HostType.Float, values.Length) => _floats = values;

    HostTensor(int[] extents, HostType type, int count)
    {
        long expected = 1;
        foreach (int extent in extents)
            expected *= extent;
        if (expected != count)
            throw new ShapeException($"{count} values do not fill {string.Join('x', extents)}");
        Extents = extents;
        Type = type;
    }

    public int[] Extents { get; }

    public HostType Type { get; }

    public int Rank => Extents.Length;

    public int Count => _integers?.Length ?? _floats!.Length;

    public static HostTensor Vector(params long[] values) => new([values.Length], values);

    public static HostTensor Scalar(long value) => new([], [value]);

    /// <summary>Element i as an integer; floats are truncated toward zero and saturate.</summary>
    public long Integer(int i) => _integers is not null ? _integers[i] : (long)_floats![i];

    /// <summary>Element i as a floating-point number.</summary>
    public double Float(int i) => _floats is not null ? _floats[i] : _integers![i];

    public long[] ToIntegers()
    {
        var values = new long[Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Integer(i);
        return values;
    }

    public float[] ToFloats()
    {
        var values = new float[Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)Float(i);
        return values;
    }

    /// <summary>The shape the value has as an activation; a scalar becomes one element.</summary>
    public Shape ToShape() => Rank == 0 ? new Shape(1) : new Shape(Extents);

    /// <summary>The same elements under other extents.</summary>
    public HostTensor Reshaped(int[] extents) =>
        _integers is not null ? new HostTensor(extents, _integers, Type) : new HostTensor(extents, _floats!);
}
