using Preimage.Cpu;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Gradients sorted by direction; the way back finds the bins again rather than keeping them.</summary>
internal sealed unsafe class CpuOrientationBinning : CpuOperator
{
    readonly BinningKind _kind;
    readonly OrientationGeometry _geometry;
    readonly AlignedBuffer _directions;

    public CpuOrientationBinning(Execution execution, BinningKind kind, in OrientationGeometry geometry) : base(execution)
    {
        GeometryChecks.Orientation(geometry);
        (_kind, _geometry) = (kind, geometry);
        _directions = Copy(geometry.Directions());
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call)
    {
        switch (_kind)
        {
            case BinningKind.Hard:
                Forward<HardBinning>(call);
                break;
            case BinningKind.Bilinear:
                Forward<BilinearBinning<TrueAngle>>(call);
                break;
            case BinningKind.Rectified:
                Forward<RectifiedBinning>(call);
                break;
            case BinningKind.BilinearByCosine:
                Forward<CosineBinning>(call);
                break;
            default:
                Forward<BilinearBinning<CubicAngle>>(call);
                break;
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        switch (_kind)
        {
            case BinningKind.Hard:
                Backward<HardBinning>(call);
                break;
            case BinningKind.Bilinear or BinningKind.BilinearByCosine:
                Backward<BilinearBinning<TrueAngle>>(call);
                break;
            case BinningKind.Rectified:
                Backward<RectifiedBinning>(call);
                break;
            default:
                Backward<BilinearBinning<CubicAngle>>(call);
                break;
        }
    }

    void Forward<TBinning>(in ForwardCall call) where TBinning : struct, IBinning =>
        OrientationBins.Forward<TBinning>(Execution, _geometry, call.Output.Shape.N, _directions.Floats, call.Inputs[0].Floats, call.Output.Floats);

    void Backward<TBinning>(in BackwardCall call) where TBinning : struct, IBinning => OrientationBins.Backward<TBinning>(
        Execution, _geometry, call.Signal.Shape.N, call.Seeds, _directions.Floats, call.Inputs[0].Floats, call.Signal.Floats, call.InputSignals[0].Floats);
}
