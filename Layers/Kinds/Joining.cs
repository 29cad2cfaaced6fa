using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>Inputs side by side along an axis.</summary>
/// <param name="axis">The axis; negative counts from the innermost.</param>
public sealed class Concat(int axis) : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Concat";

    /// <summary>The axis.</summary>
    public int Axis { get; } = axis;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        var parts = new HostTensor[inputs.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            if (inputs.TryConstant(i) is not { } part)
                return null;
            parts[i] = part;
        }

        return Join(parts);
    }

    internal override Shape Infer(in LayerInputs inputs)
    {
        int[] extents = inputs.Shape(0).ToArray();
        int axis = Axes.Normalise(Axis, extents.Length);
        for (int i = 1; i < inputs.Count; i++)
        {
            Shape shape = inputs.Shape(i);
            if (shape.Rank != extents.Length)
                throw new ShapeException($"{inputs.Shape(0)} and {shape} cannot be joined: their ranks differ");
            for (int a = 0; a < extents.Length; a++)
            {
                if (a != axis && shape[a] != extents[a])
                    throw new ShapeException($"{inputs.Shape(0)} and {shape} cannot be joined along axis {axis}: axis {a} differs");
            }

            extents[axis] = checked(extents[axis] + shape[axis]);
        }

        return new Shape(extents);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output)
    {
        bool apart = Axes.Normalise(Axis, output.Rank) > 0;
        for (int i = 0; i < inputs.Count; i++)
            apart &= inputs.Varies(i);
        return apart;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        var shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = inputs.Shape(i);
        return backend.CreateConcat(Axes.Normalise(Axis, output.Rank), shapes, output);
    }

    HostTensor Join(HostTensor[] parts)
    {
        int axis = Axes.Normalise(Axis, parts[0].Rank);
        int[] extents = [.. parts[0].Extents];
        long joined = 0;
        foreach (HostTensor part in parts)
        {
            if (part.Rank != extents.Length || part.Extents.Where((e, a) => a != axis && e != extents[a]).Any())
                throw new ShapeException($"host values of {string.Join('x', extents)} and {string.Join('x', part.Extents)} cannot be joined along axis {axis}");
            joined += part.Extents[axis];
        }

        extents[axis] = checked((int)joined);
        int outer = HostValues.Count(extents.AsSpan(0, axis)), count = HostValues.Count(extents);
        // Row by row of the outer axes, each part gives its piece.
        var pieces = Enumerable.Range(0, outer).SelectMany(o => parts.SelectMany(part =>
        {
            int length = part.Count / Math.Max(outer, 1);
            return Enumerable.Range(o * length, length).Select(i => (Part: part, Index: i));
        }));
        return parts.Any(part => part.Type == HostType.Float)
            ? new HostTensor(extents, [.. pieces.Select(p => p.Part.Float(p.Index)).Take(count)])
            : new HostTensor(extents, [.. pieces.Select(p => p.Part.Integer(p.Index)).Take(count)], parts[0].Type);
    }
}

/// <summary>One part of an array cut along an axis; a split into n parts is n nodes.</summary>
public sealed class Split : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Split";

    /// <summary>The axis; negative counts from the innermost.</summary>
    public int Axis { get; init; }

    /// <summary>Which part this is, from 0.</summary>
    public required int Part { get; init; }

    /// <summary>How many parts there are.</summary>
    public required int Parts { get; init; }

    /// <summary>The extents of all parts, or null for equal ones (the last takes what is left).</summary>
    public IReadOnlyList<int>? Sizes { get; init; }

    internal override Shape Infer(in LayerInputs inputs)
    {
        int[] extents = inputs.Shape(0).ToArray();
        int axis = Axes.Normalise(Axis, extents.Length);
        extents[axis] = Range(inputs, extents[axis]).Length;
        return new Shape(extents);
    }

    internal override bool ReadsOnHost(int input) => input == 1;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } value)
            return null;
        int axis = Axes.Normalise(Axis, value.Rank);
        (int start, int length) = Range(inputs, value.Extents[axis]);
        int[] extents = [.. value.Extents], strides = HostValues.Strides(extents);
        extents[axis] = length;
        return HostValues.Pick(value, extents, strides, start * strides[axis]);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => Axes.Normalise(Axis, output.Rank) > 0;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        Span<int> starts = stackalloc int[output.Rank];
        starts.Clear();
        Span<int> steps = stackalloc int[output.Rank];
        steps.Fill(1);
        Shape x = inputs.Shape(0);
        int axis = Axes.Normalise(Axis, x.Rank);
        starts[axis] = Range(inputs, x[axis]).Start;
        return backend.CreateSlice(x, starts, steps, output);
    }

    (int Start, int Length) Range(in LayerInputs inputs, int extent)
    {
        long[]? sizes = inputs.Count > 1 ? inputs.Constant(1).ToIntegers() : Sizes?.Select(s => (long)s).ToArray();
        if (sizes is null)
        {
            int each = (extent + Parts - 1) / Parts;
            int begin = Math.Min(Part * each, extent);
            return (begin, Math.Min(each, extent - begin));
        }

        if (sizes.Length != Parts || sizes.Any(s => s < 0) || sizes.Sum() != extent)
            throw new ShapeException($"parts of {string.Join(", ", sizes)} do not add up to an extent of {extent}");
        return ((int)sizes.Take(Part).Sum(), (int)sizes[Part]);
    }
}
