using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

/// <summary>Masks and switches in the form that all backends share.</summary>
public unsafe class RecordedStateTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(2, 8)]
    [InlineData(3, 600)]
    [InlineData(2, 1000)]
    public void Mask_is_one_bit_per_unit_over_the_whole_batch(int samples, int units)
    {
        using var backend = new CpuBackend(new EngineOptions());
        var shape = new Shape(samples, units);
        using IOperator relu = backend.CreateUnary(new UnaryFunction(UnaryKind.Relu), shape);
        float[] x = Draw.Normal(1, shape);
        using GuardedActivation input = new(shape, x), output = new(shape), state = new(relu.StateBytes(samples));
        relu.Forward(new ForwardCall { Queue = GuardedActivation.Queue, Inputs = [input.Activation], Output = output.Activation, State = state.Address });
        var recorder = (IRecordsState)relu;
        var record = new byte[recorder.RecordBytes(samples)];
        Assert.Equal((samples * units + 7) / 8, record.Length);
        recorder.Export(GuardedActivation.Queue, samples, Layout.Planar, state.Address, record);
        for (int i = 0; i < record.Length * 8; i++)
            Assert.True(((record[i / 8] >> (i % 8)) & 1) == (i < x.Length && x[i] > 0 ? 1 : 0), $"bit {i}");

        // The opposite mask, put back, passes what the first one stopped.
        byte[] opposite = Array.ConvertAll(record, b => (byte)~b);
        if (x.Length % 8 != 0)
            opposite[^1] &= (byte)((1 << (x.Length % 8)) - 1);
        recorder.Import(GuardedActivation.Queue, samples, Layout.Planar, opposite, state.Address);
        state.Checked("state");
        float[] signal = Draw.Normal(2, shape);
        using GuardedActivation top = new(shape, signal), result = new(shape);
        relu.Backward(new BackwardCall
        {
            Queue = GuardedActivation.Queue, Signal = top.Activation, InputSignals = [result.Activation], State = state.Address, Seeds = 1, Rule = BackwardRule.Gradient,
        });
        Assert.Equal(x.Zip(signal, (v, s) => v > 0 ? 0 : s), result.Checked("result"));
        var again = new byte[record.Length];
        recorder.Export(GuardedActivation.Queue, samples, Layout.Planar, state.Address, again);
        Assert.Equal(opposite, again);
    }

    [Fact]
    public void Switches_point_into_the_unpadded_plane_and_others_are_refused()
    {
        using var backend = new CpuBackend(new EngineOptions());
        var geometry = new PoolingGeometry { C = 2, H = 3, W = 4, OutH = 2, OutW = 3, R = 2, S = 2, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1 };
        using IOperator pool = backend.CreateMaxPool(geometry);
        Shape input = new(1, 2, 3, 4), output = new(1, 2, 2, 3);
        float[] x = Draw.Normal(3, input);
        using GuardedActivation from = new(input, x), to = new(output), state = new(pool.StateBytes(1));
        pool.Forward(new ForwardCall { Queue = GuardedActivation.Queue, Inputs = [from.Activation], Output = to.Activation, State = state.Address });
        var recorder = (IRecordsState)pool;
        var record = new byte[recorder.RecordBytes(1)];
        recorder.Export(GuardedActivation.Queue, 1, Layout.Planar, state.Address, record);
        float[] y = to.Checked("output");
        Span<int> switches = MemoryMarshal.Cast<byte, int>(record.AsSpan());
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(y[i], x[i / 6 * 12 + switches[i]]);

        recorder.Import(GuardedActivation.Queue, 1, Layout.Planar, record, state.Address);
        switches[5] = -1;
        recorder.Import(GuardedActivation.Queue, 1, Layout.Planar, record, state.Address);
        foreach (int wrong in new[] { 12, -2, int.MaxValue, int.MinValue, 3 })
        {
            MemoryMarshal.Cast<byte, int>(record.AsSpan())[7] = wrong;
            var error = Assert.Throws<PreimageException>(() => recorder.Import(GuardedActivation.Queue, 1, Layout.Planar, record, state.Address));
            Assert.Contains($"switch 7 is {wrong}", error.Message, StringComparison.Ordinal);
        }

        // A refused record leaves the state alone.
        var after = new byte[record.Length];
        recorder.Export(GuardedActivation.Queue, 1, Layout.Planar, state.Address, after);
        Assert.Equal(-1, MemoryMarshal.Cast<byte, int>(after)[5]);
    }
}
