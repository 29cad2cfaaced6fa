using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The mean over some axes.</summary>
internal sealed unsafe class CpuReduceMean(Execution execution, MeanAxes axes) : CpuOperator(execution)
{
    /// <summary>The mean of each plane, where the axes stay.</summary>
    public override LayoutRule Layouts => axes.ArePlanes ? LayoutRule.Follows : LayoutRule.Planar;

    public override void Forward(in ForwardCall call)
    {
        Shape from = call.Inputs[0].Shape;
        if (call.Output.IsBlocked)
            BlockedPlaneMean.Forward(Execution, from.N, from.C, from.H * from.W, call.Inputs[0].Floats, call.Output.Floats);
        else
            AxesMean.Forward(Execution, axes.Rows(from.N), axes.Reduced, call.Inputs[0].Floats, call.Output.Floats);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        if (axes.MixesSamples)
            GeometryChecks.RequireOneSeed(call, "a mean over the batch");
        Shape to = call.InputSignals[0].Shape;
        if (call.Signal.IsBlocked)
        {
            BlockedPlaneMean.Backward(Execution, to.N, to.C, to.H * to.W, call.Signal.Floats, call.InputSignals[0].Floats);
            return;
        }

        AxesMean.Backward(Execution, axes.Rows(call.Signal.Shape.N), axes.Reduced, call.Signal.Floats, call.InputSignals[0].Floats);
    }
}
