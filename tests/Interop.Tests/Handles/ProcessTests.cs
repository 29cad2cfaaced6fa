using Preimage.Interop.Cuda;
using Preimage.Native;
using Preimage.Native.Cuda;
using Preimage.Tests.Shared.Cuda;
using Preimage.Tests.Shared.Processes;

namespace Preimage.Interop.Tests.Handles;

/// <summary>What is settled for a process as a whole: that CUDA is missing, and how it ends with handles open.</summary>
[Collection("CUDA")]
public sealed class ProcessTests
{
    const string Child = "PREIMAGE_TEST_CHILD";

    [Fact]
    public async Task MissingCuda_IsOneErrorThatListsWhatWasTried()
    {
        if (Environment.GetEnvironmentVariable(Child) == nameof(MissingCuda_IsOneErrorThatListsWhatWasTried))
        {
            Assert.False(CudaLibraries.IsAvailable);
            Assert.Equal(0, CudaDevice.Count);
            Assert.Empty(CudaLibraries.Describe());
            foreach (Action ask in (Action[])[() => CudaContext.Primary(), () => CudaContext.FromForeign(1), () => CudaDevice.Get(0)])
            {
                var error = Assert.Throws<NativeLibraryMissingException>(ask);
                Assert.Equal(["/nowhere/libcuda.so.1 (does not exist, but is named in PREIMAGE_CUDA)"], error.Tried);
                Assert.Contains("/nowhere/libcuda.so.1", error.Message);
                Assert.Contains("PREIMAGE_CUDA", error.Message);
                Assert.Contains("Device.Cpu", error.Message);
            }
            Assert.Throws<InvalidOperationException>(() => CudaLibraries.TakeFrom("/too/late"));
            // Nor does the runtime look for a copy of its own behind our back.
            Assert.Contains("/nowhere", Assert.Throws<DllNotFoundException>(() => CudaDriver.cuInit(0)).Message);
            return;
        }
        await InAChild(nameof(MissingCuda_IsOneErrorThatListsWhatWasTried), "/nowhere/libcuda.so.1");
    }

    [Fact]
    public async Task ProcessWithOpenHandles_EndsWithoutNativeWork()
    {
        Simulator.Start();
        if (Environment.GetEnvironmentVariable(Child) == nameof(ProcessWithOpenHandles_EndsWithoutNativeWork))
        {
            var context = CudaContext.Primary();
            var forgotten = new CudaStream(context);
            // Comes behind the handler that NativeHandle set: from here on nothing native is to be called.
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                string before = Simulator.Log();
                forgotten.Dispose();
                context.Dispose();
                if (Simulator.Log() != before) Environment.FailFast("native calls while the process exits");
            };
            return;
        }
        Assert.True(Libraries.TryLoad(Libraries.Cuda, out var driver));
        await InAChild(nameof(ProcessWithOpenHandles_EndsWithoutNativeWork), driver.Taken!);
    }

    static async Task InAChild(string test, string cuda)
    {
        var run = await ChildRun.StartAsync(
            new Dictionary<string, string?> { [Child] = test, ["PREIMAGE_CUDA"] = cuda }, "--filter-method", $"*{nameof(ProcessTests)}.{test}");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(1, run.Count("succeeded"));
    }
}
