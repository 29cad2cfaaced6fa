using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Backends.Cuda;

namespace Preimage.Layers;

/// <summary>A network on a device: packs weights once, makes plans and lends them out. Safe to use from several threads.</summary>
public sealed class Engine : IDisposable
{
    /// <summary>Idle plans kept for the next caller; each holds its memory.</summary>
    const int IdlePlans = 4;

    readonly Backend _backend;
    readonly LinkedList<(string Key, ExecutionPlan Plan)> _idle = [];
    readonly Lock _lock = new();
    int _holders = 1;
    bool _disposed;

    internal Engine(Network network, Device device, EngineOptions options)
    {
        Network = network;
        Options = options;
        network.RetainWeights();
        try
        {
            _backend = device.Kind switch
            {
                DeviceKind.Cpu => new CpuBackend(options),
                _ => new CudaBackend(device, options),
            };
        }
        catch
        {
            network.ReleaseWeights();
            throw;
        }
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The device.</summary>
    public Device Device => _backend.Device;

    /// <summary>The native libraries it runs on: the driver, cuBLAS and cuDNN of a GPU; none on the processor.</summary>
    public IReadOnlyList<DeviceLibrary> Libraries => field ??= Device.Kind == DeviceKind.Cuda ? Gpu.Libraries : [];

    /// <summary>How it runs.</summary>
    public EngineOptions Options { get; }

    /// <summary>Bytes of packed copies of weights, shared by all plans.</summary>
    public long PackedBytes => _backend.PackedBytes;

    /// <summary>Makes a plan for the caller's own use.</summary>
    /// <exception cref="PreimageException">The options name something that is not there, or shapes do not fit.</exception>
    public ExecutionPlan Plan(PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ExecutionPlan(this, _backend, options);
    }

    /// <summary>The bytes of memory a plan would take (<see cref="ExecutionPlan.PeakBytes"/>), without taking them.</summary>
    /// <exception cref="PreimageException">The options name something that is not there, or shapes do not fit.</exception>
    public long Measure(PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ExecutionPlan.Measure(Network, _backend, options);
    }

    /// <summary>Times all algorithms that cuDNN has for the convolutions of a plan, and uses the fastest that the precision allows in plans made from now on.</summary>
    /// <remarks>Takes as much memory as the largest convolution and its workspace. A run never times anything by itself: see <see cref="ConvolutionTuning"/>.</remarks>
    /// <returns>All choices of this engine, to be kept in a file and given to others (<see cref="EngineOptions.Tuning"/>).</returns>
    /// <exception cref="PreimageException">The device is no GPU, or no algorithm will do.</exception>
    public ConvolutionTuning Tune(PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ConvolutionTuning tuning = _backend.Tune(() => ExecutionPlan.Measure(Network, _backend, options));
        DropIdle();
        return tuning;
    }

    /// <summary>Lends a plan, an idle one if there is one for the same options; disposing the loan gives it back.</summary>
    /// <exception cref="PreimageException">The options name something that is not there, or shapes do not fit.</exception>
    public PlanLoan Rent(PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        string key = options.Key();
        lock (_lock)
        {
            for (var at = _idle.First; at is not null; at = at.Next)
            {
                if (at.Value.Key == key)
                {
                    _idle.Remove(at);
                    return new PlanLoan(this, key, at.Value.Plan);
                }
            }
        }

        return new PlanLoan(this, key, Plan(options));
    }

    /// <summary>Frees idle plans, and packed weights with them. Plans lent or made before keep what they need until they are disposed themselves.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        DropIdle();
        LetGo();
    }

    void DropIdle()
    {
        (string, ExecutionPlan Plan)[] idle;
        lock (_lock)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach ((_, ExecutionPlan plan) in idle)
            plan.Dispose();
    }

    /// <summary>A plan starts to need the packed weights.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>A plan, or the engine itself, needs them no more; with the last one they go.</summary>
    internal void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        _backend.Dispose();
        Network.ReleaseWeights();
    }

    internal void Return(string key, ExecutionPlan plan)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _idle.AddFirst((key, plan));
                if (_idle.Count <= IdlePlans)
                    return;
                plan = _idle.Last!.Value.Plan;
                _idle.RemoveLast();
            }
        }

        plan.Dispose();
    }
}

/// <summary>A plan on loan from an engine.</summary>
public sealed class PlanLoan : IDisposable
{
    readonly Engine _engine;
    readonly string _key;
    ExecutionPlan? _plan;

    internal PlanLoan(Engine engine, string key, ExecutionPlan plan)
    {
        _engine = engine;
        _key = key;
        _plan = plan;
    }

    /// <summary>The plan.</summary>
    public ExecutionPlan Plan => _plan ?? throw new ObjectDisposedException(nameof(PlanLoan));

    /// <summary>Gives the plan back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _plan, null) is { } plan)
            _engine.Return(_key, plan);
    }
}
