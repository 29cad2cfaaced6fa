using Preimage.Cpu;
using Preimage.Cpu.Pooling;
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

    public override void Forward(in ForwardCall call) =>
        AveragePooling.Forward(Execution, _geometry, checked(call.Output.Shape.N * _geometry.C), call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            AveragePooling.Backward(Execution, _geometry, checked(call.Signal.Shape.N * _geometry.C), call.Signal.Floats, call.InputSignals[0].Floats);
    }
}
