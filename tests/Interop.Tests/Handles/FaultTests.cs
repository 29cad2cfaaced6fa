using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Calls that fail: the error names them, nothing is left behind, and a lost context is said to be lost.</summary>
public sealed class FaultTests : CudaTest
{
    [Theory]
    [InlineData("cuInit", 999)]
    [InlineData("cuDeviceGetAttribute", 1)]
    [InlineData("cuDevicePrimaryCtxRetain", 2)]
    [InlineData("cuCtxPushCurrent_v2", 201)]
    [InlineData("cuStreamCreateWithPriority", 2)]
    [InlineData("cuEventCreate", 2)]
    [InlineData("cuMemPoolCreate", 2)]
    [InlineData("cuMemPoolSetAttribute", 1)]
    [InlineData("cuMemAlloc_v2", 2)]
    [InlineData("cuMemAllocFromPoolAsync", 2)]
    [InlineData("cuMemHostAlloc", 2)]
    [InlineData("cuModuleLoadDataEx", 218)]
    [InlineData("cuModuleGetFunction", 500)]
    [InlineData("cuMemsetD32Async", 1)]
    [InlineData("cuLaunchKernel", 701)]
    [InlineData("cuEventRecord", 400)]
    [InlineData("cuStreamWaitEvent", 400)]
    [InlineData("cuStreamBeginCapture_v2", 900)]
    [InlineData("cuGraphGetNodes", 1)]
    [InlineData("cuGraphInstantiateWithFlags", 2)]
    [InlineData("cuGraphLaunch", 1)]
    [InlineData("cuMemcpyDtoHAsync_v2", 1)]
    [InlineData("cuStreamSynchronize", 999)]
    public void FailingCall_IsNamed_AndLeavesNothing(string entry, int code)
    {
        Simulator.Fault(entry, code);
        var error = Assert.Throws<CudaException>(Everything);
        Assert.Equal(1, Simulator.Fired(entry));
        Assert.Equal(code, error.Code);
        Assert.StartsWith(entry, error.Call);
        Assert.Contains($"({code})", error.Message);
        Assert.False(error.IsSticky);
        Assert.StartsWith("CUDA_ERROR_", error.Name);
        Assert.Equal(0, NativeHandle.Outstanding);
        Everything();
    }

    [Theory]
    [InlineData("cuLaunchKernel", 700)]
    [InlineData("cuLaunchKernel", 719)]
    [InlineData("cuMemsetD32Async", 716)]
    public void LateFailure_LosesTheContext_AndDisposingDoesNotThrow(string entry, int code)
    {
        IsContextLost = true;
        Simulator.FaultLate(entry, code);
        var error = Assert.Throws<CudaException>(Everything);
        Assert.Equal(1, Simulator.Fired(entry));
        Assert.Equal(code, error.Code);
        Assert.True(error.IsSticky);
        Assert.Contains("context is lost", error.Message);
    }

    [Fact]
    public void LateFailure_IsBlamedOnItsCall_WhenDebugging()
    {
        IsContextLost = true;
        using var context = CudaContext.Primary();
        context.Synchronise = true;
        using var current = context.MakeCurrent();
        using var stream = new CudaStream(context);
        using var module = TestKernel.Load(context);
        using var memory = new DeviceMemory(context, 64);
        var kernel = module.Kernel("test_scale");
        Simulator.FaultLate("cuLaunchKernel", 700);
        var error = Assert.Throws<CudaException>(() => TestKernel.Scale(kernel, stream, LaunchShape.Over(1), memory.Handle, 1, 1));
        Assert.Equal("test_scale", error.Call);
        Assert.True(error.IsSticky);
    }

    [Fact]
    public void LibrarysFailure_IsSticky_WhereTheContextIsLost()
    {
        IsContextLost = true;
        using var context = CudaContext.Primary();
        using var stream = new CudaStream(context);
        using var blas = new BlasHandle(stream, 1 << 12);
        using var memory = new DeviceMemory(context, 64);
        using var current = context.MakeCurrent();
        Simulator.Fault("cublasSgemm_v2", 13);
        Assert.False(Assert.Throws<CudaException>(Product).IsSticky);
        Simulator.FaultLate("cuMemsetD32Async", 700);
        stream.Fill(memory.Handle, 0, 16);
        Assert.True(Assert.Throws<CudaException>(stream.Synchronize).IsSticky);
        Simulator.Fault("cublasSgemm_v2", 13);
        Assert.True(Assert.Throws<CudaException>(Product).IsSticky);

        void Product() => blas.Multiply(false, false, 4, 4, 4, 1, memory.Handle, 4, memory.Handle, 4, 0, memory.Handle, 4);
    }

    [Fact]
    public void FailingRelease_IsCountedNotThrown()
    {
        int before = NativeHandle.Failures;
        using (var context = CudaContext.Primary())
        {
            var passed = new CudaEvent(context);
            Simulator.Fault("cuEventDestroy_v2", 400);
            passed.Dispose();
            Assert.Equal(before + 1, NativeHandle.Failures);
            Assert.Equal(1, Simulator.Live(Simulator.Kind.Events));
        }
        Simulator.Start();
        Assert.Equal(0, NativeHandle.Outstanding);
        ForgiveFailures();
    }

    /// <summary>A little of everything, cleaned up on the way out.</summary>
    static void Everything()
    {
        using var context = CudaContext.Primary();
        using var current = context.MakeCurrent();
        using var stream = new CudaStream(context);
        using var passed = new CudaEvent(context);
        using var pool = new MemoryPool(context);
        using var memory = new DeviceMemory(context, 64);
        using var ordered = new DeviceMemory(pool, stream, 64);
        using var pinned = new PinnedMemory(context, 64);
        using var module = TestKernel.Load(context);
        var kernel = module.Kernel("test_scale");
        stream.Fill(memory.Handle, 1, 16);
        TestKernel.Scale(kernel, stream, LaunchShape.Over(16), memory.Handle, 2, 16);
        passed.Record(stream);
        stream.WaitFor(passed);
        using var graph = Captured(kernel, stream, memory);
        graph.Launch(stream);
        Span<float> back = stackalloc float[16];
        stream.Download(back, memory.Handle);
        foreach (float value in back) Assert.Equal(6, value);
    }

    static CudaGraph Captured(CudaKernel kernel, CudaStream stream, DeviceMemory memory)
    {
        using var capture = CudaGraph.Capture(stream);
        TestKernel.Scale(kernel, stream, LaunchShape.Over(16), memory.Handle, 3, 16);
        return capture.Finish();
    }
}
