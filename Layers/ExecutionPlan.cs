using System.Numerics.Tensors;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

/// <summary>A network made ready to run at fixed shapes: operators chosen, memory laid out once, no allocation per run.</summary>
/// <remarks>
/// A plan belongs to one caller at a time; a second call while one runs throws. Host arrays are NCHW. After <see cref="Forward(CancellationToken)"/>
/// any number of backward passes may follow, each under a rule of its own.
/// </remarks>
public sealed partial class ExecutionPlan : IDisposable
{
    readonly Engine _engine;
    readonly PlanScope _scope;
    readonly PlanPart _part;
    readonly PartSize _size;
    int _running;
    bool _ran, _disposed;

    internal ExecutionPlan(Engine engine, Backend backend, PlanOptions options)
    {
        _engine = engine;
        Backend = backend;
        Options = options;
        _scope = new PlanScope(engine.Network, options);
        _size = PartSize.Fitting(_scope, backend);
        bool whole = _size == PartSize.All(_scope);
        if (!whole && _scope.Parameters.Count > 0)
            throw new PreimageException($"gradients of parameters are sums over the batch, of which PlanOptions.MemoryBudget lets {_size.Samples} of {_scope.Samples} samples run at once: raise it, or run smaller batches and add up");
        _part = new PlanPart(whole ? _scope : _size.Cut(_scope), backend);
        _parts = (_scope.Samples + _size.Samples - 1) / _size.Samples;
        if (!whole)
            KeepOnHost();
        engine.Hold();
    }

    /// <summary>The bytes a plan would need, without allocating them.</summary>
    internal static long Measure(Network network, Backend backend, PlanOptions options)
    {
        var scope = new PlanScope(network, options);
        return PlanPart.Measure(PartSize.Fitting(scope, backend).Cut(scope), backend);
    }

    /// <summary>What the plan was made for.</summary>
    public PlanOptions Options { get; }

    /// <summary>The bytes of the plan's memory; packed weights are the engine's and counted there.</summary>
    public long PeakBytes => _part.Bytes;

    /// <summary>Samples that run at once: fewer than the batch where <see cref="PlanOptions.MemoryBudget"/> asks for it.</summary>
    public int SamplesAtOnce => _size.Samples;

    /// <summary>Signals per sample that run back at once: fewer than K where <see cref="PlanOptions.MemoryBudget"/> asks for it.</summary>
    public int SeedsAtOnce => _size.Seeds;

    /// <summary>The node signals start at, or null in a forward-only plan.</summary>
    public Node? SeedNode => _part.Backward.Length > 0 || _scope.Gradients.Count > 0 ? _scope.SeedNode : null;

    /// <summary>The inputs, or inner nodes, whose gradient a backward pass computes.</summary>
    public IReadOnlyList<Node> Gradients => _scope.Gradients;

    /// <summary>The shape of a node's value.</summary>
    /// <exception cref="PreimageException">The plan does not run the node, or it is a host value.</exception>
    public Shape ShapeOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _scope.Wanted[node.Index] && _scope.Values[node.Index].Shape is { Rank: > 0 } shape
            ? shape
            : throw new PreimageException($"this plan has no value for node '{node.Name}'");
    }

    /// <summary>The shape of a seed: the seeded node's with N*K rows.</summary>
    public Shape SeedShape => _scope.SignalShape(RequireSeedNode());

    /// <summary>The shape of the gradient of an input or inner node: the node's with N*K rows.</summary>
    public Shape GradientShape(Node input) => _scope.SignalShape(RequireGradient(input));

    /// <summary>Copies an input in.</summary>
    /// <exception cref="ShapeException">The values are not as many as the input's shape has elements.</exception>
    public void SetInput(Node input, ReadOnlySpan<float> values)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(input);
        if (input.Layer is not Input)
            throw new PreimageException($"node '{input.Name}' is not an input of the network");
        if (!_scope.Wanted[input.Index])
            return;
        RequireCount(values.Length, _scope.InputShapes[input.Index], "input", input);
        if (_inputs.TryGetValue(input, out float[]? kept))
            values.CopyTo(kept);
        else
            _part.SetInput(input, values);
        (_ran, _loaded) = (false, None);
    }

    /// <summary>Runs forward on the inputs set before.</summary>
    public void Forward(CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        _ran = false;
        for (int part = 0; part < _parts; part++)
            Load(part, cancellation);
        _ran = true;
    }

    /// <summary>Copies in the only input, runs, and copies out the only observed node.</summary>
    /// <param name="input">NCHW values.</param>
    /// <param name="output">Receives NCHW values.</param>
    /// <exception cref="PreimageException">There are several inputs or observed nodes: use the forms by name.</exception>
    public void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        SetInput(_engine.Network.Input, input);
        Forward();
        if (_scope.Observed.Count != 1)
            throw new PreimageException($"the plan observes {_scope.Observed.Count} nodes: read them by name");
        Read(_scope.Observed[0], output);
    }

    /// <summary>Runs on inputs by name and returns the observed nodes by name. Allocates its results.</summary>
    /// <exception cref="PreimageException">An input is missing.</exception>
    public IReadOnlyDictionary<string, Tensor<float>> Forward(
        IReadOnlyDictionary<string, Tensor<float>> inputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (Node input in _engine.Network.Inputs.Where(i => _scope.Wanted[i.Index]))
        {
            if (!inputs.TryGetValue(input.Name, out Tensor<float>? values))
                throw new PreimageException($"input '{input.Name}' is missing");
            SetInput(input, TensorSpans.Dense(values));
        }

        Forward(cancellation);
        var results = new Dictionary<string, Tensor<float>>();
        foreach (Node node in _scope.Observed)
        {
            var values = new float[ShapeOf(node).Count];
            Read(node, values);
            results[node.Output] = Tensor.Create(values, ShapeOf(node).ToLengths());
        }

        return results;
    }

    /// <summary>Copies out the value of an observed node (or an input).</summary>
    public void Read(Node node, Span<float> values)
    {
        using Turn turn = Enter();
        RequireObserved(node);
        RequireCount(values.Length, ShapeOf(node), "node", node);
        if (_inputs.TryGetValue(node, out float[]? kept) || _observed.TryGetValue(node, out kept))
            kept.CopyTo(values);
        else
            _part.Read(node, values);
    }

    /// <summary>Carries a seed from the seeded node back to the inputs.</summary>
    /// <param name="seed">NCHW values, N*K rows.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="cancellation">Checked before each operator.</param>
    /// <exception cref="PreimageException">The plan keeps nothing, nothing ran yet, or the rule has no meaning at a node.</exception>
    public void Backward(ReadOnlySpan<float> seed, BackwardRule rule, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        RequireRule(rule);
        cancellation.ThrowIfCancellationRequested();
        RequireRun();
        RequireCount(seed.Length, SeedShape, "the seed at", _scope.SeedNode!);
        RunBackward(seed, null, rule, null, cancellation);
    }

    /// <summary>Carries back seeds that are made of the values at the seeded node, part by part; what has not run forward since its input was set runs first.</summary>
    /// <param name="fill">Called once for every sample, in their order.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="rows">Told after each part how many rows of the gradients are done.</param>
    /// <param name="cancellation">Checked before each operator.</param>
    /// <exception cref="PreimageException">The plan keeps nothing, or the rule has no meaning at a node.</exception>
    public void Backward(SeedFill fill, BackwardRule rule, IProgress<int>? rows = null, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(fill);
        RequireRule(rule);
        RunBackward(default, fill, rule, rows, cancellation);
        _ran = true;
    }

    /// <summary>Carries a seed back and copies out the gradient of the only input.</summary>
    public void Backward(ReadOnlySpan<float> seed, BackwardRule rule, Span<float> gradient)
    {
        if (_scope.Gradients.Count > 1)
            throw new PreimageException($"the plan computes {_scope.Gradients.Count} gradients: read them by name");
        Backward(seed, rule);
        ReadGradient(_scope.Gradients[0], gradient);
    }

    /// <summary>Copies out the gradient of an input, or of an inner node, after a backward pass.</summary>
    public void ReadGradient(Node input, Span<float> gradient)
    {
        using Turn turn = Enter();
        RequireCount(gradient.Length, GradientShape(input), "the gradient of", input);
        if (_gradients.TryGetValue(input, out float[]? kept))
            kept.CopyTo(gradient);
        else
            _part.ReadGradient(input, gradient);
    }

    /// <summary>Frees the plan's memory.</summary>
    /// <exception cref="InvalidOperationException">The plan is running for another caller.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        Turn turn = Enter();
        _disposed = true;
        _part.Dispose();
        _engine.LetGo();
        // The turn itself is never given back: nobody enters from here on.
        turn.LeaveDevice();
    }

    Node RequireSeedNode() => SeedNode
        ?? throw new PreimageException("the plan keeps nothing for a backward pass: set PlanOptions.Keep to ForBackward");

    Node RequireGradient(Node input) => _scope.Gradients.Contains(input)
        ? input
        : throw new PreimageException($"the plan does not compute the gradient of '{input?.Name}'");

    void RequireRule(BackwardRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _ = RequireSeedNode();
        if (_scope.Seeded.Count > 1)
            throw new PreimageException($"signals start at {_scope.Seeded.Count} nodes of the plan ({string.Join(", ", _scope.Seeded.Select(n => n.Name))}): run it in a loop (ExecutionPlan.CreateLoop)");
        if (!ReferenceEquals(rule.Node, Options.NodeRule))
            throw new PreimageException("the node rule is not the one the plan was made with: set PlanOptions.NodeRule");
    }

    void RequireObserved(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        RequireRun();
        if (!_scope.Observed.Contains(node) && node.Layer is not Input)
            throw new PreimageException($"node '{node.Name}' is not observed: list it in PlanOptions.Observe");
    }

    void RequireRun()
    {
        if (!_ran)
            throw new PreimageException("the plan has not run forward since its input was set");
    }

    // The message is put together only when it is thrown: a run allocates nothing.
    static void RequireCount(int count, Shape shape, string what, Node node)
    {
        if (count != shape.Count)
            throw new ShapeException($"{what} '{node.Name}' has {count} values where {shape} has {shape.Count}");
    }

    internal Turn Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("the plan is running for another caller: a plan belongs to one caller at a time");
        try
        {
            return new Turn(this);
        }
        catch
        {
            Volatile.Write(ref _running, 0);
            throw;
        }
    }

    /// <summary>Holds the plan, and its device, for one call.</summary>
    internal ref struct Turn(ExecutionPlan plan)
    {
        CurrentDevice _device = plan._part.Queue.Enter();

        public void LeaveDevice() => _device.Dispose();

        public void Dispose()
        {
            LeaveDevice();
            Volatile.Write(ref plan._running, 0);
        }
    }
}
