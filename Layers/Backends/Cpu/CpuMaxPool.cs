using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Cpu.Pooling;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Max pooling; its state is one int32 per output, as the shared form has it.</summary>
internal sealed unsafe class CpuMaxPool : CpuOperator, IRecordsState
{
    readonly PoolingGeometry _geometry;

    public CpuMaxPool(Execution execution, in PoolingGeometry geometry) : base(execution)
    {
        GeometryChecks.Pooling(geometry);
        _geometry = geometry;
    }

    public override Needs NeedsFor(BackwardRule rule) => rule.Pool == PoolRule.Switches ? Needs.Switches : Needs.None;

    public override long StateBytes(int samples) => (long)samples * _geometry.C * _geometry.OutH * _geometry.OutW * sizeof(int);

    public override void Forward(in ForwardCall call) => MaxPooling.Forward(Execution, _geometry, checked(call.Output.Shape.N * _geometry.C),
        call.Inputs[0].Floats, call.Output.Floats, (int*)call.State);

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        float* signal = call.Signal.Floats, result = call.InputSignals[0].Floats;
        if (call.Rule.Pool == PoolRule.Centre)
            MaxPooling.BackwardToCentres(Execution, _geometry, call.Signal.Shape.N, signal, result);
        else
            MaxPooling.Backward(Execution, _geometry, call.Signal.Shape.N, call.Seeds, signal, result, (int*)call.State);
    }

    public int RecordBytes(int samples) => checked((int)StateBytes(samples));

    public void Export(int samples, Layout layout, nint state, Span<byte> record) => new ReadOnlySpan<byte>((void*)state, RecordBytes(samples)).CopyTo(record);

    public void Import(int samples, Layout layout, ReadOnlySpan<byte> record, nint state)
    {
        ReadOnlySpan<int> switches = MemoryMarshal.Cast<byte, int>(record[..RecordBytes(samples)]);
        int plane = _geometry.H * _geometry.W;
        for (int i = 0; i < switches.Length; i++)
        {
            if (switches[i] < -1 || switches[i] >= plane)
                throw new PreimageException($"switch {i} is {switches[i]}, outside a plane of {_geometry.H}x{_geometry.W} (0 to {plane - 1}, or -1 for none)");
        }

        switches.CopyTo(new Span<int>((void*)state, switches.Length));
    }
}
