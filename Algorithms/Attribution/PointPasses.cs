using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Sets the values of an input at one point.</summary>
internal delegate void PointFill(int point, Node input, Span<float> values);

/// <summary>Takes the value of the observed node at one point.</summary>
internal delegate void PointValues(int point, ReadOnlySpan<float> values);

/// <summary>Makes the K signals that start at the node from its value at one point; zero before.</summary>
internal delegate void PointSeeds(int point, ReadOnlySpan<float> values, Span<float> seeds);

/// <summary>Takes K rows of the gradient of an input at one point.</summary>
internal delegate void PointGradients(int point, Node input, ReadOnlySpan<float> gradients);

/// <summary>Runs many points, inputs of one sample each, through a network, forward or there and back, in batches that fit a budget.</summary>
/// <remarks>The numbers of a point do not depend on the others, nor on how many run at once. Points of the last batch that nobody asked for repeat the last one.</remarks>
internal sealed class PointPasses : IDisposable
{
    /// <summary>Host bytes of a batch's inputs and gradients where nobody says.</summary>
    const long HostBytes = 256L << 20;

    readonly PlanLoan _loan;
    readonly Node _node;
    readonly BackwardRule? _rule;
    readonly int _signals, _batch;
    readonly List<(Node Node, float[] Values)> _inputs = [];

    /// <summary>Rents a plan.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="node">The node that is read, where signals start.</param>
    /// <param name="shapes">The shapes of the inputs; their number of samples is not looked at.</param>
    /// <param name="points">Points there will be at most in one call.</param>
    /// <param name="budget">Bytes the plan may take; null grants 1 GiB, or what one point takes where that is more.</param>
    /// <param name="rule">How signals go back, or null for forward passes only.</param>
    /// <param name="signals">K, signals per point.</param>
    /// <exception cref="PreimageException">The network mixes samples, so that points cannot share a batch.</exception>
    public PointPasses(
        Engine engine, Node node, IReadOnlyDictionary<Node, Shape> shapes, int points, long? budget = null, BackwardRule? rule = null, int signals = 1)
    {
        if (engine.Network.MixesSamples)
            throw new PreimageException("the network mixes samples along its batch axis: a method that looks at many inputs near one cannot run it");
        (_node, _rule, _signals) = (node, rule, signals);
        long each = shapes.Values.Sum(s => sizeof(float) * (long)(s.Count / s.N)) * (rule is null ? 1 : 1 + signals);
        int most = (int)Math.Clamp((budget ?? HostBytes) / Math.Max(each, 1), 1, Math.Max(points, 1));
        // As few batches as there must be, all of one size.
        int batches = (Math.Max(points, 1) + most - 1) / most;
        _batch = (Math.Max(points, 1) + batches - 1) / batches;
        PlanOptions options = Options(_batch, signals);
        long? bytes = budget ?? ((_batch, signals) == (1, 1) ? null : Math.Max(1L << 30, engine.Measure(Options(1, 1))));
        _loan = engine.Rent(options with { MemoryBudget = bytes });
        foreach ((Node input, Shape shape) in shapes)
            _inputs.Add((input, new float[shape.Count / shape.N * _batch]));

        PlanOptions Options(int batch, int seeds) => new()
        {
            Seeds = seeds,
            Keep = rule is null ? Keep.Nothing : Keep.ForBackward,
            Observe = [node.Name],
            SeedNode = rule is null ? null : node.Name,
            NodeRule = rule?.Node,
            InputShapes = shapes.ToDictionary(s => s.Key.Name, s => s.Value.WithSamples(batch)),
        };
    }

    /// <summary>Runs points forward.</summary>
    public void Forward(int points, PointFill fill, PointValues take, CancellationToken cancellation)
    {
        ExecutionPlan plan = _loan.Plan;
        var values = new float[plan.ShapeOf(_node).Count];
        int size = values.Length / _batch;
        for (int first = 0; first < points; first += _batch)
        {
            SetInputs(first, points, fill);
            plan.Forward(cancellation);
            plan.Read(_node, values);
            for (int i = 0; i < Math.Min(_batch, points - first); i++)
                take(first + i, values.AsSpan(i * size, size));
        }
    }

    /// <summary>Runs points forward and signals back from the node.</summary>
    public void Backward(int points, PointFill fill, PointSeeds seeds, PointGradients take, CancellationToken cancellation)
    {
        if (_rule is null)
            throw new InvalidOperationException("the passes were made without a rule to go back by");
        ExecutionPlan plan = _loan.Plan;
        for (int first = 0; first < points; first += _batch)
        {
            SetInputs(first, points, fill);
            int start = first;
            plan.Backward((at, samples, values, signals) =>
            {
                (int size, int rows) = (values.Length / samples, signals.Length / samples);
                for (int i = 0; i < samples; i++)
                    seeds(Math.Min(start + at + i, points - 1), values.Slice(i * size, size), signals.Slice(i * rows, rows));
            }, _rule, null, cancellation);
            foreach (Node input in plan.Gradients)
            {
                var gradient = new float[plan.GradientShape(input).Count];
                plan.ReadGradient(input, gradient);
                int size = gradient.Length / _batch;
                for (int i = 0; i < Math.Min(_batch, points - first); i++)
                    take(first + i, input, gradient.AsSpan(i * size, size));
            }
        }
    }

    /// <summary>Gives the plan back.</summary>
    public void Dispose() => _loan.Dispose();

    void SetInputs(int first, int points, PointFill fill)
    {
        foreach ((Node input, float[] values) in _inputs)
        {
            int size = values.Length / _batch;
            for (int i = 0; i < _batch; i++)
            {
                Span<float> own = values.AsSpan(i * size, size);
                if (first + i < points)
                    fill(first + i, input, own);
                else
                    values.AsSpan((i - 1) * size, size).CopyTo(own);
            }

            _loan.Plan.SetInput(input, values);
        }
    }
}
