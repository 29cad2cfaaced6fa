namespace Preimage.Layers.Kinds;

/// <summary>An array of the extents that input 0 lists, filled with one value: ONNX ConstantOfShape.</summary>
/// <param name="value">One element.</param>
internal sealed class HostFill(HostTensor value) : HostOperation
{
    public override string Operator => "ConstantOfShape";

    /// <summary>The value, one element.</summary>
    public HostTensor Value { get; } = value;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } shape)
            return null;
        int[] extents = Array.ConvertAll(shape.ToIntegers(), e => checked((int)e));
        return HostValues.Pick(Value, extents, new int[extents.Length]);
    }
}

/// <summary>Numbers from input 0 up to input 1 (not included) in steps of input 2: ONNX Range.</summary>
internal sealed class HostRange : HostOperation
{
    public override string Operator => "Range";

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { Count: 1 } start || inputs.TryConstant(1) is not { Count: 1 } limit || inputs.TryConstant(2) is not { Count: 1 } step)
            return null;
        double count = Math.Ceiling((limit.Float(0) - start.Float(0)) / step.Float(0));
        if (!(count <= HostTensor.MaxCount))
            throw new ShapeException($"a range from {start.Float(0)} to {limit.Float(0)} in steps of {step.Float(0)} is too long, or without end");
        int length = (int)Math.Max(count, 0);
        return start.Type == HostType.Float
            ? new HostTensor([length], [.. Enumerable.Range(0, length).Select(i => (double)(float)(start.Float(0) + i * step.Float(0)))])
            : HostTensor.Vector([.. Enumerable.Range(0, length).Select(i => start.Integer(0) + i * step.Integer(0))]);
    }
}
