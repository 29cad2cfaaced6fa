using Preimage.Layers;

namespace Preimage.Algorithms.Comparison;

/// <summary>A forward run on one side, and the passes back over it.</summary>
internal sealed class ComparedRun : IDisposable
{
    readonly ExecutionPlan _plan;

    public ComparedRun(Engine engine, PlanOptions options, IReadOnlyDictionary<Node, float[]> inputs, CancellationToken cancellation)
    {
        _plan = engine.Plan(options);
        try
        {
            foreach ((Node input, float[] values) in inputs)
                _plan.SetInput(input, values);
            _plan.Forward(cancellation);
            Record = _plan.Export();
        }
        catch
        {
            _plan.Dispose();
            throw;
        }
    }

    /// <summary>Its own masks and switches.</summary>
    public ForwardRecord Record { get; }

    /// <summary>The inputs that maps are of.</summary>
    public IReadOnlyList<Node> Gradients => _plan.Gradients;

    /// <summary>N*K rows of units.</summary>
    public Shape SeedShape => _plan.SeedShape;

    /// <summary>The shape of a node's value.</summary>
    public Shape ShapeOf(Node node) => _plan.ShapeOf(node);

    /// <summary>The values of an observed node.</summary>
    public float[] Read(Node node)
    {
        var values = new float[_plan.ShapeOf(node).Count];
        _plan.Read(node, values);
        return values;
    }

    /// <summary>Takes over the other side's masks and switches.</summary>
    public void Import(ForwardRecord record) => _plan.Import(record);

    /// <summary>The map of every input under every rule.</summary>
    public Dictionary<(string Method, Node Input), float[]> Maps(
        float[] seed, IReadOnlyDictionary<string, BackwardRule> methods, CancellationToken cancellation)
    {
        var maps = new Dictionary<(string, Node), float[]>();
        foreach ((string method, BackwardRule rule) in methods)
        {
            _plan.Backward(seed, rule, cancellation);
            foreach (Node input in _plan.Gradients)
            {
                var map = new float[_plan.GradientShape(input).Count];
                _plan.ReadGradient(input, map);
                maps[(method, input)] = map;
            }
        }

        return maps;
    }

    public void Dispose() => _plan.Dispose();
}
