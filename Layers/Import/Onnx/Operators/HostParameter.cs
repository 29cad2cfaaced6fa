namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>An input that an operator reads before it runs (a shape, axes): its values where constant, else the value to be known later.</summary>
/// <param name="Values">The values, where they are constant.</param>
/// <param name="Computed">The input, where it is computed from shapes.</param>
internal readonly record struct HostParameter(IReadOnlyList<long>? Values, GraphValue? Computed)
{
    public bool IsAbsent => Values is null && Computed is null;

    /// <summary>The computed input as a list of none or one, to be passed on to the layer.</summary>
    public GraphValue[] Dynamic => Computed is null ? [] : [Computed];

    /// <summary>Reads an input that need not be there.</summary>
    public static HostParameter Read(OnnxNode n, int index)
    {
        if (!n.HasInput(index))
            return default;
        GraphValue value = n.Parameter(index);
        if (!value.IsConstant)
            return new HostParameter(null, value);
        return value.Host is { } host
            ? new HostParameter(host.ToIntegers(), null)
            : throw new ShapeException($"its input '{value.Name}' holds floats where integers belong");
    }
}
