using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>A layer whose output is its input under another shape: nothing is computed.</summary>
public abstract class View : Layer
{
    private protected View() { }

    internal override bool IsView => true;

    internal override bool ReadsOnHost(int input) => input > 0;

    internal override Shape Infer(in LayerInputs inputs) => new(NewExtents(inputs, inputs.Shape(0).ToArray()));

    internal override HostTensor? Fold(in LayerInputs inputs) => inputs.TryConstant(0) is { } value
        ? value.Reshaped(NewExtents(inputs, value.Extents))
        : null;

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => inputs.Shape(0).N == output.N;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) => throw NothingToPrepare();

    /// <summary>The extents the view gives an array of the given ones, which may be of any rank.</summary>
    internal int[] ExtentsFor(in LayerInputs inputs, int[] extents) => NewExtents(inputs, extents);

    /// <summary>The new extents.</summary>
    private protected abstract int[] NewExtents(in LayerInputs inputs, int[] extents);
}

/// <summary>The input as it is: Identity, and Dropout at inference.</summary>
/// <param name="operatorName">The operator's name in the model file.</param>
public sealed class Identity(string operatorName = "Identity") : View
{
    /// <inheritdoc/>
    public override string Operator { get; } = operatorName;

    private protected override int[] NewExtents(in LayerInputs inputs, int[] extents) => extents;
}

/// <summary>Axes before and from an axis on joined into two.</summary>
/// <param name="axis">The first axis of the second group.</param>
public sealed class Flatten(int axis = 1) : View
{
    /// <inheritdoc/>
    public override string Operator => "Flatten";

    /// <summary>The first axis of the second group.</summary>
    public int Axis { get; } = axis;

    private protected override int[] NewExtents(in LayerInputs inputs, int[] extents)
    {
        if (Axis < -extents.Length || Axis > extents.Length)
            throw new ShapeException($"axis {Axis} is out of range for rank {extents.Length}");
        int split = Axis < 0 ? Axis + extents.Length : Axis;
        return [extents[..split].Aggregate(1, (a, b) => a * b), extents[split..].Aggregate(1, (a, b) => a * b)];
    }
}

/// <summary>The elements under the extents given here or by input 1: -1 is found from the rest, 0 copies the input's extent.</summary>
public sealed class Reshape : View
{
    /// <inheritdoc/>
    public override string Operator => "Reshape";

    /// <summary>The wanted extents, or null when input 1 gives them.</summary>
    public IReadOnlyList<long>? Extents { get; init; }

    /// <summary>Whether 0 means an extent of 0 rather than a copy.</summary>
    public bool AllowZero { get; init; }

    private protected override int[] NewExtents(in LayerInputs inputs, int[] extents)
    {
        IReadOnlyList<long> wanted = Extents ?? inputs.Constant(1).ToIntegers();
        var result = new int[wanted.Count];
        long total = extents.Aggregate(1L, (a, b) => a * b), known = 1;
        int inferred = -1;
        for (int i = 0; i < result.Length; i++)
        {
            long extent = wanted[i];
            if (extent == 0 && !AllowZero)
                extent = i < extents.Length ? extents[i] : throw Misfit(extents, wanted);
            if (extent == -1 && inferred < 0)
            {
                inferred = i;
                continue;
            }

            if (extent is < 0 or > int.MaxValue || (known *= extent) > int.MaxValue)
                throw Misfit(extents, wanted);
            result[i] = (int)extent;
        }

        if (inferred >= 0)
            result[inferred] = known > 0 && total % known == 0 ? (int)(total / known) : throw Misfit(extents, wanted);
        else if (known != total)
            throw Misfit(extents, wanted);
        return result;
    }

    static ShapeException Misfit(int[] extents, IReadOnlyList<long> wanted) =>
        new($"{string.Join('x', extents)} cannot take the shape ({string.Join(", ", wanted)})");
}

/// <summary>Axes of extent 1 taken out: the given ones, those of input 1, or all.</summary>
public sealed class Squeeze : View
{
    /// <inheritdoc/>
    public override string Operator => "Squeeze";

    /// <summary>The axes, or null for those of input 1 or, without one, all of extent 1.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    private protected override int[] NewExtents(in LayerInputs inputs, int[] extents)
    {
        IReadOnlyList<long>? axes = AxisList ?? (inputs.Count > 1 ? inputs.Constant(1).ToIntegers() : null);
        bool[] dropped = axes is null ? Array.ConvertAll(extents, e => e == 1) : axes.Count == 0 ? new bool[extents.Length] : Axes.Mark(axes, extents.Length);
        for (int i = 0; i < extents.Length; i++)
        {
            if (dropped[i] && extents[i] != 1)
                throw new ShapeException($"axis {i} of {string.Join('x', extents)} cannot be taken out: its extent is not 1");
        }

        return [.. extents.Where((_, i) => !dropped[i])];
    }

    // An activation has at least one axis; a host scalar may have none.
    internal override Shape Infer(in LayerInputs inputs)
    {
        int[] extents = NewExtents(inputs, inputs.Shape(0).ToArray());
        return extents.Length == 0 ? new Shape(1) : new Shape(extents);
    }
}

/// <summary>Axes of extent 1 put in, at the given places of the output.</summary>
public sealed class Unsqueeze : View
{
    /// <inheritdoc/>
    public override string Operator => "Unsqueeze";

    /// <summary>The axes of the output, or null when input 1 gives them.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    private protected override int[] NewExtents(in LayerInputs inputs, int[] extents)
    {
        IReadOnlyList<long> axes = AxisList ?? inputs.Constant(1).ToIntegers();
        int rank = extents.Length + axes.Count;
        bool[] added = axes.Count == 0 ? new bool[rank] : Axes.Mark(axes, rank);
        if (added.Count(a => a) != axes.Count)
            throw new ShapeException($"axes {string.Join(", ", axes)} name one twice");
        var result = new int[rank];
        for (int i = 0, next = 0; i < rank; i++)
            result[i] = added[i] ? 1 : extents[next++];
        return result;
    }
}
