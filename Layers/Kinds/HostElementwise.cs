namespace Preimage.Layers.Kinds;

/// <summary>A function of one host value: Floor, Ceil, Neg, Not.</summary>
internal sealed class HostUnary(string operatorName) : HostOperation
{
    public override string Operator { get; } = operatorName;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } value)
            return null;
        return value.Type == HostType.Float
            ? new HostTensor(value.Extents, [.. Enumerable.Range(0, value.Count).Select(i => Apply(value.Float(i)))])
            : new HostTensor(value.Extents, Array.ConvertAll(value.ToIntegers(), Apply), value.Type);
    }

    double Apply(double x) => Operator switch
    {
        "Floor" => Math.Floor(x),
        "Ceil" => Math.Ceiling(x),
        "Neg" => -x,
        _ => throw Misfit("floats"),
    };

    long Apply(long x) => Operator switch
    {
        "Neg" => unchecked(-x),
        "Not" => x == 0 ? 1 : 0,
        _ => throw Misfit("integers"),
    };

    ShapeException Misfit(string type) => new($"{Operator} of {type}");
}

/// <summary>A comparison or logical function of two host values: Equal, Less, Greater, LessOrEqual, GreaterOrEqual, And, Or.</summary>
internal sealed class HostComparison(string operatorName) : HostOperation
{
    public override string Operator { get; } = operatorName;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } a || inputs.TryConstant(1) is not { } b)
            return null;
        int[] extents = HostValues.Broadcast(a, b);
        HostTensor x = HostValues.Stretch(a, extents), y = HostValues.Stretch(b, extents);
        bool floats = a.Type == HostType.Float || b.Type == HostType.Float;
        var values = new long[x.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int order = floats ? x.Float(i).CompareTo(y.Float(i)) : x.Integer(i).CompareTo(y.Integer(i));
            values[i] = Holds(order, x.Integer(i) != 0, y.Integer(i) != 0) ? 1 : 0;
        }

        return new HostTensor(extents, values, HostType.Boolean);
    }

    bool Holds(int order, bool x, bool y) => Operator switch
    {
        "Equal" => order == 0,
        "Less" => order < 0,
        "Greater" => order > 0,
        "LessOrEqual" => order <= 0,
        "GreaterOrEqual" => order >= 0,
        "And" => x && y,
        _ => x || y,
    };
}

/// <summary>Input 1 where input 0 holds, else input 2: ONNX Where on host values.</summary>
internal sealed class HostWhere : HostOperation
{
    public override string Operator => "Where";

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } condition || inputs.TryConstant(1) is not { } x || inputs.TryConstant(2) is not { } y)
            return null;
        int[] extents = HostValues.Broadcast(condition, x, y);
        HostTensor c = HostValues.Stretch(condition, extents), a = HostValues.Stretch(x, extents), b = HostValues.Stretch(y, extents);
        IEnumerable<int> places = Enumerable.Range(0, c.Count);
        return x.Type == HostType.Float
            ? new HostTensor(extents, [.. places.Select(i => c.Integer(i) != 0 ? a.Float(i) : b.Float(i))])
            : new HostTensor(extents, [.. places.Select(i => c.Integer(i) != 0 ? a.Integer(i) : b.Integer(i))], x.Type);
    }
}
