using System.Reflection;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Interop.Tests.Handles;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Kernels;

/// <summary>Our kernels, embedded, loaded and launched through their launchers.</summary>
public sealed class KernelLibraryTests : CudaTest
{
    readonly CudaContext _context;
    readonly CudaStream _stream;
    readonly KernelLibrary _kernels;

    public KernelLibraryTests()
    {
        _context = CudaContext.Primary();
        _stream = new CudaStream(_context);
        _kernels = new KernelLibrary(_context);
    }

    public override void Dispose()
    {
        _kernels.Dispose();
        _stream.Dispose();
        _context.Dispose();
        base.Dispose();
    }

    [Fact]
    public void EveryLaunchersKernel_IsThere()
    {
        var entries = typeof(KernelEntry).Assembly.GetTypes().Where(t => t.Namespace == typeof(ElementwiseKernels).Namespace)
            .SelectMany(t => t.GetFields(BindingFlags.NonPublic | BindingFlags.Static)).Select(f => f.GetValue(null)).OfType<KernelEntry>().ToList();
        Assert.True(entries.Count > 30);
        Assert.Equal(entries.Count, entries.Select(e => e.Index).Distinct().Count());
        Assert.All(entries, e => Assert.Equal(e.Name, _kernels[e].Name));
        Assert.All(entries, e => Assert.Same(_kernels[e], _kernels[e]));
    }

    [Fact]
    public void Launcher_PassesEveryKindOfArgument_AndAllocatesNothing()
    {
        const int Count = 1000;
        using DeviceMemory x = new(_context, 4 * Count), y = new(_context, 4 * Count);
        using var current = _context.MakeCurrent();
        Run();
        float[] back = new float[Count];
        _stream.Download<float>(back, y.Handle);
        Assert.All(back, b => Assert.Equal(3.5f, b));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        _stream.Synchronize();

        void Run()
        {
            ElementwiseKernels.Fill(_kernels, _stream, LaunchShape.Over(Count), x.Handle, 1.5f, Count);
            ElementwiseKernels.Fill(_kernels, _stream, LaunchShape.Over(Count), y.Handle, 0.5f, Count);
            ElementwiseKernels.Axpy(_kernels, _stream, LaunchShape.Over(Count), x.Handle, y.Handle, 2, Count);
        }
    }

    [Fact]
    public void SeveralThreads_LoadAFamilyOnce()
    {
        Parallel.For(0, 8, i =>
        {
            using var memory = new DeviceMemory(_context, 64);
            using var current = _context.MakeCurrent();
            ElementwiseKernels.Fill(_kernels, _stream, LaunchShape.Over(16), memory.Handle, i, 16);
            _stream.Synchronize();
        });
        Assert.Equal(1, Simulator.Calls("cuModuleLoadDataEx"));
    }

    [Fact]
    public void UnknownFamily_AndDisposedLibrary_AreRefused()
    {
        Assert.Contains("Native/Kernels/nothing.ptx", Assert.Throws<ArgumentException>(() => _kernels.Load("nothing")).Message);
        _kernels.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _kernels.Load(ElementwiseKernels.Family));
    }
}
