using Preimage.Layers.Loops;
using Preimage.Layers.Operators;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    internal Backend Backend { get; }

    /// <summary>Where the plan's work goes.</summary>
    internal WorkQueue Queue => _part.Queue;

    /// <summary>Makes a loop: arrays beside the plan in its device's memory, and work that is done again and again on both. Dispose it before the plan.</summary>
    /// <exception cref="PreimageException">The plan runs its batch in parts, which goes by way of the host.</exception>
    public DeviceLoop CreateLoop() => _parts == 1 && _size.Seeds == Options.Seeds
        ? new DeviceLoop(this)
        : throw new PreimageException($"{_scope.Samples} samples run {_size.Samples} at a time, which goes by way of the host: raise PlanOptions.MemoryBudget");

    internal void RequireSeed(Node node, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(node);
        _ = RequireSeedNode();
        if (!_scope.Seeded.Contains(node))
            throw new PreimageException($"no signal starts at node '{node.Name}' of this plan: name it in PlanOptions.AlsoSeeded");
        RequireCount(shape.Count, _scope.SignalShape(node), "the seed at", node);
    }

    // What a loop's body calls: the loop holds the plan's turn.
    internal void LoopSetInput(Node input, nint values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Layer is not Kinds.Input)
            throw new PreimageException($"node '{input.Name}' is not an input of the network");
        RequireCount(shape.Count, _scope.InputShapes[input.Index], "input", input);
        if (_scope.Wanted[input.Index])
            _part.CopyInput(input, values);
        (_ran, _loaded) = (false, None);
    }

    internal void LoopForward(CancellationToken cancellation)
    {
        _part.ForwardWithin(cancellation);
        (_ran, _loaded) = (true, 0);
    }

    internal void LoopRead(Node node, nint values, Shape shape)
    {
        RequireObserved(node);
        RequireCount(shape.Count, ShapeOf(node), "node", node);
        if (_scope.Values[node.Index].Constant is not null)
            throw new PreimageException($"node '{node.Name}' is a constant, which is not on the device");
        _part.CopyValue(node, values);
    }

    internal void LoopBackward(List<(Node Node, DeviceArray<float> Values)> seeds, BackwardRule rule, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        RequireRun();
        if (!ReferenceEquals(rule.Node, Options.NodeRule))
            throw new PreimageException("the node rule is not the one the plan was made with: set PlanOptions.NodeRule");
        if (seeds.Count != _scope.Seeded.Count)
            throw new PreimageException($"{seeds.Count} of {_scope.Seeded.Count} seeded nodes have a signal: DeviceLoop.SetSeed says where it lies");
        _part.BackwardWithin(seeds, rule, cancellation);
    }

    internal void LoopReadGradient(Node input, nint gradient, Shape shape)
    {
        RequireCount(shape.Count, GradientShape(input), "the gradient of", input);
        _part.CopyGradient(input, gradient);
    }

    internal DeviceArray<float> LoopParameter(Node node, string role) => Borrowed(_part.ParameterOf(node, role));

    internal DeviceArray<float> LoopParameterGradient(Node node, string role) => Borrowed(_part.GradientOf(node, role));

    /// <summary>Before a body runs, or is recorded.</summary>
    internal void LoopStarts() => _part.FollowParameters();

    internal void LoopRefreshParameters() => _part.RefreshParameters();

    /// <summary>After a body ran that refreshes parameters.</summary>
    internal void LoopRefreshed() => _part.NoteRefreshed();

    // One row: sums over it are one number, and steps run through it at once.
    DeviceArray<float> Borrowed(DeviceBuffer memory) => new(this, memory, new Shape(1, 1, 1, (int)(memory.Bytes / sizeof(float))));
}
