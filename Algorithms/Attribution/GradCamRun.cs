using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>One call of <see cref="GradCam"/>: all samples forward, all targets back to the layer.</summary>
/// <param name="engine">The network on a device.</param>
/// <param name="node">The layer.</param>
/// <param name="rectify">Whether sums below zero become zero.</param>
/// <param name="request">What is asked.</param>
internal sealed class GradCamRun(Engine engine, Node node, bool rectify, AttributionRequest request)
{
    readonly List<AttributedUnit> _units = [];

    public TargetResolver Resolver { get; } = new(engine.Network, request.Targets, request.Options.Seed);

    /// <summary>What each row explains.</summary>
    public IReadOnlyList<AttributedUnit> Units => _units;

    /// <summary>The shape of the layer's value.</summary>
    public Shape Shape { get; private set; }

    /// <summary>N*K maps of the layer's rows and columns.</summary>
    public float[] Execute()
    {
        (int samples, int rows) = (request.Inputs.Samples, Resolver.MapsPerSample);
        BackwardRule rule = request.Options.Rule ?? BackwardRule.Gradient;
        using PlanLoan loan = engine.Rent(Options(samples, rows, rule) with { MemoryBudget = Budget(samples, rows, rule) });
        ExecutionPlan plan = loan.Plan;
        foreach (Node input in request.Inputs.Nodes)
            plan.SetInput(input, request.Inputs[input]);
        Shape target = plan.ShapeOf(Resolver.Node);
        plan.Backward((first, count, values, seeds) =>
        {
            (int size, int own) = (values.Length / count, seeds.Length / count);
            for (int n = 0; n < count; n++)
                Resolver.Resolve(first + n, target, values.Slice(n * size, size), _units, seeds.Slice(n * own, own));
        }, rule, request.Progress is null ? null : new Rows(request, samples * rows), request.Cancellation);
        Shape = plan.ShapeOf(node);
        float[] features = new float[Shape.Count], gradients = new float[plan.GradientShape(node).Count];
        plan.Read(node, features);
        plan.ReadGradient(node, gradients);
        return Sums(features, gradients, rows);
    }

    /// <summary>Feature maps weighted with the mean of their gradient (equation 1) and summed (equation 2), in double, channel after channel.</summary>
    float[] Sums(float[] features, float[] gradients, int rows)
    {
        (int size, int plane) = (Shape.SampleCount, Shape.H * Shape.W);
        var maps = new float[gradients.Length / size * plane];
        var sum = new double[plane];
        for (int row = 0; row * size < gradients.Length; row++)
        {
            Array.Clear(sum);
            for (int c = 0; c < Shape.C; c++)
            {
                double weight = 0;
                foreach (float g in gradients.AsSpan(row * size + c * plane, plane))
                    weight += g;
                weight /= plane;
                ReadOnlySpan<float> map = features.AsSpan(row / rows * size + c * plane, plane);
                for (int i = 0; i < plane; i++)
                    sum[i] += weight * map[i];
            }

            for (int i = 0; i < plane; i++)
                maps[row * plane + i] = (float)(rectify && sum[i] < 0 ? 0 : sum[i]);
        }

        return maps;
    }

    PlanOptions Options(int samples, int rows, BackwardRule rule) => new()
    {
        Seeds = rows,
        Keep = Keep.ForBackward,
        Observe = [Resolver.Node.Name],
        SeedNode = Resolver.Node.Name,
        GradientsOf = [node.Name],
        NodeRule = rule.Node,
        InputShapes = request.Inputs.Shapes.ToDictionary(s => s.Key.Name, s => samples == request.Inputs.Samples ? s.Value : s.Value.WithSamples(samples)),
    };

    /// <summary>What the caller grants; where nobody says, 1 GiB, or what the smallest run takes. A batch that cannot be divided takes what it takes.</summary>
    long? Budget(int samples, int rows, BackwardRule rule) =>
        engine.Network.MixesSamples || (request.Options.MemoryBudget is null && (samples, rows) == (1, 1)) ? null
            : request.Options.MemoryBudget ?? Math.Max(1L << 30, engine.Measure(Options(1, 1, rule)));

    sealed class Rows(AttributionRequest request, int total) : IProgress<int>
    {
        public void Report(int value) => request.Report(value, total);
    }
}
