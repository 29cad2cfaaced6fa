using System.Runtime.CompilerServices;
using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Whatever the order of disposing, and without it, everything is destroyed, children before parents.</summary>
public sealed class ReleaseTests : CudaTest
{
    const int Kinds = 6;

    public static TheoryData<string> Orders => [.. Permutations("012345").Where((_, i) => i % 7 == 0)];

    [Theory, MemberData(nameof(Orders))]
    public void AnyOrderOfDisposing_DestroysChildrenFirst(string order)
    {
        NativeHandle[] all = Make();
        Assert.Equal(Kinds, NativeHandle.Outstanding);
        foreach (char which in order) all[which - '0'].Dispose();
        string[] log = [.. Simulator.Log().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[^1])];
        Assert.Equal("cuDevicePrimaryCtxRelease_v2", log.Last(e => e.Contains("Release") || e.Contains("Destroy") || e.Contains("Free") || e.Contains("Unload")));
        Assert.True(Array.LastIndexOf(log, "cuMemFreeAsync") < Array.LastIndexOf(log, "cuStreamDestroy_v2"));
        Assert.True(Array.LastIndexOf(log, "cuMemFreeAsync") < Array.LastIndexOf(log, "cuMemPoolDestroy"));
    }

    [Fact]
    public void Finalizers_DestroyWhatWasForgotten()
    {
        Forget();
        for (int i = 0; i < 10 && NativeHandle.Outstanding > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, NativeHandle.Outstanding);
        // Not in the order of the stream: it might be recording on another thread.
        Assert.Equal(0, Simulator.Calls("cuMemFreeAsync"));
    }

    [Fact]
    public void Finalizer_DoesNotSpoilACaptureUnderWay()
    {
        using var context = CudaContext.Primary();
        using var stream = new CudaStream(context);
        using var pool = new MemoryPool(context);
        using var memory = new DeviceMemory(context, 16);
        ForgetMemory(pool, stream);
        using (var capture = CudaGraph.Capture(stream))
        {
            stream.Fill(memory.Handle, 1, 4);
            for (int i = 0; i < 10 && NativeHandle.Outstanding > 4; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Assert.Equal(4, NativeHandle.Outstanding);
            using var graph = capture.Finish();
            Assert.Equal(1, graph.Nodes);
        }
    }

    [Fact]
    public void DisposingTwice_AndOnAnotherThread_IsHarmless()
    {
        NativeHandle[] all = Make();
        Assert.Null(OnOtherThread(() =>
        {
            foreach (var handle in all) handle.Dispose();
        }));
        foreach (var handle in all) handle.Dispose();
    }

    [Fact]
    public void DisposedHandle_IsRefused()
    {
        using var context = CudaContext.Primary();
        var stream = new CudaStream(context);
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        using var passed = new CudaEvent(context);
        Assert.Throws<ObjectDisposedException>(() => passed.Record(stream));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Forget() => Make();

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void ForgetMemory(MemoryPool pool, CudaStream stream) => _ = new DeviceMemory(pool, stream, 16);

    static NativeHandle[] Make()
    {
        var context = CudaContext.Primary();
        var stream = new CudaStream(context);
        var pool = new MemoryPool(context);
        return [context, stream, pool, new DeviceMemory(pool, stream, 64), new CudaEvent(context), TestKernel.Load(context)];
    }

    static IEnumerable<string> Permutations(string items) => items.Length <= 1
        ? [items] : items.SelectMany((c, i) => Permutations(items.Remove(i, 1)).Select(rest => c + rest));
}
