using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>a op b under broadcasting. Products and quotients read their inputs on the way back.</summary>
internal sealed unsafe class CpuArithmetic : CpuOperator
{
    readonly ArithmeticOperation _kind;
    readonly BroadcastPlan _plan;
    readonly bool _alike;

    public CpuArithmetic(Execution execution, ArithmeticOperation kind, Shape a, Shape b, Shape output) : base(execution)
    {
        _kind = kind;
        _alike = a == output && b == output;
        _plan = GeometryChecks.Broadcast(a, b, output);
    }

    /// <summary>Sums, the ones networks are full of, take any layout; broadcasting counts in planar terms.</summary>
    public override LayoutRule Layouts => _alike && _kind == ArithmeticOperation.Add ? LayoutRule.Follows : LayoutRule.Planar;

    public override Needs NeedsFor(BackwardRule rule) => _kind is ArithmeticOperation.Mul or ArithmeticOperation.Div ? Needs.Input : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        switch (_kind)
        {
            case ArithmeticOperation.Add:
                Forward<Sum>(call);
                break;
            case ArithmeticOperation.Sub:
                Forward<Difference>(call);
                break;
            case ArithmeticOperation.Mul:
                Forward<Product>(call);
                break;
            default:
                Forward<Quotient>(call);
                break;
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            ToA(call);
        if (call.InputSignals[1].IsPresent)
            ToB(call);
    }

    void ToA(in BackwardCall call)
    {
        switch (_kind)
        {
            case ArithmeticOperation.Mul:
                Backward<PassedTimesB>(call, forA: true);
                break;
            case ArithmeticOperation.Div:
                Backward<PassedOverB>(call, forA: true);
                break;
            default:
                Backward<PassedWhole>(call, forA: true);
                break;
        }
    }

    void ToB(in BackwardCall call)
    {
        switch (_kind)
        {
            case ArithmeticOperation.Add:
                Backward<PassedWhole>(call, forA: false);
                break;
            case ArithmeticOperation.Sub:
                Backward<PassedNegated>(call, forA: false);
                break;
            case ArithmeticOperation.Mul:
                Backward<PassedTimesA>(call, forA: false);
                break;
            default:
                Backward<PassedToDenominator>(call, forA: false);
                break;
        }
    }

    void Forward<TFunction>(in ForwardCall call) where TFunction : struct, IBinary
    {
        float* a = call.Inputs[0].Floats, b = call.Inputs[1].Floats, y = call.Output.Floats;
        if (_alike)
            BinaryMap.Run<TFunction>(Execution, 1, 1, call.Output.Length, a, b, y);
        else
            BroadcastMap.Run<TFunction>(Execution, _plan, call.Output.Shape.N, a, b, y);
    }

    void Backward<TPassed>(in BackwardCall call, bool forA) where TPassed : struct, IPassed
    {
        if (forA ? _plan.RepeatsA : _plan.RepeatsB)
            GeometryChecks.RequireOneSeed(call, "an input that the batch shares");
        Activation result = call.InputSignals[forA ? 0 : 1];
        if (_alike && typeof(TPassed) == typeof(PassedWhole))
        {
            Copies.Whole(call.Signal, result);
            return;
        }

        bool reads = TPassed.ReadsInputs;
        BroadcastBackward.Run<TPassed>(Execution, _plan, forA, call.Signal.Shape.N, call.Seeds, call.Signal.Floats,
            reads ? call.Inputs[0].Floats : null, reads ? call.Inputs[1].Floats : null, result.Floats);
    }
}
