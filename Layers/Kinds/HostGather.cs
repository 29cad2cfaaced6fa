namespace Preimage.Layers.Kinds;

/// <summary>Entries of input 0 along an axis, at the places that input 1 lists: ONNX Gather on host values.</summary>
internal sealed class HostGather(long axis) : HostOperation
{
    public override string Operator => "Gather";

    /// <summary>The axis; negative counts from the innermost.</summary>
    public long Axis { get; } = axis;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } data || inputs.TryConstant(1) is not { } places)
            return null;
        int axis = Axes.Normalise(Axis, data.Rank), length = data.Extents[axis];
        int[] before = data.Extents[..axis], after = data.Extents[(axis + 1)..];
        int[] extents = [.. before, .. places.Extents, .. after];
        HostValues.Count(extents);
        int outer = HostValues.Count(before), inner = HostValues.Count(after), next = 0;
        var positions = new int[HostValues.Count(extents)];
        for (int o = 0; o < outer; o++)
        {
            for (int p = 0; p < places.Count && inner > 0; p++)
            {
                long place = places.Integer(p);
                if (place < -length || place >= length)
                    throw new ShapeException($"place {place} is not inside an axis of {length} entries");
                int from = (o * length + (int)(place < 0 ? place + length : place)) * inner;
                for (int i = 0; i < inner; i++)
                    positions[next++] = from + i;
            }
        }

        return data.Type == HostType.Float
            ? new HostTensor(extents, Array.ConvertAll(positions, data.Float))
            : new HostTensor(extents, Array.ConvertAll(positions, data.Integer), data.Type);
    }
}
