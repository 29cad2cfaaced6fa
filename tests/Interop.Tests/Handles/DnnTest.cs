using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Interop.Tests.Handles;

/// <summary>A test with a cuDNN handle and arrays on the device.</summary>
public abstract class DnnTest : CudaTest
{
    readonly List<DeviceMemory> _memory = [];
    readonly Random _random = new(11);

    protected DnnTest()
    {
        Context = CudaContext.Primary();
        Stream = new CudaStream(Context);
        Dnn = new DnnHandle(Stream);
    }

    private protected CudaContext Context { get; }

    private protected CudaStream Stream { get; }

    private protected DnnHandle Dnn { get; }

    public override void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var memory in _memory) memory.Dispose();
        Dnn.Dispose();
        Stream.Dispose();
        Context.Dispose();
        base.Dispose();
    }

    private protected float[] Drawn(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextSingle() - 0.5f)];

    private protected nint On(float[] values)
    {
        var memory = new DeviceMemory(Context, 4 * values.Length);
        _memory.Add(memory);
        Stream.Upload<float>(memory.Handle, values);
        return memory.Handle;
    }

    private protected float[] Back(nint address, int count)
    {
        float[] values = new float[count];
        Stream.Download<float>(values, address);
        return values;
    }

    private protected static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
