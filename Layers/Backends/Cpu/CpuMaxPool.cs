using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Pooling;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Max pooling; its state is one int32 per output as the shared form has it, or one byte in blocked layout.</summary>
internal sealed unsafe class CpuMaxPool : CpuOperator, IRecordsState
{
    readonly PoolingGeometry _geometry;
    readonly BlockedMaxPooling? _blocked;

    public CpuMaxPool(Execution execution, in PoolingGeometry geometry) : base(execution)
    {
        GeometryChecks.Pooling(geometry);
        _geometry = geometry;
        if (BlockedMaxPooling.Supports(geometry))
            _blocked = new BlockedMaxPooling(geometry);
    }

    /// <summary>A window of more taps than a byte can tell stays planar.</summary>
    public override LayoutRule Layouts => _blocked is null ? LayoutRule.Planar : LayoutRule.Follows;

    public override Needs NeedsFor(BackwardRule rule) => rule.Pool == PoolRule.Switches ? Needs.Switches : Needs.None;

    public override long StateBytes(int samples) => Math.Max(RecordBytes(samples), _blocked?.SwitchBytes(samples) ?? 0);

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        int samples = call.Output.Shape.N;
        if (call.Output.IsBlocked)
            _blocked!.Forward(Execution, samples, x, y, (byte*)call.State);
        else
            MaxPooling.Forward(Execution, _geometry, checked(samples * _geometry.C), x, y, (int*)call.State);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        float* signal = call.Signal.Floats, result = call.InputSignals[0].Floats;
        int rows = call.Signal.Shape.N;
        bool centre = call.Rule.Pool == PoolRule.Centre;
        if (call.Signal.IsBlocked && centre)
            _blocked!.BackwardToCentres(Execution, rows, signal, result);
        else if (call.Signal.IsBlocked)
            _blocked!.Backward(Execution, rows, call.Seeds, signal, result, (byte*)call.State);
        else if (centre)
            MaxPooling.BackwardToCentres(Execution, _geometry, rows, signal, result);
        else
            MaxPooling.Backward(Execution, _geometry, rows, call.Seeds, signal, result, (int*)call.State);
    }

    public int RecordBytes(int samples) => checked(samples * _geometry.C * _geometry.OutH * _geometry.OutW * sizeof(int));

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record)
    {
        Span<int> switches = MemoryMarshal.Cast<byte, int>(record[..RecordBytes(samples)]);
        if (layout == Layout.Blocked)
            _blocked!.Export(samples, new ReadOnlySpan<byte>((void*)state, checked((int)_blocked.SwitchBytes(samples))), switches);
        else
            new ReadOnlySpan<int>((void*)state, switches.Length).CopyTo(switches);
    }

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state)
    {
        ReadOnlySpan<int> switches = MemoryMarshal.Cast<byte, int>(record[..RecordBytes(samples)]);
        GeometryChecks.Switches(_geometry, switches);
        if (layout == Layout.Blocked)
            _ = _blocked!.Import(samples, switches, new Span<byte>((void*)state, checked((int)_blocked.SwitchBytes(samples))));
        else
            switches.CopyTo(new Span<int>((void*)state, switches.Length));
    }
}
