using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Targets found once, at the inputs as they are: the strongest unit stays the one explained while a method moves the input about.</summary>
internal sealed class FixedTargets
{
    readonly TargetResolver _resolver;
    readonly Target[] _targets;
    readonly float[] _values;
    readonly float[] _seeds;

    FixedTargets(TargetResolver resolver, Shape shape, IReadOnlyList<AttributedUnit> units, float[] values, float[] seeds)
    {
        _resolver = resolver;
        Shape = shape;
        Units = units;
        _values = values;
        _seeds = seeds;
        _targets = [.. units.Select(Fixed)];
    }

    /// <summary>The node of all targets.</summary>
    public Node Node => _resolver.Node;

    /// <summary>The shape of the node's value, N samples.</summary>
    public Shape Shape { get; }

    /// <summary>K.</summary>
    public int MapsPerSample => _resolver.MapsPerSample;

    /// <summary>What is explained: row n*K + k is target k of sample n.</summary>
    public IReadOnlyList<AttributedUnit> Units { get; }

    /// <summary>The targets themselves, for notes.</summary>
    public TargetResolver Resolver => _resolver;

    /// <summary>The node's value for a sample.</summary>
    public ReadOnlySpan<float> Values(int sample) => Part(_values, sample, Shape.Count / Shape.N);

    /// <summary>The signals of a sample: K rows of the node's size.</summary>
    public ReadOnlySpan<float> Seeds(int sample) => Part(_seeds, sample, Shape.Count / Shape.N * MapsPerSample);

    /// <summary>K targets that mean the same units wherever the input is moved to.</summary>
    public IReadOnlyList<Target> Of(int sample) => new ArraySegment<Target>(_targets, sample * MapsPerSample, MapsPerSample);

    /// <summary>Runs all samples forward and finds their targets.</summary>
    /// <exception cref="PreimageException">A target is not there.</exception>
    public static FixedTargets Resolve(Engine engine, AttributionRequest request)
    {
        var resolver = new TargetResolver(engine.Network, request.Targets, request.Options.Seed);
        var options = new PlanOptions
        {
            Observe = [resolver.Node.Name],
            InputShapes = request.Inputs.Shapes.ToDictionary(s => s.Key.Name, s => s.Value),
            MemoryBudget = engine.Network.MixesSamples ? null : request.Options.MemoryBudget,
        };
        using PlanLoan loan = engine.Rent(options);
        foreach (Node input in request.Inputs.Nodes)
            loan.Plan.SetInput(input, request.Inputs[input]);
        loan.Plan.Forward(request.Cancellation);
        Shape shape = loan.Plan.ShapeOf(resolver.Node);
        var values = new float[shape.Count];
        loan.Plan.Read(resolver.Node, values);

        int size = shape.Count / request.Inputs.Samples;
        var units = new List<AttributedUnit>();
        var seeds = new float[checked(shape.Count * resolver.MapsPerSample)];
        for (int n = 0; n < request.Inputs.Samples; n++)
            resolver.Resolve(n, shape, values.AsSpan(n * size, size), units, seeds.AsSpan(n * size * resolver.MapsPerSample, size * resolver.MapsPerSample));
        return new FixedTargets(resolver, shape, units, values, seeds);
    }

    // Which unit is strongest may change with the input; a map, a signal or a unit that was named may not.
    Target Fixed(AttributedUnit unit) => unit.Target is not (Target.ArgmaxTarget or Target.TopKTarget) ? unit.Target
        : unit.Target.NodeName is { } node ? Target.Neuron(node, unit.Unit) : Target.Class(unit.Unit);

    static ReadOnlySpan<float> Part(float[] all, int sample, int size) => all.AsSpan(sample * size, size);
}
