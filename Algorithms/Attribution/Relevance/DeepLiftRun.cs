using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>One call: pairs of an input and its baseline, next to each other in a batch, forward together and the inputs' signals back.</summary>
internal sealed class DeepLiftRun
{
    static readonly BackwardRule s_rule = new(ReluRule.Gradient, Node: new RescaleRule());

    readonly DeepLift _method;
    readonly AttributionRequest _request;
    readonly AttributionInputs _inputs;
    readonly TargetResolver _resolver;
    readonly Dictionary<Node, float[]> _baselines, _maps = [];
    readonly List<AttributedUnit> _units = [];
    readonly double[] _gains;

    public DeepLiftRun(DeepLift method, AttributionRequest request)
    {
        (_method, _request, _inputs) = (method, request, request.Inputs);
        if (method.Engine.Network.MixesSamples)
            throw new PreimageException("the network mixes samples along its batch axis: an input and its baseline cannot share a batch");
        _resolver = new TargetResolver(method.Engine.Network, request.Targets, request.Options.Seed);
        _baselines = _inputs.Nodes.ToDictionary(i => i, i => method.Baseline.For(i, _inputs));
        _gains = new double[Rows];
    }

    int Targets => _resolver.MapsPerSample;

    int Rows => _inputs.Samples * Targets;

    public AttributionResult Execute()
    {
        (int pairs, int seeds) = AtOnce();
        // Without a budget: a plan that divided its batch might part a pair.
        using PlanLoan loan = _method.Engine.Rent(Options(pairs, seeds));
        for (int first = 0; first < _inputs.Samples; first += pairs)
            Run(loan.Plan, first, pairs, seeds);
        Dictionary<string, Tensor<float>> maps =
            _maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, _inputs.Shapes[m.Key].WithSamples(Rows).ToLengths()));
        return new AttributionResult(_method, _request.Options, maps, _units, AttributionNotes.Of(_method.Name, _resolver, _maps, Rows), null)
        {
            Rule = s_rule, ConvergenceDeltas = [.. Enumerable.Range(0, Rows).Select(row => _maps.Values.Sum(m => Sum(m, row)) - _gains[row])],
        };
    }

    /// <summary>Some pairs, all their targets; a last batch that is smaller repeats its last pair.</summary>
    void Run(ExecutionPlan plan, int first, int pairs, int seeds)
    {
        int count = Math.Min(pairs, _inputs.Samples - first);
        foreach (Node input in _inputs.Nodes)
        {
            int size = _inputs[input].Length / _inputs.Samples;
            var values = new float[2 * pairs * size];
            for (int i = 0; i < pairs; i++)
            {
                int sample = first + Math.Min(i, count - 1);
                _inputs.Sample(input, sample).CopyTo(values.AsSpan(2 * i * size));
                _baselines[input].AsSpan(sample * size, size).CopyTo(values.AsSpan((2 * i + 1) * size));
            }

            plan.SetInput(input, values);
        }

        float[] all = [];
        for (int k = 0; k < Targets; k += seeds)
        {
            int from = k, group = Math.Min(seeds, Targets - k);
            plan.Backward((_, samples, values, signal) =>
            {
                int size = values.Length / samples;
                if (from == 0)
                    all = Resolve(plan.ShapeOf(_resolver.Node), first, count, values);
                for (int i = 0; i < count; i++)
                    all.AsSpan((i * Targets + from) * size, group * size).CopyTo(signal[(2 * i * seeds * size)..]);
            }, s_rule, null, _request.Cancellation);
            foreach (Node input in plan.Gradients)
                Collect(plan, input, first, count, k, seeds, group);
            _request.Progress?.Report(new AttributionProgress(first * Targets + count * (k + group), Rows));
        }
    }

    /// <summary>The signals of all targets at the inputs, and what the targets gain over the baselines.</summary>
    float[] Resolve(Shape shape, int first, int count, ReadOnlySpan<float> values)
    {
        int size = shape.SampleCount;
        var all = new float[count * Targets * size];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> here = values.Slice(2 * i * size, size), there = values.Slice((2 * i + 1) * size, size);
            _resolver.Resolve(first + i, shape, here, _units, all.AsSpan(i * Targets * size, Targets * size));
            for (int k = 0; k < Targets; k++)
            {
                ReadOnlySpan<float> seed = all.AsSpan((i * Targets + k) * size, size);
                double gain = 0;
                for (int u = 0; u < size; u++)
                    gain += seed[u] * ((double)here[u] - there[u]);
                _gains[(first + i) * Targets + k] = gain;
            }
        }

        return all;
    }

    /// <summary>Multipliers times differences.</summary>
    void Collect(ExecutionPlan plan, Node input, int first, int count, int from, int seeds, int group)
    {
        var multipliers = new float[plan.GradientShape(input).Count];
        plan.ReadGradient(input, multipliers);
        int size = _inputs[input].Length / _inputs.Samples;
        if (!_maps.TryGetValue(input, out float[]? map))
            _maps[input] = map = new float[checked(Rows * size)];
        var difference = new float[size];
        for (int i = 0; i < count; i++)
        {
            TensorPrimitives.Subtract(_inputs.Sample(input, first + i), _baselines[input].AsSpan((first + i) * size, size), difference);
            for (int k = 0; k < group; k++)
                TensorPrimitives.Multiply(multipliers.AsSpan((2 * i * seeds + k) * size, size), difference, map.AsSpan(((first + i) * Targets + from + k) * size, size));
        }
    }

    double Sum(float[] map, int row)
    {
        double sum = 0;
        foreach (float share in map.AsSpan(row * (map.Length / Rows), map.Length / Rows))
            sum += share;
        return sum;
    }

    /// <summary>Pairs and signals that fit the budget together; signals are divided first, for they share their forward pass.</summary>
    (int Pairs, int Seeds) AtOnce()
    {
        Engine engine = _method.Engine;
        long least = engine.Measure(Options(1, 1)), budget = _request.Options.MemoryBudget ?? Math.Max(1L << 30, least);
        if (least > budget)
            throw new PreimageException($"one input beside its baseline and one signal take {least} bytes, AttributionOptions.MemoryBudget is {budget}");
        int seeds = Targets;
        while (seeds > 1 && engine.Measure(Options(1, seeds)) > budget)
            seeds = (seeds + 1) / 2;
        // A batch takes no more than as many times one pair.
        int most = (int)Math.Clamp(budget / engine.Measure(Options(1, seeds)), 1, _inputs.Samples), batches = (_inputs.Samples + most - 1) / most;
        return ((_inputs.Samples + batches - 1) / batches, seeds);
    }

    PlanOptions Options(int pairs, int seeds) => new()
    {
        Seeds = seeds,
        Keep = Keep.ForBackward,
        Observe = [_resolver.Node.Name],
        SeedNode = _resolver.Node.Name,
        NodeRule = s_rule.Node,
        InputShapes = _inputs.Shapes.ToDictionary(s => s.Key.Name, s => s.Value.WithSamples(2 * pairs)),
    };
}
