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
        int samples = call.Output.Shape.N;
        float* g = call.Inputs[0].Floats, h = call.Output.Floats;
        switch (_kind)
        {
            case BinningKind.Hard:
                OrientationBins.Forward<HardBinning>(Execution, _geometry, samples, _directions.Floats, g, h);
                break;
            case BinningKind.Bilinear:
                OrientationBins.Forward<BilinearBinning>(Execution, _geometry, samples, _directions.Floats, g, h);
                break;
            default:
                OrientationBins.Forward<RectifiedBinning>(Execution, _geometry, samples, _directions.Floats, g, h);
                break;
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        int rows = call.Signal.Shape.N;
        float* g = call.Inputs[0].Floats, signal = call.Signal.Floats, result = call.InputSignals[0].Floats;
        switch (_kind)
        {
            case BinningKind.Hard:
                OrientationBins.Backward<HardBinning>(Execution, _geometry, rows, call.Seeds, _directions.Floats, g, signal, result);
                break;
            case BinningKind.Bilinear:
                OrientationBins.Backward<BilinearBinning>(Execution, _geometry, rows, call.Seeds, _directions.Floats, g, signal, result);
                break;
            default:
                OrientationBins.Backward<RectifiedBinning>(Execution, _geometry, rows, call.Seeds, _directions.Floats, g, signal, result);
                break;
        }
    }
}
