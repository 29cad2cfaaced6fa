using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>A value of the oracle: a shape and doubles in row-major order.</summary>
internal sealed record OracleArray(Shape Shape, double[] Values)
{
    public OracleArray(Shape shape) : this(shape, new double[shape.Count]) { }

    public static OracleArray From(Shape shape, ReadOnlySpan<float> values)
    {
        var array = new OracleArray(shape);
        for (int i = 0; i < values.Length; i++) array.Values[i] = values[i];
        return array;
    }

    public double this[int n, int c, int y, int x]
    {
        get => Values[((n * Shape.C + c) * Shape.H + y) * Shape.W + x];
        set => Values[((n * Shape.C + c) * Shape.H + y) * Shape.W + x] = value;
    }
}
