using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Pooling;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Average pooling.</summary>
internal sealed unsafe class CpuAveragePool : CpuOperator
{
    readonly PoolingGeometry _geometry;

    public CpuAveragePool(Execution execution, in PoolingGeometry geometry) : base(execution)
    {
        GeometryChecks.Pooling(geometry);
        _geometry = geometry;
    }

    public override LayoutRule Layouts => LayoutRule.Follows;

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        if (call.Output.IsBlocked)
            BlockedAveragePooling.Forward(Execution, _geometry, call.Output.Shape.N, x, y);
        else
            AveragePooling.Forward(Execution, _geometry, checked(call.Output.Shape.N * _geometry.C), x, y);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        float* signal = call.Signal.Floats, result = call.InputSignals[0].Floats;
        if (call.Signal.IsBlocked)
            BlockedAveragePooling.Backward(Execution, _geometry, call.Signal.Shape.N, signal, result);
        else
            AveragePooling.Backward(Execution, _geometry, checked(call.Signal.Shape.N * _geometry.C), signal, result);
    }
}
