using BenchmarkDotNet.Attributes;
using Preimage.Cpu;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Pooling;

namespace Preimage.Perf.Kernels;

/// <summary>What AlexNet has beside products: pool1 (96 planes of 55 x 55, windows of 3 at stride 2), norm1 after it, a softmax of 1000.</summary>
public unsafe class LayerBenchmarks : IDisposable
{
    const int Channels = 96, Before = 55, After = 27, Classes = 1000;

    static readonly Execution s_execution = new(IsaChoice.Default, 1);
    static readonly PoolingGeometry s_pool = new() { C = Channels, H = Before, W = Before, OutH = After, OutW = After, R = 3, S = 3, StrideY = 2, StrideX = 2 };
    static readonly LocalResponseGeometry s_norm = new(Channels, After * After, Size: 5, Kappa: 2, Alpha: 1e-4f, Beta: 0.75f);

    readonly AlignedBuffer _x = Values.Drawn(1, Channels * Before * Before), _y = Values.Drawn(2, Channels * After * After), _z = Values.Drawn(3, Channels * After * After);
    readonly AlignedBuffer _switches = new(sizeof(int) * Channels * After * After), _signal = Values.Drawn(4, Channels * After * After);
    readonly AlignedBuffer _scratch = new(LocalResponse.ScratchBytes(s_execution, s_norm) + SoftmaxLines.ScratchBytes(s_execution, Classes, 1));

    [Benchmark]
    public void MaxPool() => MaxPooling.Forward(s_execution, s_pool, Channels, _x.Floats, _y.Floats, null);

    [Benchmark]
    public void MaxPoolWithSwitches() => MaxPooling.Forward(s_execution, s_pool, Channels, _x.Floats, _y.Floats, (int*)_switches.Address);

    [Benchmark]
    public void LocalResponseForward() => LocalResponse.Forward(s_execution, s_norm, 1, _y.Floats, _z.Floats);

    [Benchmark]
    public void LocalResponseBackward() => LocalResponse.Backward(s_execution, s_norm, 1, 1, _y.Floats, _signal.Floats, _z.Floats, _scratch.Address);

    [Benchmark]
    public void Softmax() => SoftmaxLines.Forward(s_execution, false, 1, Classes, 1, _y.Floats, _z.Floats, _scratch.Address);

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (AlignedBuffer buffer in (AlignedBuffer[])[_x, _y, _z, _switches, _signal, _scratch])
            buffer.Dispose();
        GC.SuppressFinalize(this);
    }
}
