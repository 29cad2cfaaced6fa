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
    readonly Backend _backend;
    readonly PlanScope _scope;
    readonly PlanBuilder _built;
    readonly DeviceBuffer _memory;
    readonly ForwardStep[] _forward;
    readonly BackwardStep[] _backward;
    readonly Func<Node, IOperator?> _transformedOperator;
    readonly Dictionary<Node, IOperator?> _transformed = [];
    int _running;
    bool _ran, _disposed;

    internal ExecutionPlan(Engine engine, Backend backend, PlanOptions options)
    {
        _engine = engine;
        _backend = backend;
        Options = options;
        _scope = new PlanScope(engine.Network, options);
        _built = new PlanBuilder(_scope, backend);
        PeakBytes = _built.Arena.Place();
        _forward = [.. _built.Forward];
        _backward = [.. _built.Backward];
        _transformedOperator = TransformedOperator;
        try
        {
            _memory = backend.Allocate(PeakBytes);
            Bind();
        }
        catch
        {
            _built.DisposeOperators();
            _memory?.Dispose();
            throw;
        }

        engine.Hold();
    }

    /// <summary>The bytes a plan would need, without allocating them.</summary>
    internal static long Measure(Network network, Backend backend, PlanOptions options)
    {
        var built = new PlanBuilder(new PlanScope(network, options), backend);
        built.DisposeOperators();
        return built.Arena.Place();
    }

    /// <summary>What the plan was made for.</summary>
    public PlanOptions Options { get; }

    /// <summary>The bytes of the plan's memory; packed weights are the engine's and counted there.</summary>
    public long PeakBytes { get; }

    /// <summary>The node signals start at, or null in a forward-only plan.</summary>
    public Node? SeedNode => _backward.Length > 0 || _scope.Gradients.Count > 0 ? _scope.SeedNode : null;

    /// <summary>The inputs whose gradient a backward pass computes.</summary>
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
    public Shape SeedShape => _built.SignalShape(RequireSeedNode());

    /// <summary>The shape of an input's gradient: the input's with N*K rows.</summary>
    public Shape GradientShape(Node input) => _built.SignalShape(RequireGradient(input));

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
        Activation target = _built.Value(input).At(_memory.Address);
        RequireCount(values.Length, target.Shape, "input", input);
        _backend.Upload(values, target);
        _ran = false;
    }

    /// <summary>Runs forward on the inputs set before.</summary>
    public void Forward(CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        foreach (ForwardStep step in _forward)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run();
        }

        _backend.Synchronise();
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
        RequireRun();
        if (!_scope.Observed.Contains(node) && node.Layer is not Input)
            throw new PreimageException($"node '{node.Name}' is not observed: list it in PlanOptions.Observe");
        if (_scope.Values[node.Index].Constant is { } constant)
        {
            RequireCount(values.Length, ShapeOf(node), "node", node);
            constant.ToFloats().CopyTo(values);
            return;
        }

        Activation source = _built.Value(node).At(_memory.Address);
        RequireCount(values.Length, source.Shape, "node", node);
        _backend.Download(source, values);
    }

    /// <summary>Carries a seed from the seeded node back to the inputs.</summary>
    /// <param name="seed">NCHW values, N*K rows.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="cancellation">Checked before each operator.</param>
    /// <exception cref="PreimageException">The plan keeps nothing, nothing ran yet, or the rule has no meaning at a node.</exception>
    public void Backward(ReadOnlySpan<float> seed, BackwardRule rule, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(rule);
        Activation start = _built.Signal(RequireSeedNode()).At(_memory.Address);
        RequireRun();
        if (!ReferenceEquals(rule.Node, Options.NodeRule))
            throw new PreimageException("the node rule is not the one the plan was made with: set PlanOptions.NodeRule");
        RequireCount(seed.Length, start.Shape, "the seed at", _scope.SeedNode!);
        _backend.Upload(seed, start);
        foreach (BackwardStep step in _backward)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                step.Run(_backend, Options.Seeds, rule, _transformedOperator);
            }
            catch (PreimageException e) when (e is not ModelException)
            {
                throw new ModelException(step.Node.Name, step.Node.Layer.Operator, e.Message, e);
            }
        }

        _backend.Synchronise();
    }

    /// <summary>Carries a seed back and copies out the gradient of the only input.</summary>
    public void Backward(ReadOnlySpan<float> seed, BackwardRule rule, Span<float> gradient)
    {
        if (_scope.Gradients.Count > 1)
            throw new PreimageException($"the plan computes {_scope.Gradients.Count} gradients: read them by name");
        Backward(seed, rule);
        ReadGradient(_scope.Gradients[0], gradient);
    }

    /// <summary>Copies out the gradient of an input after a backward pass.</summary>
    public void ReadGradient(Node input, Span<float> gradient)
    {
        using Turn turn = Enter();
        Activation source = _built.Signal(RequireGradient(input)).At(_memory.Address);
        RequireCount(gradient.Length, source.Shape, "the gradient of", input);
        _backend.Download(source, gradient);
    }

    /// <summary>Frees the plan's memory.</summary>
    /// <exception cref="InvalidOperationException">The plan is running for another caller.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        // The turn is never given back: nobody enters from here on.
        _ = Enter();
        _disposed = true;
        _built.DisposeOperators();
        foreach (IOperator? op in _transformed.Values)
            op?.Dispose();
        _memory.Dispose();
        _engine.LetGo();
    }

    /// <summary>Gives every step its addresses and uploads what never changes.</summary>
    void Bind()
    {
        foreach (ForwardStep step in _forward)
            step.Bind(_memory.Address);
        foreach (BackwardStep step in _backward)
            step.Bind(_memory.Address);
        foreach ((Node node, PlannedActivation value) in _built.Constants)
        {
            float[] values = _scope.Values[node.Index].Constant?.ToFloats() ?? ((Constant)node.Layer).Value!.ToArray();
            _backend.Upload(values, value.At(_memory.Address));
        }
    }

    /// <summary>The node's operator with the weights the plan's node rule wants, prepared on first use.</summary>
    IOperator? TransformedOperator(Node node)
    {
        if (!_transformed.TryGetValue(node, out IOperator? op))
        {
            NodeValue[] arguments = [.. node.Inputs.Select(i => _scope.Values[i.Index])];
            op = node.Layer.WithWeights(w => Options.NodeRule!.Transform(node, w))
                ?.Prepare(_backend, new LayerInputs(arguments), _scope.Values[node.Index].Shape);
            _transformed.Add(node, op);
        }

        return op;
    }

    Node RequireSeedNode() => SeedNode
        ?? throw new PreimageException("the plan keeps nothing for a backward pass: set PlanOptions.Keep to ForBackward");

    Node RequireGradient(Node input) => _scope.Gradients.Contains(input)
        ? input
        : throw new PreimageException($"the plan does not compute the gradient of '{input?.Name}'");

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

    Turn Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("the plan is running for another caller: a plan belongs to one caller at a time");
        return new Turn(this);
    }

    /// <summary>Holds the plan for one call.</summary>
    readonly ref struct Turn(ExecutionPlan plan)
    {
        public void Dispose() => Volatile.Write(ref plan._running, 0);
    }
}
