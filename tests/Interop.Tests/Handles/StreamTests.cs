using Preimage.Interop.Cuda;
using Preimage.Native.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Streams, events and memory: order, ownership, what is refused.</summary>
public sealed unsafe class StreamTests : CudaTest
{
    readonly CudaContext _context;

    // Behind the base's constructor, which starts the machine.
    public StreamTests() => _context = CudaContext.Primary();

    public override void Dispose()
    {
        _context.Dispose();
        base.Dispose();
    }

    [Fact]
    public void Event_OrdersTwoStreams()
    {
        using CudaStream first = new(_context), second = new(_context, priority: -1);
        using var filled = new CudaEvent(_context);
        using var memory = new DeviceMemory(_context, 32);
        using var copy = new DeviceMemory(_context, 32);
        first.Fill(memory.Handle, 3, 8);
        filled.Record(first);
        second.WaitFor(filled);
        second.Copy(copy.Handle, memory.Handle, 32);
        float[] back = new float[8];
        second.Download<float>(back, copy.Handle);
        Assert.All(back, b => Assert.Equal(3, b));
        Assert.True(filled.HasPassed && first.IsIdle && second.IsIdle);
    }

    [Fact]
    public void TimedEvents_TellMilliseconds()
    {
        using var stream = new CudaStream(_context);
        using CudaEvent start = new(_context, timing: true, blocking: true), end = new(_context, timing: true);
        start.Record(stream);
        end.Record(stream);
        stream.Synchronize();
        Assert.True(end.MillisecondsSince(start) >= 0);
    }

    [Fact]
    public void ForeignStream_IsUsedAndNotDestroyed()
    {
        nint native;
        using (_context.MakeCurrent()) CudaDriver.cuStreamCreate(&native, 0).ThrowIfFailed();
        using (var stream = CudaStream.FromForeign(_context, native))
        {
            using var memory = new DeviceMemory(_context, 4);
            stream.Clear(memory.Handle, 4);
            stream.Synchronize();
        }
        Assert.Equal(1, Simulator.Live(Simulator.Kind.Streams));
        using (_context.MakeCurrent()) CudaDriver.cuStreamDestroy_v2(native).ThrowIfFailed();
    }

    [Fact]
    public void DefaultStream_IsAccepted()
    {
        using var stream = CudaStream.FromForeign(_context, 0);
        stream.Synchronize();
        Assert.False(stream.IsInvalid);
    }

    [Fact]
    public void StreamOfAnotherContext_IsRefused()
    {
        _context.Dispose();
        Simulator.Start();
        Simulator.Devices(2);
        using var one = CudaContext.Primary(0);
        using var two = CudaContext.Primary(1);
        using var stream = new CudaStream(one);
        Assert.Throws<ArgumentException>(() => CudaStream.FromForeign(two, stream.Handle));
        Assert.Throws<ArgumentException>(() => CudaStream.FromForeign(one, 12345));
    }

    [Fact]
    public void ForeignMemory_IsCheckedAndNotFreed()
    {
        ulong allocated;
        using (_context.MakeCurrent()) CudaDriver.cuMemAlloc_v2(&allocated, 100).ThrowIfFailed();
        ulong pointer = allocated;
        using (var memory = DeviceMemory.FromForeign(_context, pointer + 40, 60)) Assert.Equal(pointer + 40, memory.Pointer);
        var error = Assert.Throws<ArgumentException>(() => DeviceMemory.FromForeign(_context, pointer + 40, 61));
        Assert.Contains("60 bytes, 61", error.Message);
        Assert.Throws<ArgumentException>(() => DeviceMemory.FromForeign(_context, 0x1000, 4));
        Assert.Equal(1, Simulator.Live(Simulator.Kind.DeviceMemory));
        using (_context.MakeCurrent()) CudaDriver.cuMemFree_v2(pointer).ThrowIfFailed();
    }

    [Fact]
    public void PinnedMemory_IsReadLater_PageableIsWaitedFor()
    {
        using var stream = new CudaStream(_context);
        using var memory = new DeviceMemory(_context, 16);
        using var pinned = new PinnedMemory(_context, 32);
        pinned.As<float>()[4] = 7;
        stream.UploadLater(memory.Handle, pinned, 16, 4);
        stream.DownloadLater(pinned, 0, memory.Handle, 4);
        Assert.Equal(0, Simulator.PageableCopies());
        stream.Synchronize();
        Assert.Equal(7, pinned.As<float>()[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.UploadLater(memory.Handle, pinned, 30, 4));
        stream.Upload<float>(memory.Handle, [1]);
        Assert.True(stream.IsIdle);
    }

    [Fact]
    public void Rows_AreCopiedByPitch()
    {
        using var stream = new CudaStream(_context);
        using DeviceMemory from = new(_context, 4 * 12), to = new(_context, 4 * 6);
        stream.Upload<float>(from.Handle, [.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        stream.CopyRows(to.Handle, 8, from.Handle + 4, 16, 8, 3);
        float[] back = new float[6];
        stream.Download<float>(back, to.Handle);
        Assert.Equal([1, 2, 5, 6, 9, 10], back);
    }

    [Fact]
    public void Pool_HandsOutInTheOrderOfAStream()
    {
        using var pool = new MemoryPool(_context);
        using var stream = new CudaStream(_context);
        float[] back = new float[4];
        using (var memory = new DeviceMemory(pool, stream, 16))
        {
            stream.Fill(memory.Handle, 2, 4);
            stream.Download<float>(back, memory.Handle);
            Assert.All(back, b => Assert.Equal(2, b));
            Assert.True(pool.Size.Used >= 16);
        }
        Assert.Equal(1, Simulator.Calls("cuMemFreeAsync"));
        stream.Synchronize();
        Assert.Equal(0ul, pool.Size.Used);
        pool.Trim();
        Assert.Equal(0ul, pool.Size.Reserved);
    }

    [Fact]
    public void PoolMemory_OfAForeignStreamThatIsGone_IsFreedAllTheSame()
    {
        nint native;
        using (_context.MakeCurrent()) CudaDriver.cuStreamCreate(&native, 1).ThrowIfFailed();
        using var pool = new MemoryPool(_context);
        using (var stream = CudaStream.FromForeign(_context, native))
        {
            using var memory = new DeviceMemory(pool, stream, 16);
            using (_context.MakeCurrent()) CudaDriver.cuStreamDestroy_v2(native).ThrowIfFailed();
        }
        Assert.Equal(0, Simulator.Live(Simulator.Kind.DeviceMemory));
    }
}
