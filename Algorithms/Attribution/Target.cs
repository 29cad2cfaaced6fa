namespace Preimage.Algorithms.Attribution;

/// <summary>What is to be explained: one unit, or several, at one node of the network.</summary>
/// <remarks>
/// Class and arg-max targets are at the logits: the network's output, or, where that is a softmax, the node before it.
/// Arg-max and top-k are found per sample.
/// </remarks>
public abstract record Target
{
    private protected Target() { }

    /// <summary>The node, or null for the logits.</summary>
    public string? NodeName { get; private protected init; }

    /// <summary>How many maps per sample the target gives.</summary>
    public virtual int MapsPerSample => 1;

    /// <summary>The strongest logit of each sample.</summary>
    public static Target Argmax { get; } = new ArgmaxTarget();

    /// <summary>A class by its index among the logits.</summary>
    public static Target Class(int index) => new UnitTarget(index);

    /// <summary>The strongest unit of a node, per sample.</summary>
    public static Target ArgmaxOf(string node) => new ArgmaxTarget { NodeName = node };

    /// <summary>A unit of a node by its index in one sample's values (c*H*W + y*W + x).</summary>
    public static Target Neuron(string node, int unit) => new UnitTarget(unit) { NodeName = node };

    /// <summary>A unit of a node by channel, row and column.</summary>
    public static Target Neuron(string node, int channel, int y, int x) => new PositionTarget(channel, y, x) { NodeName = node };

    /// <summary>All units of one feature map of a node.</summary>
    public static Target FeatureMap(string node, int channel) => new FeatureMapTarget(channel) { NodeName = node };

    /// <summary>The k strongest units, strongest first, a map each.</summary>
    /// <param name="count">k.</param>
    /// <param name="node">The node, or null for the logits.</param>
    public static Target TopK(int count, string? node = null) => count >= 1
        ? new TopKTarget(count) { NodeName = node }
        : throw new ArgumentOutOfRangeException(nameof(count), count, "at least 1 unit is wanted");

    /// <summary>A signal of the caller's own: one value per unit of the node, for every sample the same.</summary>
    /// <param name="node">The node, or null for the logits.</param>
    /// <param name="values">The signal.</param>
    public static Target Vector(string? node, params float[] values) => new VectorTarget(values) { NodeName = node };

    /// <summary>A class by its index.</summary>
    public static implicit operator Target(int index) => Class(index);

    internal sealed record ArgmaxTarget : Target
    {
        public override string ToString() => NodeName is null ? "argmax" : $"argmax of {NodeName}";
    }

    internal sealed record UnitTarget(int Unit) : Target
    {
        public override string ToString() => NodeName is null ? $"class {Unit}" : $"unit {Unit} of {NodeName}";
    }

    internal sealed record PositionTarget(int Channel, int Y, int X) : Target
    {
        public override string ToString() => $"unit ({Channel}, {Y}, {X}) of {NodeName}";
    }

    internal sealed record FeatureMapTarget(int Channel) : Target
    {
        public override string ToString() => $"feature map {Channel} of {NodeName}";
    }

    internal sealed record TopKTarget(int Count) : Target
    {
        public override int MapsPerSample => Count;

        public override string ToString() => $"top {Count} of {NodeName ?? "the logits"}";
    }

    internal sealed record VectorTarget(float[] Values) : Target
    {
        public override string ToString() => $"a signal of {Values.Length} values at {NodeName ?? "the logits"}";
    }
}
