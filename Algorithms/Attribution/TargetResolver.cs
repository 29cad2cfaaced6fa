using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Turns targets into units and seeds, once the values of their node are known.</summary>
internal sealed class TargetResolver
{
    readonly IReadOnlyList<Target> _targets;
    readonly Seed _seed;

    public TargetResolver(Network network, IReadOnlyList<Target> targets, Seed seed)
    {
        if (targets.Count == 0)
            throw new PreimageException("there is no target to explain");
        _targets = targets;
        _seed = seed;
        Node = Find(network, targets[0]);
        foreach (Target target in targets)
        {
            if (Find(network, target) != Node)
                throw new PreimageException($"targets '{targets[0]}' and '{target}' are at different nodes: explain them in a call each");
        }

        MapsPerSample = targets.Sum(t => t.MapsPerSample);
    }

    /// <summary>The node of all targets.</summary>
    public Node Node { get; }

    /// <summary>Whether the targets are classes rather than units of a node that was named.</summary>
    public bool IsAtLogits => _targets[0].NodeName is null;

    /// <summary>A softmax that was stepped over to find the logits, or null.</summary>
    public Node? Softmax { get; private set; }

    /// <summary>K.</summary>
    public int MapsPerSample { get; }

    /// <summary>Resolves the targets for one sample.</summary>
    /// <param name="sample">The sample's number, for the results.</param>
    /// <param name="shape">The shape of the node's value.</param>
    /// <param name="values">The sample's values at the node.</param>
    /// <param name="units">Receives what each map explains.</param>
    /// <param name="seeds">Receives K seeds, one after the other.</param>
    public void Resolve(int sample, Shape shape, ReadOnlySpan<float> values, List<AttributedUnit> units, Span<float> seeds)
    {
        seeds.Clear();
        foreach (Target target in _targets)
        {
            switch (target)
            {
                case Target.TopKTarget top:
                    foreach (int unit in Strongest(values, top))
                        seeds = One(unit, target, values, seeds);
                    break;
                case Target.FeatureMapTarget map:
                    seeds = Plane(map, shape, values, seeds);
                    break;
                case Target.VectorTarget vector:
                    if (vector.Values.Length != values.Length)
                        throw new PreimageException($"'{target}' does not fit: node '{Node.Name}' has {values.Length} units");
                    units.Add(Describe(TensorPrimitives.IndexOfMaxMagnitude(vector.Values), target, values));
                    vector.Values.CopyTo(seeds);
                    seeds = seeds[values.Length..];
                    break;
                default:
                    seeds = One(Unit(target, shape, values), target, values, seeds);
                    break;
            }
        }

        Span<float> One(int unit, Target target, ReadOnlySpan<float> values, Span<float> seeds)
        {
            units.Add(Describe(unit, target, values));
            seeds[unit] = _seed == Seed.One ? 1 : values[unit];
            return seeds[values.Length..];
        }

        Span<float> Plane(Target.FeatureMapTarget map, Shape shape, ReadOnlySpan<float> values, Span<float> seeds)
        {
            Require(map.Channel, shape.C, "feature map", map);
            int plane = shape.H * shape.W, start = map.Channel * plane;
            ReadOnlySpan<float> own = values.Slice(start, plane);
            units.Add(Describe(start + TensorPrimitives.IndexOfMax(own), map, values));
            if (_seed == Seed.One)
                seeds.Slice(start, plane).Fill(1);
            else
                own.CopyTo(seeds.Slice(start, plane));
            return seeds[values.Length..];
        }

        AttributedUnit Describe(int unit, Target target, ReadOnlySpan<float> values)
        {
            int plane = shape.H * shape.W;
            return new AttributedUnit(sample, Node.Name, unit, unit / plane, unit % plane / shape.W, unit % shape.W, values[unit], target);
        }
    }

    int Unit(Target target, Shape shape, ReadOnlySpan<float> values)
    {
        switch (target)
        {
            case Target.UnitTarget { Unit: var unit }:
                Require(unit, values.Length, target.NodeName is null ? "class" : "unit", target);
                return unit;
            case Target.PositionTarget { Channel: var c, Y: var y, X: var x }:
                Require(c, shape.C, "channel", target);
                Require(y, shape.H, "row", target);
                Require(x, shape.W, "column", target);
                return (c * shape.H + y) * shape.W + x;
            default:
                return TensorPrimitives.IndexOfMax(values);
        }
    }

    /// <summary>The k strongest units, strongest first, the first of equals first.</summary>
    int[] Strongest(ReadOnlySpan<float> values, Target.TopKTarget target)
    {
        if (target.Count > values.Length)
            throw new PreimageException($"'{target}' does not fit: node '{Node.Name}' has {values.Length} units");
        var keys = new float[values.Length];
        var order = new int[values.Length];
        for (int i = 0; i < order.Length; i++)
            (keys[i], order[i]) = (-values[i], i);
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order[..target.Count];
    }

    Node Find(Network network, Target target)
    {
        if (target.NodeName is not null)
            return network.Nodes[target.NodeName];
        Node logits = Logits.Of(network, out Node? softmax);
        Softmax = softmax;
        return logits;
    }

    void Require(int value, int count, string what, Target target)
    {
        if ((uint)value >= (uint)count)
            throw new PreimageException($"'{target}' does not exist: node '{Node.Name}' has {what} 0 to {count - 1}");
    }
}
