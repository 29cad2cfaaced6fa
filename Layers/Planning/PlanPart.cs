using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>What a plan has memory for at once: some samples and signals, all of the plan's or as many as its budget allows, run portion by portion.</summary>
internal sealed partial class PlanPart : IDisposable
{
    readonly Backend _backend;
    readonly PortionedPlan _plan;
    readonly PlanBuilder _steps;
    readonly DeviceBuffer _memory;
    readonly int _seeds;
    readonly INodeRule? _nodeRule;
    readonly Func<Node, int, IOperator?> _variantOperator;
    readonly Dictionary<(Node, int), IOperator?> _variants = [];
    readonly RepeatedWork _forward;
    readonly List<(BackwardRule Rule, RepeatedWork Work)> _backward = [];
    int _entered = -1;

    public PlanPart(PlanScope scope, Backend backend)
    {
        Scope = scope;
        _backend = backend;
        (_seeds, _nodeRule) = (scope.Options.Seeds, scope.Options.NodeRule);
        _plan = PortionedPlan.Of(scope, backend);
        _steps = _plan.Steps;
        Forward = [.. _steps.Forward];
        Backward = [.. _steps.Backward];
        _variantOperator = VariantOperator;
        _followers = FollowersOf(Forward);
        _forward = new RepeatedWork(RunForwardSteps, mayRecord: Portions == 1);
        try
        {
            Queue = backend.CreateQueue();
            _memory = backend.Allocate(Bytes);
            Enter(0);
            UploadConstants();
        }
        catch
        {
            _steps.DisposeOperators();
            _memory?.Dispose();
            Queue?.Dispose();
            throw;
        }
    }

    public PlanScope Scope { get; }

    /// <summary>Where its work goes.</summary>
    public WorkQueue Queue { get; }

    /// <summary>Bytes of the memory.</summary>
    public long Bytes => _plan.Bytes;

    /// <summary>How many portions the samples run in, one after the other; steps are of the one that was entered last.</summary>
    public int Portions => _plan.Portions;

    public ForwardStep[] Forward { get; }

    public BackwardStep[] Backward { get; }

    /// <summary>The bytes that it would need, without allocating them.</summary>
    public static long Measure(PlanScope scope, Backend backend)
    {
        PortionedPlan plan = PortionedPlan.Of(scope, backend);
        plan.Steps.DisposeOperators();
        return plan.Bytes;
    }

    public void SetInput(Node input, ReadOnlySpan<float> values)
    {
        PlannedActivation array = _steps.Value(input);
        for (int portion = 0; portion < Portions; portion++)
            Upload(values, array, portion);
    }

    public void Read(Node node, Span<float> values)
    {
        if (Scope.Values[node.Index].Constant is { } constant)
            constant.ToFloats().CopyTo(values);
        else
            Read(_steps.Value(node), values);
    }

    /// <summary>Reads an array of all portions; one that is the same for all of them, from the first.</summary>
    public void Read(PlannedActivation array, Span<float> values)
    {
        int size = array.Shape.Count;
        for (int portion = 0; portion * size < values.Length; portion++)
            Queue.Download(array.At(At(portion)), values.Slice(portion * size, size));
    }

    public void ReadGradient(Node input, Span<float> gradient) => Read(_steps.Signal(input), gradient);

    /// <summary>Where a node's value lies, where there is one portion.</summary>
    public nint ValueOf(Node node) => _steps.Value(node).At(At(0)).Address;

    /// <summary>Where the signal at a node lies, where there is one portion.</summary>
    public nint SignalOf(Node node) => _steps.Signal(node).At(At(0)).Address;

    /// <summary>Makes the steps those of a portion.</summary>
    public void Enter(int portion)
    {
        if (_entered == portion)
            return;
        Addresses memory = At(portion);
        foreach (ForwardStep step in Forward)
            step.Bind(memory);
        foreach (BackwardStep step in Backward)
            step.Bind(memory);
        _entered = portion;
    }

    /// <summary>Enters a portion and puts its rows of a seed where the way back starts.</summary>
    public void Enter(int portion, ReadOnlySpan<float> seed)
    {
        Enter(portion);
        Upload(seed, _steps.Signal(Scope.SeedNode!), portion);
    }

    public void RunForward(CancellationToken cancellation)
    {
        FollowParameters();
        Queue.Run(_forward, cancellation);
    }

    /// <summary>Carries a seed back, the rows of all portions.</summary>
    public void RunBackward(ReadOnlySpan<float> seed, BackwardRule rule, CancellationToken cancellation)
    {
        RepeatedWork work = Work(rule);
        for (int portion = 0; portion < Portions; portion++)
        {
            Enter(portion, seed);
            Queue.Run(work, cancellation);
        }
    }

    /// <summary>Carries back the seed that is there, where there is one portion.</summary>
    public void RunBackward(BackwardRule rule, CancellationToken cancellation) => Queue.Run(Work(rule), cancellation);

    /// <summary>Copies an input in from the device's memory.</summary>
    public void CopyInput(Node input, nint values) => CopyIn(values, _steps.Value(input));

    /// <summary>Copies a value of all portions out within the device's memory.</summary>
    public void CopyValue(Node node, nint values) => CopyOut(_steps.Value(node), values);

    /// <summary>Copies the gradient of an input out within the device's memory.</summary>
    public void CopyGradient(Node input, nint gradient) => CopyOut(_steps.Signal(input), gradient);

    /// <summary>Runs forward as a part of other work, which may be under recording.</summary>
    public void ForwardWithin(CancellationToken cancellation) => RunForwardSteps(cancellation);

    /// <summary>Carries seeds back that lie in the device's memory, as a part of other work, which may be under recording.</summary>
    public void BackwardWithin(List<(Node Node, DeviceArray<float> Values)> seeds, BackwardRule rule, CancellationToken cancellation)
    {
        for (int portion = 0; portion < Portions; portion++)
        {
            Enter(portion);
            foreach ((Node node, DeviceArray<float> values) in seeds)
            {
                PlannedActivation signal = _steps.Signal(node);
                Queue.CopyIn(values.Address + (nint)(portion * signal.Shape.Bytes), signal.At(At(portion)));
            }

            RunBackwardSteps(rule, cancellation);
        }
    }

    /// <summary>One step of the way back.</summary>
    public void RunStep(BackwardStep step, BackwardRule rule) => step.Run(_backend, Queue, _seeds, rule, _variantOperator);

    public void Dispose()
    {
        Queue.Drain();
        _forward.Dispose();
        foreach ((_, RepeatedWork work) in _backward)
            work.Dispose();
        _steps.DisposeOperators();
        foreach (IOperator? op in _variants.Values)
            op?.Dispose();
        _memory.Dispose();
        Queue.Dispose();
    }

    void RunForwardSteps(CancellationToken cancellation)
    {
        for (int portion = 0; portion < Portions; portion++)
        {
            Enter(portion);
            foreach (ForwardStep step in Forward)
            {
                cancellation.ThrowIfCancellationRequested();
                step.Run(Queue);
            }
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
        var work = new RepeatedWork(cancellation => RunBackwardSteps(rule, cancellation), mayRecord: Portions == 1 && rule.Node is null);
        _backward.Add((rule, work));
        return work;
    }

    Addresses At(int portion) => _plan.At(_memory.Address, portion);

    void CopyIn(nint values, PlannedActivation array)
    {
        for (int portion = 0; portion < Portions; portion++)
            Queue.CopyIn(values + (nint)(portion * array.Shape.Bytes), array.At(At(portion)));
    }

    void CopyOut(PlannedActivation array, nint values)
    {
        for (int portion = 0; portion < Portions; portion++)
            Queue.CopyOut(array.At(At(portion)), values + (nint)(portion * array.Shape.Bytes));
    }

    /// <summary>Copies in the rows of a portion.</summary>
    void Upload(ReadOnlySpan<float> values, PlannedActivation array, int portion) =>
        Queue.Upload(values.Slice(portion * array.Shape.Count, array.Shape.Count), array.At(At(portion)));

    /// <summary>Uploads what never changes: once, or for every portion where the way back reads it.</summary>
    void UploadConstants()
    {
        foreach ((Node node, PlannedActivation value) in _steps.Constants)
        {
            float[] values = Scope.Values[node.Index].Constant?.ToFloats() ?? ((Constant)node.Layer).Value!.ToArray();
            for (int portion = 0; portion < Portions; portion++)
                Queue.Upload(values, value.At(At(portion)));
        }
    }

    /// <summary>The node's operator with the weights the plan's node rule wants, prepared on first use.</summary>
    IOperator? VariantOperator(Node node, int variant)
    {
        if (!_variants.TryGetValue((node, variant), out IOperator? op))
        {
            NodeValue[] arguments = [.. node.Inputs.Select(i => Scope.Values[i.Index])];
            Shape shape = Scope.Values[node.Index].Shape;
            Layer? layer = variant == NodeBackward.OfTransform ? node.Layer.WithWeights(w => _nodeRule!.Transform(node, w)) : _nodeRule!.Variant(node, variant);
            if (layer is not null && layer.Infer(new LayerInputs(arguments)) is var own && own != shape)
                throw new ModelException(node.Name, node.Layer.Operator, $"variant {variant} gives {own}, not {shape}");
            // What is packed of weights that may change must not be found again when they have.
            op = (layer is not null && Scope.Network.Parameters is not null ? Network.Copied(layer) : layer)?.Prepare(_backend, new LayerInputs(arguments), shape);
            _variants.Add((node, variant), op);
        }

        return op;
    }
}
