using Preimage.Cpu.Elementwise;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>a op b under broadcasting. Products and quotients read their inputs on the way back.</summary>
internal sealed class CudaArithmetic : CudaOperator
{
    readonly BroadcastPlan _plan;
    readonly int _operation;
    readonly bool _reads;

    public CudaArithmetic(ArithmeticOperation kind, Shape a, Shape b, Shape output)
    {
        _plan = GeometryChecks.Broadcast(a, b, output);
        _operation = kind switch { ArithmeticOperation.Add => 0, ArithmeticOperation.Sub => 1, ArithmeticOperation.Mul => 2, _ => 3 };
        _reads = kind is ArithmeticOperation.Mul or ArithmeticOperation.Div;
    }

    public override Needs NeedsFor(BackwardRule rule) => _reads ? Needs.Input : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        BroadcastPlan p = _plan;
        ElementwiseKernels.BroadcastForward(q.Kernels, q.Stream, LaunchShape.Over(call.Output.Shape.Count), _operation, call.Inputs[0].Address,
            call.Inputs[1].Address, call.Output.Address, call.Output.Shape.N, p.Extents[0], p.Extents[1], p.Extents[2], p.RepeatsA ? 0 : p.RowA, p.StridesA[0],
            p.StridesA[1], p.StridesA[2], p.RepeatsB ? 0 : p.RowB, p.StridesB[0], p.StridesB[1], p.StridesB[2]);
    }

    public override void Backward(in BackwardCall call)
    {
        for (int input = 0; input < 2; input++)
        {
            if (call.InputSignals[input].IsPresent)
                Backward(call, input);
        }
    }

    void Backward(in BackwardCall call, int input)
    {
        if (input == 0 ? _plan.RepeatsA : _plan.RepeatsB)
            GeometryChecks.RequireOneSeed(call, "an input that the batch shares");
        BroadcastSums.Run(call.Queue.Cuda, _plan, _operation, input, call.Signal, _reads ? call.Inputs[0].Address : 0, _reads ? call.Inputs[1].Address : 0, call.Seeds,
            call.InputSignals[input]);
    }
}
