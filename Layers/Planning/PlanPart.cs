using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>What a plan runs at once: operators and memory for some samples and signals, all of the plan's or as many as its budget allows.</summary>
internal sealed class PlanPart : IDisposable
{
    readonly Backend _backend;
    readonly PlanBuilder _built;
    readonly DeviceBuffer _memory;
    readonly int _seeds;
    readonly INodeRule? _nodeRule;
    readonly Func<Node, IOperator?> _transformedOperator;
    readonly Dictionary<Node, IOperator?> _transformed = [];
    readonly RepeatedWork _forward;
    readonly List<(BackwardRule Rule, RepeatedWork Work)> _backward = [];

    public PlanPart(PlanScope scope, Backend backend)
    {
        Scope = scope;
        _backend = backend;
        (_seeds, _nodeRule) = (scope.Options.Seeds, scope.Options.NodeRule);
        _built = new PlanBuilder(scope, backend);
        Bytes = _built.Arena.Place();
        Forward = [.. _built.Forward];
        Backward = [.. _built.Backward];
        _transformedOperator = TransformedOperator;
        _forward = new RepeatedWork(RunForwardSteps, mayRecord: true);
        try
        {
            Queue = backend.CreateQueue();
            _memory = backend.Allocate(Bytes);
            Bind();
        }
        catch
        {
            _built.DisposeOperators();
            _memory?.Dispose();
            Queue?.Dispose();
            throw;
        }
    }

    public PlanScope Scope { get; }

    /// <summary>Where its work goes.</summary>
    public WorkQueue Queue { get; }

    /// <summary>Bytes of the memory.</summary>
    public long Bytes { get; }

    public ForwardStep[] Forward { get; }

    public BackwardStep[] Backward { get; }

    /// <summary>The bytes that it would need, without allocating them.</summary>
    public static long Measure(PlanScope scope, Backend backend)
    {
        var built = new PlanBuilder(scope, backend);
        built.DisposeOperators();
        return built.Arena.Place();
    }

    public void SetInput(Node input, ReadOnlySpan<float> values) => Queue.Upload(values, _built.Value(input).At(_memory.Address));

    public void Read(Node node, Span<float> values)
    {
        if (Scope.Values[node.Index].Constant is { } constant)
            constant.ToFloats().CopyTo(values);
        else
            Queue.Download(_built.Value(node).At(_memory.Address), values);
    }

    /// <summary>The gradients of a node's parameters, or null where none are computed.</summary>
    public ParameterStep? ParametersOf(Node node) => _built.Parameters.GetValueOrDefault(node);

    public void Read(PlannedActivation array, Span<float> values) => Queue.Download(array.At(_memory.Address), values);

    public void ReadGradient(Node input, Span<float> gradient) => Queue.Download(_built.Signal(input).At(_memory.Address), gradient);

    public void RunForward(CancellationToken cancellation) => Queue.Run(_forward, cancellation);

    public void SetSeed(ReadOnlySpan<float> seed) => Queue.Upload(seed, _built.Signal(Scope.SeedNode!).At(_memory.Address));

    public void RunBackward(BackwardRule rule, CancellationToken cancellation) => Queue.Run(Work(rule), cancellation);

    /// <summary>The work of a rule; there are few, mostly the very ones of <see cref="BackwardRule"/>.</summary>
    RepeatedWork Work(BackwardRule rule)
    {
        foreach ((BackwardRule known, RepeatedWork work) in _backward)
        {
            if (ReferenceEquals(known, rule) || known == rule)
                return work;
        }

        return Added(rule);
    }

    // Apart, so that looking one up makes no closure.
    RepeatedWork Added(BackwardRule rule)
    {
        var work = new RepeatedWork(cancellation => RunBackwardSteps(rule, cancellation), mayRecord: rule.Node is null);
        _backward.Add((rule, work));
        return work;
    }

    /// <summary>One step of the way back.</summary>
    public void RunStep(BackwardStep step, BackwardRule rule) => step.Run(_backend, Queue, _seeds, rule, _transformedOperator);

    public void Dispose()
    {
        Queue.Drain();
        _forward.Dispose();
        foreach ((_, RepeatedWork work) in _backward)
            work.Dispose();
        _built.DisposeOperators();
        foreach (IOperator? op in _transformed.Values)
            op?.Dispose();
        _memory.Dispose();
        Queue.Dispose();
    }

    void RunForwardSteps(CancellationToken cancellation)
    {
        foreach (ForwardStep step in Forward)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run(Queue);
        }
    }

    void RunBackwardSteps(BackwardRule rule, CancellationToken cancellation)
    {
        foreach (BackwardStep step in Backward)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                RunStep(step, rule);
            }
            catch (PreimageException e) when (e is not ModelException)
            {
                throw new ModelException(step.Node.Name, step.Node.Layer.Operator, e.Message, e);
            }
        }
    }

    /// <summary>Gives every step its addresses and uploads what never changes.</summary>
    void Bind()
    {
        foreach (ForwardStep step in Forward)
            step.Bind(_memory.Address);
        foreach (BackwardStep step in Backward)
            step.Bind(_memory.Address);
        foreach ((Node node, PlannedActivation value) in _built.Constants)
        {
            float[] values = Scope.Values[node.Index].Constant?.ToFloats() ?? ((Constant)node.Layer).Value!.ToArray();
            Queue.Upload(values, value.At(_memory.Address));
        }
    }

    /// <summary>The node's operator with the weights the plan's node rule wants, prepared on first use.</summary>
    IOperator? TransformedOperator(Node node)
    {
        if (!_transformed.TryGetValue(node, out IOperator? op))
        {
            NodeValue[] arguments = [.. node.Inputs.Select(i => Scope.Values[i.Index])];
            op = node.Layer.WithWeights(w => _nodeRule!.Transform(node, w))
                ?.Prepare(_backend, new LayerInputs(arguments), Scope.Values[node.Index].Shape);
            _transformed.Add(node, op);
        }

        return op;
    }
}
