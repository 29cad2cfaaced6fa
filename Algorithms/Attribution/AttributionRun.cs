using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>One call of a method: all samples forward and all targets back, in as many goes as the plan needs for its budget.</summary>
internal sealed class AttributionRun
{
    readonly AttributionMethod _method;
    readonly BackwardRule _rule;
    readonly FinishMaps? _finish;
    readonly AttributionRequest _request;
    readonly AttributionInputs _inputs;
    readonly AttributionOptions _options;
    readonly Engine _engine;
    readonly TargetResolver _resolver;
    readonly Dictionary<Node, float[]> _maps = [];
    readonly List<AttributedUnit> _units = [];
    readonly int _samples;
    readonly double[] _started;

    /// <summary>Prepares a call.</summary>
    /// <param name="method">The method.</param>
    /// <param name="rule">How the signal goes back.</param>
    /// <param name="request">The call.</param>
    /// <param name="finish">Turns a gradient into a map, or null where it is one.</param>
    public AttributionRun(AttributionMethod method, BackwardRule rule, AttributionRequest request, FinishMaps? finish = null)
    {
        _method = method;
        _rule = rule;
        _finish = finish;
        _request = request;
        _inputs = request.Inputs;
        _options = request.Options;
        _engine = method.Engine;
        _resolver = new TargetResolver(_engine.Network, request.Targets, _options.Seed);
        _samples = _inputs.Samples;
        _started = new double[_samples * Maps];
    }

    /// <summary>Whether the method hands on what a signal starts with, so that its maps are to sum up to it: the result says how far they do not.</summary>
    public bool Conserves { get; init; }

    int Maps => _resolver.MapsPerSample;

    public AttributionResult Execute()
    {
        (int batch, int seeds) = AtOnce();
        if ((_options.Record is not null || _options.KeepRecord) && batch < _samples)
            throw new PreimageException($"a forward record is for one batch, but the network takes {batch} of the {_samples} samples at a time");
        ForwardRecord? record = null;
        using PlanLoan loan = _engine.Rent(Options(batch, seeds) with { MemoryBudget = Budget(batch, seeds) });
        ExecutionPlan plan = loan.Plan;
        for (int first = 0; first < _samples; first += batch)
        {
            foreach (Node input in _inputs.Nodes)
            {
                float[] values = _inputs[input];
                int size = values.Length / _samples;
                plan.SetInput(input, batch == _samples ? values : values.AsSpan(first * size, batch * size));
            }

            if (_options.Record is not null || _options.KeepRecord)
                plan.Forward(_request.Cancellation);
            if (_options.KeepRecord)
                record = plan.Export();
            if (_options.Record is not null)
                plan.Import(_options.Record);
            Backward(plan, first, batch, seeds);
        }

        foreach ((Node input, float[] map) in _maps)
            _finish?.Invoke(map, _inputs[input], _samples, Maps);
        var maps = _maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, _inputs.Shapes[m.Key].WithSamples(_samples * Maps).ToLengths()));
        return new AttributionResult(_method, _options, maps, _units, AttributionNotes.Of(_method.Name, _resolver, _maps, _samples * Maps), record)
        {
            Rule = _rule, ConvergenceDeltas = Conserves ? Deltas() : null,
        };
    }

    /// <summary>All targets of a group of samples over its one forward pass.</summary>
    void Backward(ExecutionPlan plan, int first, int count, int seeds)
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
            plan.Backward(fill, _rule, _request.Progress is { } progress ? new Rows(progress, done, _samples * Maps) : null, _request.Cancellation);
            foreach (Node input in plan.Gradients)
                Collect(plan, input, first, count, k, seeds);
        }
    }

    /// <summary>The seeds of all targets of some samples.</summary>
    void Resolve(Shape shape, int first, int samples, ReadOnlySpan<float> values, Span<float> seed)
    {
        (int size, int rows) = (values.Length / samples, seed.Length / samples);
        for (int n = 0; n < samples; n++)
        {
            Span<float> own = seed.Slice(n * rows, rows);
            _resolver.Resolve(first + n, shape, values.Slice(n * size, size), _units, own);
            for (int k = 0; k < Maps; k++)
                _started[(first + n) * Maps + k] = Sum(own.Slice(k * size, size));
        }
    }

    /// <summary>The sum of each row's maps less that of the signal it started with.</summary>
    double[] Deltas() => [.. _started.Select((start, row) =>
        _maps.Values.Sum(map => Sum(map.AsSpan(row * (map.Length / _started.Length), map.Length / _started.Length))) - start)];

    static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
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
        bool alike = _inputs.Shapes.Values.All(s => s.N == _samples);
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
        NodeRule = _rule.Node,
        InputShapes = _inputs.Shapes.ToDictionary(s => s.Key.Name, s => batch == _samples ? s.Value : s.Value.WithSamples(batch)),
    };

    /// <summary>Rows of gradients as maps.</summary>
    sealed class Rows(IProgress<AttributionProgress> progress, int before, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new AttributionProgress(before + value, total));
    }
}
