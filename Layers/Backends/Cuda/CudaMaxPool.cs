using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Max pooling; its state is a byte per output, the tap of the maximum, or the shared form where a window has more taps than a byte can tell.</summary>
internal sealed class CudaMaxPool : CudaOperator, IRecordsState
{
    /// <summary>255 stands for none.</summary>
    const int MostTaps = 254;

    readonly PoolingGeometry _geometry;
    readonly bool _bytes;

    public CudaMaxPool(in PoolingGeometry geometry)
    {
        GeometryChecks.Pooling(geometry);
        _geometry = geometry;
        _bytes = geometry.R * geometry.S <= MostTaps;
    }

    public override bool GatesInputSignal => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Pool == PoolRule.Switches ? Needs.Switches : Needs.None;

    public override long StateBytes(int samples) => Outputs(samples) * (_bytes ? sizeof(byte) : sizeof(int));

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        PoolingGeometry g = _geometry;
        long outputs = call.Output.Shape.Count;
        PoolingKernels.MaxPoolForward(q.Kernels, q.Stream, LaunchShape.Over(outputs), call.Inputs[0].Address, call.Output.Address, _bytes ? call.State : 0,
            _bytes ? 0 : call.State, outputs, g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        PoolingGeometry g = _geometry;
        long elements = result.Shape.Count;
        int gate = call.InputMask == 0 ? 0 : MaskWords.Code(call.Rule);
        if (call.Rule.Pool == PoolRule.Centre)
        {
            PoolingKernels.MaxPoolBackwardCentres(q.Kernels, q.Stream, LaunchShape.Over(elements), call.Signal.Address, result.Address, elements, g.C,
                call.Seeds, call.InputMask, gate, g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
            return;
        }

        PoolingKernels.MaxPoolBackward(q.Kernels, q.Stream, LaunchShape.Over(elements), call.Signal.Address, _bytes ? call.State : 0, _bytes ? 0 : call.State,
            result.Address, elements, g.C, call.Seeds, call.InputMask, gate, g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
    }

    public int RecordBytes(int samples) => checked((int)(Outputs(samples) * sizeof(int)));

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record)
    {
        CudaQueue q = queue.Cuda;
        if (!_bytes)
        {
            q.Download(state, record[..RecordBytes(samples)]);
            return;
        }

        PoolingGeometry g = _geometry;
        long outputs = Outputs(samples);
        using var switches = new CudaBuffer(q.Stream.Context, RecordBytes(samples));
        PoolingKernels.TapsToSwitches(q.Kernels, q.Stream, LaunchShape.Over(outputs), state, switches.Address, outputs,
            g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
        q.Download(switches.Address, record[..RecordBytes(samples)]);
    }

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state)
    {
        CudaQueue q = queue.Cuda;
        record = record[..RecordBytes(samples)];
        GeometryChecks.Switches(_geometry, MemoryMarshal.Cast<byte, int>(record));
        if (!_bytes)
        {
            q.Upload(record, state);
            return;
        }

        PoolingGeometry g = _geometry;
        long outputs = Outputs(samples);
        using var switches = new CudaBuffer(q.Stream.Context, record.Length);
        q.Upload(record, switches.Address);
        PoolingKernels.SwitchesToTaps(q.Kernels, q.Stream, LaunchShape.Over(outputs), switches.Address, state, outputs,
            g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
        q.Synchronise();
    }

    long Outputs(int samples) => (long)samples * _geometry.C * _geometry.OutH * _geometry.OutW;
}
