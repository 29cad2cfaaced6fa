using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>One call of a method: cuts samples and targets to the memory budget, runs forward once per group of samples, back once per group of targets.</summary>
internal sealed class AttributionRun
{
    readonly AttributionMethod _method;
    readonly AttributionOptions _options;
    readonly Engine _engine;
    readonly TargetResolver _resolver;
    readonly Dictionary<Node, float[]> _inputs = [];
    readonly Dictionary<Node, float[]> _maps = [];
    readonly Dictionary<Node, Shape> _shapes = [];
    readonly List<AttributedUnit> _units = [];
    readonly int _samples;

    public AttributionRun(
        AttributionMethod method, IReadOnlyDictionary<string, Tensor<float>> inputs, IReadOnlyList<Target> targets, AttributionOptions options)
    {
        _method = method;
        _options = options;
        _engine = method.Engine;
        _resolver = new TargetResolver(_engine.Network, targets, options.Seed);
        foreach (string name in inputs.Keys)
            _ = _engine.Network.Inputs[name];
        foreach (Node input in _engine.Network.Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out Tensor<float>? tensor) && !inputs.TryGetValue(input.Output, out tensor))
                throw new PreimageException($"input '{input.Name}' is missing");
            _shapes[input] = InputShape(input, tensor);
            var values = new float[tensor.FlattenedLength];
            tensor.FlattenTo(values);
            _inputs[input] = values;
        }

        int[] counts = [.. _shapes.Values.Select(s => s.N).Distinct()];
        if (counts.Length != 1 && !_engine.Network.MixesSamples)
            throw new PreimageException($"the inputs have different numbers of samples: {string.Join(", ", counts)}");
        _samples = counts[0];
    }

    int Maps => _resolver.MapsPerSample;

    public AttributionResult Execute(IProgress<AttributionProgress>? progress, CancellationToken cancellation)
    {
        (int batch, int seeds) = FitBudget();
        ForwardRecord? record = null;
        if ((_options.Record is not null || _options.KeepRecord) && batch < _samples)
            throw new PreimageException($"a forward record is for one batch, but {_samples} samples run in groups of {batch}: raise AttributionOptions.MemoryBudget");
        for (int first = 0; first < _samples; first += batch)
        {
            int count = Math.Min(batch, _samples - first);
            using PlanLoan loan = _engine.Rent(PlanFor(count, seeds));
            ExecutionPlan plan = loan.Plan;
            foreach ((Node input, float[] values) in _inputs)
            {
                int size = values.Length / _samples;
                plan.SetInput(input, count == _samples ? values : values.AsSpan(first * size, count * size));
            }

            plan.Forward(cancellation);
            if (_options.KeepRecord)
                record = plan.Export();
            if (_options.Record is not null)
                plan.Import(_options.Record);
            Backward(plan, first, count, seeds, progress, cancellation);
        }

        foreach ((Node input, float[] map) in _maps)
            _method.Finish(map, _inputs[input], _samples, Maps);
        var maps = _maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, _shapes[m.Key].WithSamples(_samples * Maps).ToLengths()));
        return new AttributionResult(_method, _options, maps, _units, Notes(), record);
    }

    /// <summary>All targets of a group of samples over its one forward pass.</summary>
    void Backward(ExecutionPlan plan, int first, int count, int seeds, IProgress<AttributionProgress>? progress, CancellationToken cancellation)
    {
        Shape shape = plan.ShapeOf(_resolver.Node);
        int size = shape.Count / count;
        var values = new float[shape.Count];
        plan.Read(_resolver.Node, values);
        var seed = new float[count * Maps * size];
        for (int n = 0; n < count; n++)
            _resolver.Resolve(first + n, shape, values.AsSpan(n * size, size), _units, seed.AsSpan(n * Maps * size, Maps * size));

        // Row n*K + k: the plan carries `seeds` of the K targets at a time; a last group that is smaller leaves its other rows zero.
        var group = new float[count * seeds * size];
        for (int k = 0; k < Maps; k += seeds)
        {
            int wanted = Math.Min(seeds, Maps - k);
            group.AsSpan().Clear();
            for (int n = 0; n < count; n++)
                seed.AsSpan((n * Maps + k) * size, wanted * size).CopyTo(group.AsSpan(n * seeds * size));
            plan.Backward(group, _options.Rule ?? _method.Rule, cancellation);
            foreach (Node input in plan.Gradients)
                Collect(plan, input, first, count, k, wanted, seeds);
            progress?.Report(new AttributionProgress(first * Maps + count * (k + wanted), _samples * Maps));
        }
    }

    void Collect(ExecutionPlan plan, Node input, int first, int count, int k, int wanted, int seeds)
    {
        var gradient = new float[plan.GradientShape(input).Count];
        plan.ReadGradient(input, gradient);
        int size = gradient.Length / (count * seeds);
        if (!_maps.TryGetValue(input, out float[]? map))
            _maps[input] = map = new float[checked(_samples * Maps * size)];
        for (int n = 0; n < count; n++)
            gradient.AsSpan(n * seeds * size, wanted * size).CopyTo(map.AsSpan(((first + n) * Maps + k) * size));
    }

    /// <summary>The most samples and targets that one plan may hold.</summary>
    (int Batch, int Seeds) FitBudget()
    {
        if (_engine.Network.MixesSamples)
        {
            // Inputs whose leading axes differ leave nothing to cut: the plan says whether they fit.
            int declared = ((Input)_engine.Network.Inputs[0].Layer).Shape.N;
            bool alike = _shapes.Values.All(s => s.N == _samples);
            if (alike && _samples % declared != 0)
                throw new PreimageException($"the network is fixed to {declared} samples at a time, {_samples} are not a multiple");
            return (alike ? declared : _samples, 1);
        }

        int batch = _samples, seeds = Maps;
        while ((batch > 1 || seeds > 1) && _engine.Measure(PlanFor(batch, seeds)) > _options.MemoryBudget)
        {
            if (seeds > 1)
                seeds = (seeds + 1) / 2;
            else
                batch = (batch + 1) / 2;
        }

        return (batch, seeds);
    }

    PlanOptions PlanFor(int batch, int seeds) => new()
    {
        Seeds = seeds,
        Keep = Keep.ForBackward,
        Observe = [_resolver.Node.Name],
        SeedNode = _resolver.Node.Name,
        NodeRule = (_options.Rule ?? _method.Rule).Node,
        InputShapes = _shapes.ToDictionary(s => s.Key.Name, s => batch == _samples ? s.Value : s.Value.WithSamples(batch)),
    };

    /// <summary>The shape a tensor has as an input: its own, or with a leading axis where only that is missing.</summary>
    static Shape InputShape(Node input, Tensor<float> tensor)
    {
        Shape declared = ((Input)input.Layer).Shape;
        int[] extents = [.. tensor.Lengths.ToArray().Select(l => checked((int)l))];
        if (extents.Length == declared.Rank - 1)
            extents = [1, .. extents];
        return extents.Length == declared.Rank
            ? new Shape(extents)
            : throw new ShapeException($"input '{input.Name}' is {input.Layer}, the values given are {string.Join('x', extents)}");
    }

    List<string> Notes()
    {
        var notes = new List<string>();
        if (_resolver.Softmax is { } softmax)
            notes.Add($"the network ends in a softmax ('{softmax.Name}'): the logits before it ('{_resolver.Node.Name}') are explained");
        foreach ((Node input, float[] map) in _maps)
        {
            int rows = _samples * Maps, size = map.Length / rows;
            for (int row = 0; row < rows; row++)
            {
                string where = (_maps.Count > 1 ? $" for input '{input.Name}'" : "") + (rows > 1 ? $" of row {row}" : "");
                if (MapNote(map.AsSpan(row * size, size)) is { } note)
                    notes.Add($"the {_method.Name} map{where} {note}");
            }
        }

        return notes;
    }

    string? MapNote(ReadOnlySpan<float> map)
    {
        int zeros = map.Count(0f);
        if (zeros == map.Length)
            return "is zero everywhere: no signal reaches the input from this target; try another node";
        if (!TensorPrimitives.IsFiniteAll(map))
            return "has values that are not finite";
        // 90 %: DeconvNet from a logit of a net with global pooling leaves 92 to 100 % zeros, ordinary maps a few percent.
        // A unit inside sees a part of the input only, so that zeros around it are as they should be.
        return _resolver.IsAtLogits && zeros >= 0.9 * map.Length ? $"is zero at {100.0 * zeros / map.Length:F0} % of the values: hardly any signal reaches the input; an inner node shows more" : null;
    }
}
