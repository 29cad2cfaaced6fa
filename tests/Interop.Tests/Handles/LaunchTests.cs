using System.Text;
using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Modules, launches, captured graphs, and that running them allocates nothing.</summary>
public sealed class LaunchTests : CudaTest
{
    const int Count = 1000;

    readonly CudaContext _context;
    readonly CudaStream _stream;
    readonly CudaModule _module;
    readonly DeviceMemory _memory;

    public LaunchTests()
    {
        _context = CudaContext.Primary();
        _stream = new CudaStream(_context);
        _module = TestKernel.Load(_context);
        _memory = new DeviceMemory(_context, 4 * Count);
    }

    CudaKernel Kernel => _module.Kernel("test_scale");

    public override void Dispose()
    {
        _memory.Dispose();
        _module.Dispose();
        _stream.Dispose();
        _context.Dispose();
        base.Dispose();
    }

    [Fact]
    public void Launch_PassesItsArguments()
    {
        using var current = _context.MakeCurrent();
        _stream.Fill(_memory.Handle, 2, Count);
        TestKernel.Scale(Kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 1.5f, Count - 1);
        float[] back = Values();
        Assert.All(back[..^1], b => Assert.Equal(3, b));
        Assert.Equal(2, back[^1]);
    }

    [Fact]
    public void Shape_OverItems_IsNoLargerThanTheDeviceHolds()
    {
        var device = _context.Device;
        Assert.Equal(1, LaunchShape.Over(1).On(device).GridX);
        Assert.Equal(4, LaunchShape.Over(1000, 256).On(device).GridX);
        int held = device.Multiprocessors * (device.ThreadsPerMultiprocessor / 256);
        Assert.Equal(held, LaunchShape.Over(1L << 40).On(device).GridX);
        Assert.Throws<ArgumentOutOfRangeException>(() => LaunchShape.Over(0));
    }

    [Fact]
    public void Limits_AreNamed()
    {
        using var current = _context.MakeCurrent();
        var kernel = Kernel;
        Assert.Contains("1x65536x1", Refused(new LaunchShape(1, GridY: 65536)));
        Assert.Contains("0x1x1", Refused(new LaunchShape(0)));
        Assert.Contains("1024x2x1", Refused(new LaunchShape(1, BlockX: 1024, BlockY: 2)));

        string Refused(LaunchShape shape) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => TestKernel.Scale(kernel, _stream, shape, _memory.Handle, 1, 1)).Message;
    }

    [Fact]
    public void MissingEntry_AndBrokenPtx_AreNamed()
    {
        Assert.Contains("no_such_kernel", Assert.Throws<CudaException>(() => _module.Kernel("no_such_kernel")).Message);
        var error = Assert.Throws<CudaException>(() => new CudaModule(_context, Encoding.UTF8.GetBytes("this is no PTX")));
        Assert.Contains("14 bytes of PTX", error.Message);
        Assert.Contains(error.Name, (string[])["CUDA_ERROR_INVALID_IMAGE", "CUDA_ERROR_INVALID_PTX"]);
    }

    [Fact]
    public void Graph_IsRecordedNotRun_AndReplaysOnTheSameAddresses()
    {
        using var current = _context.MakeCurrent();
        var kernel = Kernel;
        _stream.Fill(_memory.Handle, 1, Count);
        _stream.Synchronize();
        using var graph = Captured(kernel, 2);
        Assert.Equal(1, graph.Nodes);
        Assert.All(Values(), b => Assert.Equal(1, b));
        graph.Upload(_stream);
        for (int i = 0; i < 3; i++) graph.Launch(_stream);
        Assert.All(Values(), b => Assert.Equal(8, b));
        Assert.Equal(0, Simulator.Live(Simulator.Kind.Graphs));
    }

    [Fact]
    public void Graph_TakesOtherArgumentsOfTheSameShape()
    {
        using var current = _context.MakeCurrent();
        var kernel = Kernel;
        using var graph = Captured(kernel, 2);
        using (var capture = CudaGraph.Capture(_stream))
        {
            TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 5, Count);
            Assert.True(capture.FinishInto(graph));
        }
        using (var capture = CudaGraph.Capture(_stream))
        {
            _stream.Fill(_memory.Handle, 1, Count);
            TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 7, Count);
            Assert.False(capture.FinishInto(graph));
        }
        _stream.Fill(_memory.Handle, 1, Count);
        graph.Launch(_stream);
        Assert.All(Values(), b => Assert.Equal(5, b));
    }

    [Fact]
    public void Capture_OfOneThread_IsNotSpoiltByAnothers()
    {
        using var current = _context.MakeCurrent();
        var kernel = Kernel;
        using var capture = CudaGraph.Capture(_stream);
        TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 2, Count);
        Assert.Null(OnOtherThread(() => new DeviceMemory(_context, 64).Dispose()));
        capture.Finish().Dispose();
    }

    [Fact]
    public void Capture_SpoiltByAWait_IsDroppedAndTheStreamWorks()
    {
        using var current = _context.MakeCurrent();
        Assert.Throws<CudaException>(() =>
        {
            using var capture = CudaGraph.Capture(_stream);
            _stream.Synchronize();
        });
        Assert.False(_stream.IsCapturing);
        _stream.Fill(_memory.Handle, 4, Count);
        Assert.All(Values(), b => Assert.Equal(4, b));
    }

    [Fact]
    public void Capture_LeftUnfinished_IsDropped()
    {
        var kernel = Kernel;
        using (var current = _context.MakeCurrent())
        using (var capture = CudaGraph.Capture(_stream)) TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 2, Count);
        Assert.False(_stream.IsCapturing);
        Assert.Equal(0, Simulator.Live(Simulator.Kind.Graphs));
    }

    [Fact]
    public void Debugging_WaitsBehindEveryLaunch_ButNotInACapture()
    {
        using var current = _context.MakeCurrent();
        _context.Synchronise = true;
        var kernel = Kernel;
        TestKernel.Scale(kernel, _stream, LaunchShape.Over(1), _memory.Handle, 1, 1);
        Assert.Equal(1, Simulator.Calls("cuStreamSynchronize"));
        using var graph = Captured(kernel, 1);
        Assert.Equal(1, Simulator.Calls("cuStreamSynchronize"));
        graph.Launch(_stream);
        Assert.Equal(2, Simulator.Calls("cuStreamSynchronize"));
    }

    [Fact]
    public void Running_AllocatesNothing()
    {
        using var current = _context.MakeCurrent();
        var kernel = Kernel;
        using var graph = Captured(kernel, 1);
        using var passed = new CudaEvent(_context);
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            using var scope = _context.MakeCurrent();
            TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, 1, Count);
            graph.Launch(_stream);
            _stream.Fill(_memory.Handle, 1, Count);
            passed.Record(_stream);
            _stream.WaitFor(passed);
            _stream.Synchronize();
        }
    }

    CudaGraph Captured(CudaKernel kernel, float factor)
    {
        using var capture = CudaGraph.Capture(_stream);
        TestKernel.Scale(kernel, _stream, LaunchShape.Over(Count), _memory.Handle, factor, Count);
        return capture.Finish();
    }

    float[] Values()
    {
        float[] back = new float[Count];
        _stream.Download<float>(back, _memory.Handle);
        return back;
    }
}
