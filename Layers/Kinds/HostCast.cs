namespace Preimage.Layers.Kinds;

/// <summary>A host value as another type: ONNX Cast.</summary>
internal sealed class HostCast(HostType type) : HostOperation
{
    public override string Operator => "Cast";

    /// <summary>What the output holds.</summary>
    public HostType Type { get; } = type;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } value)
            return null;
        if (Type == HostType.Float)
            return new HostTensor(value.Extents, Array.ConvertAll(value.ToFloats(), v => (double)v));
        long[] integers = value.ToIntegers();
        if (Type == HostType.Boolean)
        {
            for (int i = 0; i < integers.Length; i++)
                integers[i] = value.Float(i) != 0 ? 1 : 0;
        }

        return new HostTensor(value.Extents, integers, Type);
    }
}
