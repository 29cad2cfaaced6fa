using System.Runtime.CompilerServices;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Loops;

/// <summary>Work that is done again and again on a plan and on arrays beside it, all in the memory of one device.</summary>
/// <remarks>
/// A body is a delegate that calls this object and its <see cref="Arrays"/>, always the same calls in the same order: on a GPU its second run is recorded as a graph,
/// which later runs replay. What changes from run to run is in tables that operators read at the loop's counter. A loop belongs to one caller at a time, and so does its plan
/// meanwhile; it does not own the plan.
/// </remarks>
public sealed class DeviceLoop : IDisposable
{
    readonly ExecutionPlan _plan;
    readonly List<DeviceBuffer> _memory = [];
    readonly Dictionary<Action, RepeatedWork> _bodies = [];
    readonly List<(Node Node, DeviceArray<float> Values)> _seeds = [];
    readonly ILoopOperators _operators;
    CancellationToken _cancellation;
    Action? _lastBody;
    RepeatedWork? _lastWork;
    bool _disposed, _refreshes;

    internal DeviceLoop(ExecutionPlan plan)
    {
        _plan = plan;
        try
        {
            Counter = Allocate<int>(new Shape(1));
            _operators = plan.Backend.CreateArrayOperators(plan.Queue, Counter);
        }
        catch
        {
            FreeArrays();
            throw;
        }

        Arrays = _operators;
    }

    /// <summary>Operators on arrays, for bodies: on a GPU they fail outside <see cref="Run"/> and <see cref="Repeat"/>, where its device is not the thread's.</summary>
    public IArrayOperators Arrays { get; }

    /// <summary>The iteration, read by operators; <see cref="Repeat"/> counts it up.</summary>
    public DeviceArray<int> Counter { get; }

    /// <summary>Bytes of all arrays.</summary>
    public long Bytes => _memory.Sum(m => m.Bytes);

    /// <summary>Makes an array of zeros.</summary>
    public DeviceArray<T> Allocate<T>(Shape shape) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DeviceBuffer memory;
        using (_plan.Enter())
            memory = _plan.Backend.Allocate((long)shape.Count * Unsafe.SizeOf<T>());
        _memory.Add(memory);
        var array = new DeviceArray<T>(_plan, memory, shape);
        array.Upload(new T[shape.Count]);
        return array;
    }

    /// <summary>Makes an array of given numbers.</summary>
    public DeviceArray<T> Allocate<T>(Shape shape, ReadOnlySpan<T> values) where T : unmanaged
    {
        DeviceArray<T> array = Allocate<T>(shape);
        array.Upload(values);
        return array;
    }

    /// <summary>Says where the signal that starts at a seeded node lies; <see cref="Backward"/> reads it there. The pass leaves it as it is.</summary>
    /// <param name="node">The plan's <see cref="PlanOptions.SeedNode"/> or one of <see cref="PlanOptions.AlsoSeeded"/>.</param>
    /// <param name="values">N*K rows.</param>
    public void SetSeed(Node node, DeviceArray<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _plan.RequireSeed(node, values.Shape);
        _seeds.RemoveAll(s => s.Node == node);
        _seeds.Add((node, values));
        ForgetBodies();
    }

    /// <summary>In a body: copies an input of the network in.</summary>
    public void SetInput(Node input, DeviceArray<float> values) => _plan.LoopSetInput(input, values.Address, values.Shape);

    /// <summary>In a body: runs forward.</summary>
    public void Forward() => _plan.LoopForward(_cancellation);

    /// <summary>In a body: copies the value of an observed node out, after <see cref="Forward"/>.</summary>
    public void Read(Node node, DeviceArray<float> values) => _plan.LoopRead(node, values.Address, values.Shape);

    /// <summary>In a body: carries the signals of all seeded nodes back, after <see cref="Forward"/>.</summary>
    /// <exception cref="PreimageException">A seeded node has no signal: see <see cref="SetSeed"/>.</exception>
    public void Backward(BackwardRule rule) => _plan.LoopBackward(_seeds, rule, _cancellation);

    /// <summary>In a body: copies the gradient of an input out, after <see cref="Backward"/>.</summary>
    public void ReadGradient(Node input, DeviceArray<float> gradient) => _plan.LoopReadGradient(input, gradient.Address, gradient.Shape);

    /// <summary>The values of a parameter, where operators read them, as one row: change them in a body and call <see cref="RefreshParameters"/>.</summary>
    /// <param name="node">A node of <see cref="Weights.Parameters.Network"/>, whose plan this loop is of.</param>
    /// <param name="role">The role of the weights: weight, bias, scale, shift, slope.</param>
    /// <returns>An array that belongs to the parameters, and is good as long as the plan.</returns>
    /// <exception cref="PreimageException">The weights of the plan's network never change, or the node has no such parameter.</exception>
    public DeviceArray<float> Parameter(Node node, string role)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _plan.LoopParameter(node, role);
    }

    /// <summary>The gradient of a parameter after <see cref="Backward"/>, in the values' order, as one row: of all nodes that share the layer, and all samples.</summary>
    /// <param name="node">One of <see cref="PlanOptions.ParametersOf"/>.</param>
    /// <param name="role">The role of the weights.</param>
    /// <returns>An array of the plan's; it is good as long, and its numbers until the next pass.</returns>
    /// <exception cref="PreimageException">The plan does not compute it.</exception>
    public DeviceArray<float> ParameterGradient(Node node, string role)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _plan.LoopParameterGradient(node, role);
    }

    /// <summary>In a body, behind all that changes parameters: what operators made of them is made again.</summary>
    /// <remarks>Packed filters, the factors of batch norms, multiplied biases and spread slopes. Other plans of the parameters follow when they next run forward.</remarks>
    /// <exception cref="PreimageException">The weights of the plan's network never change.</exception>
    public void RefreshParameters()
    {
        _plan.LoopRefreshParameters();
        _refreshes = true;
    }

    /// <summary>Does a body's work once; the counter stays.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for, within one operator.</exception>
    public void Run(Action body, CancellationToken cancellation = default) => Execute(body, 1, counts: false, cancellation);

    /// <summary>Does a body's work a number of times, the counter going up by one after each.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for, within one operator; the counter tells how many iterations were done.</exception>
    public void Repeat(Action body, int times, CancellationToken cancellation = default) => Execute(body, times, counts: true, cancellation);

    /// <summary>Frees all arrays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        ForgetBodies();
        _disposed = true;
        using (_plan.Enter())
        {
            _plan.Queue.Drain();
            _operators.Dispose();
            FreeArrays();
        }
    }

    // What was recorded reads signals where they lay.
    void ForgetBodies()
    {
        if (_bodies.Count == 0)
            return;
        using (_plan.Enter())
        {
            _plan.Queue.Drain();
            foreach (RepeatedWork work in _bodies.Values)
                work.Dispose();
            _bodies.Clear();
            (_lastBody, _lastWork) = (null, null);
        }
    }

    void FreeArrays()
    {
        foreach (DeviceBuffer memory in _memory)
            memory.Dispose();
    }

    void Execute(Action body, int times, bool counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        ObjectDisposedException.ThrowIf(_disposed, this);
        using ExecutionPlan.Turn turn = _plan.Enter();
        _plan.LoopStarts();
        try
        {
            Work(body, times, counts, cancellation);
        }
        finally
        {
            if (_refreshes)
                _plan.LoopRefreshed();
        }
    }

    void Work(Action body, int times, bool counts, CancellationToken cancellation)
    {
        if (!counts)
        {
            cancellation.ThrowIfCancellationRequested();
            _cancellation = cancellation;
            body();
            return;
        }

        RepeatedWork work = WorkOf(body);
        for (int i = 0; i < times; i++)
        {
            // A body of arrays alone has nothing that asks.
            cancellation.ThrowIfCancellationRequested();
            _plan.Queue.Run(work, cancellation);
        }
    }

    RepeatedWork WorkOf(Action body)
    {
        // The same delegate again and again is the rule; to look a delegate up allocates 32 bytes.
        if (ReferenceEquals(body, _lastBody))
            return _lastWork!;
        if (!_bodies.TryGetValue(body, out RepeatedWork? work))
            _bodies.Add(body, work = MakeWork(body));
        (_lastBody, _lastWork) = (body, work);
        return work;
    }

    RepeatedWork MakeWork(Action body) => new(cancellation =>
    {
        _cancellation = cancellation;
        body();
        _operators.Advance();
    }, mayRecord: _plan.Options.NodeRule is null);
}

/// <summary>A backend's array operators, with what a loop needs beside them.</summary>
internal interface ILoopOperators : IArrayOperators, IDisposable
{
    /// <summary>Counts the iteration up.</summary>
    void Advance();
}
