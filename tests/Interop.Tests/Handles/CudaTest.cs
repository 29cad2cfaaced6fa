using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>A test on the simulator: a machine just started before it; nothing left behind, nothing damaged, no failed release after it.</summary>
[Collection("CUDA")]
public abstract class CudaTest : IDisposable
{
    int _failures;

    protected CudaTest()
    {
        Simulator.Start();
        _failures = NativeHandle.Failures;
    }

    /// <summary>Whether the test has killed a context: what is left in it cannot be freed.</summary>
    protected bool IsContextLost { get; set; }

    /// <summary>For a test that makes a release fail on purpose.</summary>
    protected void ForgiveFailures() => _failures = NativeHandle.Failures;

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Assert.Equal(0, NativeHandle.Outstanding);
        Assert.Equal(_failures, NativeHandle.Failures);
        if (IsContextLost) return;
        Assert.Equal("", Simulator.Leaks());
        Assert.Equal(0, Simulator.DamagedGuards());
    }

    /// <summary>Runs on a thread of its own, which has no context yet, and gives what it threw.</summary>
    protected static Exception? OnOtherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        return thrown;
    }
}

/// <summary>One test at a time: the machine, and the count of handles, are of the process.</summary>
[CollectionDefinition("CUDA", DisableParallelization = true)]
public sealed class CudaCollection;
