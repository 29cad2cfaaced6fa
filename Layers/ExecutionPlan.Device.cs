using Preimage.Interop.Cuda;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>The stream that the plan's work goes to, on a GPU; null on the processor. Order other streams against it by a <see cref="CudaEvent"/>.</summary>
    public CudaStream? Stream => _part.Queue.Stream;

    /// <summary>Copies an input in from memory of the plan's device, in the order of <see cref="Stream"/>; the host does not wait.</summary>
    /// <param name="input">The input.</param>
    /// <param name="values">NCHW float32, one block without gaps; it must stay until the stream has come that far.</param>
    /// <exception cref="PreimageException">The plan is not on that GPU, or runs its batch in parts.</exception>
    /// <exception cref="ShapeException">The block is of another size than the input.</exception>
    public void SetInput(Node input, DeviceMemory values)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(input);
        if (input.Layer is not Kinds.Input)
            throw new PreimageException($"node '{input.Name}' is not an input of the network");
        RequireDevice(values, _scope.InputShapes[input.Index], "input", input);
        if (!_scope.Wanted[input.Index])
            return;
        _part.Queue.Copy(values.Handle, _part.ValueOf(input), values.Bytes);
        (_ran, _loaded) = (false, None);
    }

    /// <summary>Copies the value of an observed node (or an input) to memory of the plan's device, in the order of <see cref="Stream"/>; the host does not wait.</summary>
    /// <exception cref="PreimageException">The plan is not on that GPU, has not run, or does not observe the node.</exception>
    /// <exception cref="ShapeException">The block is of another size than the value.</exception>
    public void Read(Node node, DeviceMemory values)
    {
        using Turn turn = Enter();
        RequireObserved(node);
        RequireDevice(values, ShapeOf(node), "node", node);
        if (_scope.Values[node.Index].Constant is not null)
            throw new PreimageException($"node '{node.Name}' is a constant, which is not on the device: read it into a span");
        _part.Queue.Copy(_part.ValueOf(node), values.Handle, values.Bytes);
    }

    /// <summary>Carries back a seed that lies in memory of the plan's device, in the order of <see cref="Stream"/>; the host does not wait.</summary>
    /// <param name="seed">N*K rows of NCHW float32.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="cancellation">Checked before the pass.</param>
    /// <exception cref="PreimageException">The plan is not on that GPU, keeps nothing, has not run, or the rule has no meaning at a node.</exception>
    /// <exception cref="ShapeException">The block is of another size than the seed.</exception>
    public void Backward(DeviceMemory seed, BackwardRule rule, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        RequireRule(rule);
        RequireRun();
        RequireDevice(seed, SeedShape, "the seed at", _scope.SeedNode!);
        _part.Queue.Copy(seed.Handle, _part.SignalOf(_scope.SeedNode!), seed.Bytes);
        _part.RunBackward(rule, cancellation);
    }

    /// <summary>Copies the gradient of an input to memory of the plan's device, in the order of <see cref="Stream"/>; the host does not wait.</summary>
    /// <exception cref="PreimageException">The plan is not on that GPU, or does not compute that gradient.</exception>
    /// <exception cref="ShapeException">The block is of another size than the gradient.</exception>
    public void ReadGradient(Node input, DeviceMemory gradient)
    {
        using Turn turn = Enter();
        RequireDevice(gradient, GradientShape(input), "the gradient of", input);
        _part.Queue.Copy(_part.SignalOf(input), gradient.Handle, gradient.Bytes);
    }

    void RequireDevice(DeviceMemory memory, Shape shape, string what, Node node)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (Stream is not { } stream || memory.Context.Device.Ordinal != stream.Context.Device.Ordinal)
            throw new PreimageException($"memory of GPU {memory.Context.Device.Ordinal} goes to plans on it, not on {_engine.Device}");
        if (_parts > 1 || _part.Portions > 1 || _size.Seeds != Options.Seeds)
            throw new PreimageException($"{_scope.Samples} samples run {_size.Samples} at a time, which goes by way of the host: raise PlanOptions.MemoryBudget");
        if (memory.Bytes != shape.Bytes)
            throw new ShapeException($"{what} '{node.Name}' has {memory.Bytes} bytes of device memory where {shape} has {shape.Bytes}");
    }
}
