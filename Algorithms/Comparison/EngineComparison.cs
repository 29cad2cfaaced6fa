using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Comparison;

/// <summary>Holds one network on two engines against each other: two devices, or one with different arithmetic. Safe to use from several threads.</summary>
/// <remarks>
/// Two correct engines differ by rounding. That alone moves a map by little, but a unit within rounding of zero may be above it on one side only, and a
/// maximum of equals may be found elsewhere: maps over their own masks and switches may then differ by more. Over the same ones they may not.
/// </remarks>
public sealed class EngineComparison
{
    readonly Engine _expected, _actual;

    /// <summary>Makes a comparison.</summary>
    /// <param name="expected">The side that errors are measured against.</param>
    /// <param name="actual">The other side.</param>
    /// <exception cref="PreimageException">The engines are of two networks.</exception>
    public EngineComparison(Engine expected, Engine actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        if (!ReferenceEquals(expected.Network, actual.Network))
            throw new PreimageException("the engines to compare are of two networks: make both from one");
        (_expected, _actual) = (expected, actual);
    }

    Network Network => _expected.Network;

    /// <summary>Compares the engines on the only input.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="options">What is compared, or null for the defaults.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The input does not fit the network, or a target is not there.</exception>
    public ComparisonResult Compare(Tensor<float> input, ComparisonOptions? options = null, CancellationToken cancellation = default) =>
        Compare(new Dictionary<string, Tensor<float>> { [Network.Input.Name] = input }, options, cancellation);

    /// <summary>Compares the engines on inputs by name.</summary>
    /// <param name="inputs">NCHW values by the name of the input.</param>
    /// <param name="options">What is compared, or null for the defaults.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">An input is missing or does not fit the network, or a target is not there.</exception>
    public ComparisonResult Compare(
        IReadOnlyDictionary<string, Tensor<float>> inputs, ComparisonOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new ComparisonOptions();
        var resolver = new TargetResolver(Network, [options.Target], Seed.One);
        var values = new Dictionary<Node, float[]>();
        var shapes = new Dictionary<string, Shape>();
        foreach (Node input in Network.Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out Tensor<float>? tensor))
                throw new PreimageException($"input '{input.Name}' is missing");
            shapes[input.Name] = new Shape([.. tensor.Lengths.ToArray().Select(l => checked((int)l))]);
            tensor.FlattenTo(values[input] = new float[tensor.FlattenedLength]);
        }

        var plan = new PlanOptions
        {
            Seeds = resolver.MapsPerSample, Keep = Keep.ForBackward, Observe = [resolver.Node.Name], SeedNode = resolver.Node.Name, InputShapes = shapes,
        };
        using ComparedRun expected = new(_expected, plan, values, cancellation), actual = new(_actual, plan, values, cancellation);
        (List<NodeDifference> nodes, ForwardRecord there, ForwardRecord here) = CompareNodes(plan, values, cancellation);
        float[] seed = Resolve(resolver, expected, out List<AttributedUnit> units);
        Resolve(resolver, actual, out List<AttributedUnit> others);
        return new ComparisonResult
        {
            Threshold = options.Threshold,
            Nodes = nodes,
            Fused = [.. expected.Record.Nodes.Select(n => RecordComparison.Of(n, expected.Record, actual.Record)!)],
            ChangedByFusing = (RecordComparison.Common(there, expected.Record).Sum(d => d.Differing), RecordComparison.Common(here, actual.Record).Sum(d => d.Differing)),
            Units = units,
            AgreesOnUnits = units.Select(u => u.Unit).SequenceEqual(others.Select(u => u.Unit)),
            ValueError = NormalisedError.Squared(actual.Read(resolver.Node), expected.Read(resolver.Node)),
            Maps = CompareMaps(expected, actual, seed, options.Methods, cancellation),
        };
    }

    /// <summary>The values of every node, which is what plans that observe all of them are for.</summary>
    (List<NodeDifference>, ForwardRecord, ForwardRecord) CompareNodes(PlanOptions plan, Dictionary<Node, float[]> inputs, CancellationToken cancellation)
    {
        // What the host computes is the same on all sides.
        Node[] nodes = [.. NodeSummary.Of(Network, plan.InputShapes).Where(s => s.Shape.Rank > 0 && s.Node.Layer is not (Input or Constant)).Select(s => s.Node)];
        PlanOptions observing = plan with { Observe = [.. nodes.Select(n => n.Name)] };
        using ComparedRun expected = new(_expected, observing, inputs, cancellation), actual = new(_actual, observing, inputs, cancellation);
        var differences = new List<NodeDifference>();
        foreach (Node node in nodes)
        {
            double error = NormalisedError.Squared(actual.Read(node), expected.Read(node));
            differences.Add(new NodeDifference(node, error, RecordComparison.Of(node.Name, expected.Record, actual.Record)));
        }

        return (differences, expected.Record, actual.Record);
    }

    static List<MapDifference> CompareMaps(
        ComparedRun expected, ComparedRun actual, float[] seed, IReadOnlyDictionary<string, BackwardRule> methods, CancellationToken cancellation)
    {
        Dictionary<(string Method, Node Input), float[]> maps = expected.Maps(seed, methods, cancellation), own = actual.Maps(seed, methods, cancellation);
        actual.Import(expected.Record);
        Dictionary<(string Method, Node Input), float[]> same = actual.Maps(seed, methods, cancellation);
        return
        [
            .. maps.Select(m => new MapDifference(
                m.Key.Method, m.Key.Input.Name, NormalisedError.Squared(own[m.Key], m.Value), NormalisedError.Squared(same[m.Key], m.Value),
                m.Value.AsSpan().ContainsAnyExcept(0f))),
        ];
    }

    /// <summary>The seeds of all samples by a side's own values.</summary>
    static float[] Resolve(TargetResolver resolver, ComparedRun run, out List<AttributedUnit> units)
    {
        Shape shape = run.ShapeOf(resolver.Node);
        float[] values = run.Read(resolver.Node), seed = new float[run.SeedShape.Count];
        int size = shape.SampleCount, rows = resolver.MapsPerSample * size;
        units = [];
        for (int n = 0; n < shape.N; n++)
            resolver.Resolve(n, shape, values.AsSpan(n * size, size), units, seed.AsSpan(n * rows, rows));
        return seed;
    }
}
