using Preimage.Interop.Cuda;
using Preimage.Interop.Tests.Bindings;
using Preimage.Native.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Contexts: who owns them, and whose they are on a thread.</summary>
public sealed unsafe class ContextTests : CudaTest
{
    [Fact]
    public void Device_SaysWhatItIs()
    {
        Simulator.Devices(2);
        Assert.Equal(2, CudaDevice.Count);
        var first = CudaDevice.Get(0);
        var second = CudaDevice.Get(1);
        Assert.Equal(1, second.Ordinal);
        Assert.NotEqual(first.Uuid, second.Uuid);
        Assert.NotEqual(first.PciBusId, second.PciBusId);
        Assert.True(first.Multiprocessors > 0 && first.ThreadsPerBlock >= 256 && first.TotalMemory > 1 << 20);
        Assert.True(CudaLibraries.IsSimulator);
        Assert.Contains(CudaLibraries.Describe(), l => l.Name == "driver" && l.Version >= 12000);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CudaDevice.Get(2));
        Assert.Contains("0..1", error.Message);
    }

    [Fact]
    public void EveryImport_IsThereToBeCalled() => Assert.DoesNotContain(Bound.Signatures().Keys, name => !Simulator.Has(name));

    [Fact]
    public void Libraries_AreDescribed()
    {
        var libraries = CudaLibraries.Describe();
        Assert.Equal(["driver", "cuBLAS", "cuDNN"], libraries.Select(l => l.Name));
        Assert.All(libraries, l => Assert.True(File.Exists(l.Path), l.Path));
        Assert.True(libraries[1].Version >= 120000 && libraries[2].Version >= 90000);
    }

    [Fact]
    public void NoDevice_IsSaid()
    {
        Simulator.Devices(0);
        Assert.False(CudaLibraries.IsAvailable);
        Assert.Equal(0, CudaDevice.Count);
        Assert.ThrowsAny<Exception>(() => CudaContext.Primary());
    }

    [Fact]
    public void PrimaryContext_IsSharedAndReleasedAsOftenAsRetained()
    {
        var one = CudaContext.Primary();
        var two = CudaContext.Primary();
        Assert.Equal(one.Handle, two.Handle);
        Assert.Equal(2, Simulator.Live(Simulator.Kind.PrimaryContexts));
        Assert.Equal(2, NativeHandle.Outstanding);
        one.Dispose();
        one.Dispose();
        Assert.Equal(1, Simulator.Live(Simulator.Kind.PrimaryContexts));
        two.Dispose();
        Assert.Throws<ObjectDisposedException>(() => two.Handle);
        Assert.Throws<ObjectDisposedException>(() => two.Synchronize());
    }

    [Fact]
    public void MakeCurrent_PutsTheFormerOneBack()
    {
        Simulator.Devices(2);
        using var first = CudaContext.Primary(0);
        using var second = CudaContext.Primary(1);
        Assert.Equal(0, Current());
        using (first.MakeCurrent())
        {
            Assert.Equal(first.Handle, Current());
            using (second.MakeCurrent())
            {
                Assert.Equal(second.Handle, Current());
                long pushes = Simulator.Calls("cuCtxPushCurrent_v2");
                using (second.MakeCurrent()) Assert.Equal(second.Handle, Current());
                Assert.Equal(pushes, Simulator.Calls("cuCtxPushCurrent_v2"));
            }
            Assert.Equal(first.Handle, Current());
        }
        Assert.Equal(0, Current());
    }

    [Fact]
    public void MakeCurrent_HoldsTheContextAlive()
    {
        var context = CudaContext.Primary();
        using (context.MakeCurrent())
        {
            context.Dispose();
            Assert.Equal(1, Simulator.Live(Simulator.Kind.PrimaryContexts));
        }
        Assert.Equal(0, Simulator.Live(Simulator.Kind.PrimaryContexts));
    }

    [Fact]
    public void Threads_WithoutAContextOfTheirOwn_UseEverything()
    {
        using var context = CudaContext.Primary();
        using var stream = new CudaStream(context);
        using var passed = new CudaEvent(context);
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(OnOtherThread(() =>
            {
                Assert.Equal(0, Current());
                using var memory = new DeviceMemory(context, 64);
                float[] values = [.. Enumerable.Range(0, 16).Select(n => (float)n)], back = new float[16];
                stream.Upload<float>(memory.Handle, values);
                passed.Record(stream);
                stream.Download<float>(back, memory.Handle);
                passed.Synchronize();
                Assert.Equal(values, back);
                Assert.Equal(0, Current());
            }));
        }
    }

    [Fact]
    public void SeveralThreadsAtOnce_EachOnItsStream()
    {
        using var context = CudaContext.Primary();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var stream = new CudaStream(context);
            using var memory = new DeviceMemory(context, 4 * 100);
            float[] back = new float[100];
            stream.Fill(memory.Handle, i, 100);
            stream.Download<float>(back, memory.Handle);
            Assert.All(back, b => Assert.Equal(i, b));
        });
    }

    [Fact]
    public void ForeignContext_IsUsedAndNotDestroyed()
    {
        CudaLibraries.RequireDriver();
        nint native, popped;
        Assert.Equal(0, ((delegate* unmanaged<nint*, uint, int, int>)Simulator.Export("cuCtxCreate_v2"))(&native, 0, 0));
        CudaDriver.cuCtxPopCurrent_v2(&popped);
        using (var context = CudaContext.FromForeign(native))
        {
            Assert.False(context.IsOwned);
            Assert.Equal(0, NativeHandle.Outstanding);
            Assert.Equal(0, context.Device.Ordinal);
            using var memory = new DeviceMemory(context, 16);
            Assert.Equal(1, NativeHandle.Outstanding);
        }
        Assert.Equal(1, Simulator.Live(Simulator.Kind.Contexts));
        Assert.Equal(0, ((delegate* unmanaged<nint, int>)Simulator.Export("cuCtxDestroy_v2"))(native));
        nint gone = native;
        Assert.Throws<ArgumentException>(() => CudaContext.FromForeign(gone));
        Assert.Throws<ArgumentException>(() => CudaContext.FromForeign(0));
    }

    static nint Current()
    {
        nint current;
        CudaDriver.cuCtxGetCurrent(&current).ThrowIfFailed();
        return current;
    }
}
