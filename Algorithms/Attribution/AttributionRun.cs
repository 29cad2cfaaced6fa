using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>One call of a method: all samples forward and all targets back, in as many goes as the plan needs for its budget.</summary>
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
        (int batch, int seeds) = AtOnce();
        if ((_options.Record is not null || _options.KeepRecord) && batch < _samples)
            throw new PreimageException($"a forward record is for one batch, but the network takes {batch} of the {_samples} samples at a time");
        ForwardRecord? record = null;
        using PlanLoan loan = _engine.Rent(Options(batch, seeds) with { MemoryBudget = Budget(batch, seeds) });
        ExecutionPlan plan = loan.Plan;
        for (int first = 0; first < _samples; first += batch)
        {
            foreach ((Node input, float[] values) in _inputs)
            {
                int size = values.Length / _samples;
                plan.SetInput(input, batch == _samples ? values : values.AsSpan(first * size, batch * size));
            }

            if (_options.Record is not null || _options.KeepRecord)
                plan.Forward(cancellation);
            if (_options.KeepRecord)
                record = plan.Export();
            if (_options.Record is not null)
                plan.Import(_options.Record);
            Backward(plan, first, batch, seeds, progress, cancellation);
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
        float[] all = [];
        for (int k = 0; k < Maps; k += seeds)
        {
            SeedFill fill = k > 0 ? (_, samples, _, seed) => Pick(all, k, samples, seed) : (at, samples, values, seed) =>
            {
                if (seeds == Maps)
                {
                    Resolve(shape, first + at, samples, values, seed);
                    return;
                }

                all = new float[seed.Length * Maps];
                Resolve(shape, first + at, samples, values, all);
                Pick(all, 0, samples, seed);
            };
            int done = first * Maps + count * k;
            plan.Backward(fill, _options.Rule ?? _method.Rule, progress is null ? null : new Rows(progress, done, _samples * Maps), cancellation);
            foreach (Node input in plan.Gradients)
                Collect(plan, input, first, count, k, seeds);
        }
    }

    /// <summary>The seeds of all targets of some samples.</summary>
    void Resolve(Shape shape, int first, int samples, ReadOnlySpan<float> values, Span<float> seed)
    {
        (int size, int rows) = (values.Length / samples, seed.Length / samples);
        for (int n = 0; n < samples; n++)
            _resolver.Resolve(first + n, shape, values.Slice(n * size, size), _units, seed.Slice(n * rows, rows));
    }

    /// <summary>The seeds of one target.</summary>
    void Pick(float[] all, int k, int samples, Span<float> seed)
    {
        int size = seed.Length / samples;
        for (int n = 0; n < samples; n++)
            all.AsSpan((n * Maps + k) * size, size).CopyTo(seed[(n * size)..]);
    }

    void Collect(ExecutionPlan plan, Node input, int first, int count, int k, int seeds)
    {
        var gradient = new float[plan.GradientShape(input).Count];
        plan.ReadGradient(input, gradient);
        if (count == _samples && seeds == Maps)
        {
            _maps[input] = gradient;
            return;
        }

        int size = gradient.Length / (count * seeds);
        if (!_maps.TryGetValue(input, out float[]? map))
            _maps[input] = map = new float[checked(_samples * Maps * size)];
        for (int n = 0; n < count; n++)
            gradient.AsSpan(n * seeds * size, seeds * size).CopyTo(map.AsSpan(((first + n) * Maps + k) * size));
    }

    /// <summary>Samples and targets that one plan takes: all, unless the network mixes samples.</summary>
    (int Batch, int Seeds) AtOnce()
    {
        if (!_engine.Network.MixesSamples)
            return (_samples, Maps);
        // Inputs whose leading axes differ leave nothing to cut: the plan says whether they fit.
        int declared = ((Input)_engine.Network.Inputs[0].Layer).Shape.N;
        bool alike = _shapes.Values.All(s => s.N == _samples);
        if (alike && _samples % declared != 0)
            throw new PreimageException($"the network is fixed to {declared} samples at a time, {_samples} are not a multiple");
        return (alike ? declared : _samples, 1);
    }

    /// <summary>What the caller grants; where nobody says, 1 GiB, or what the smallest run takes: nothing to measure where this is it.</summary>
    long? Budget(int batch, int seeds)
    {
        const long Usual = 1L << 30;
        int least = _engine.Network.MixesSamples ? batch : 1;
        return _options.MemoryBudget ?? ((batch, seeds) == (least, 1) ? null : Math.Max(Usual, _engine.Measure(Options(least, 1))));
    }

    PlanOptions Options(int batch, int seeds) => new()
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

    /// <summary>Rows of gradients as maps.</summary>
    sealed class Rows(IProgress<AttributionProgress> progress, int before, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new AttributionProgress(before + value, total));
    }
}
