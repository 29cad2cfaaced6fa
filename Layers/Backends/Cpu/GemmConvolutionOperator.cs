using Preimage.Cpu;
using Preimage.Cpu.Convolution;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Convolutions as matrix products over gathered panels. Filters are packed when made, and for the way back when it is first gone.</summary>
internal sealed unsafe class GemmConvolutionOperator : CpuConvolution
{
    readonly ConvolutionSetup _setup;
    readonly TapGrid[] _forward, _adjoint;
    PackedFilters? _forwardFilters, _adjointFilters;

    public GemmConvolutionOperator(ConvolutionSetup setup) : base(setup)
    {
        _setup = setup;
        _forward = TapGrid.Of(Geometry, adjoint: false);
        _adjoint = TapGrid.Of(Geometry, adjoint: true);
        _ = setup.Transposed ? AdjointFilters : ForwardFilters;
    }

    public override string Algorithm => "Gemm";

    PackedFilters ForwardFilters => _forwardFilters ??= Packed(adjoint: false);

    PackedFilters AdjointFilters => _adjointFilters ??= Packed(adjoint: true);

    /// <summary>Positions in a sum and points of a plane are counted in 32 bits.</summary>
    public static bool Supports(ConvolutionGeometry g) =>
        Math.Max((long)g.C, g.K) / g.Groups * g.R * g.S <= int.MaxValue / 2 && Math.Max((long)g.H * g.W, (long)g.OutH * g.OutW) <= int.MaxValue / 2;

    public override long ScratchBytes(int rows, PassDirection direction)
    {
        int c = Geometry.C / Geometry.Groups, k = Geometry.K / Geometry.Groups;
        return IsAdjoint(direction) ? GemmConvolution.ScratchBytes(Execution, k, c, _adjoint) : GemmConvolution.ScratchBytes(Execution, c, k, _forward);
    }

    protected override void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch)
    {
        int groups = Geometry.Groups, c = Geometry.C / groups, k = Geometry.K / groups;
        if (adjoint)
            GemmConvolution.Run(Execution, samples, groups, k, c, _adjoint, AdjointFilters, from, to, Geometry.H * Geometry.W, bias, scratch);
        else
            GemmConvolution.Run(Execution, samples, groups, c, k, _forward, ForwardFilters, from, to, Geometry.OutH * Geometry.OutW, bias, scratch);
    }

    PackedFilters Packed(bool adjoint) => _setup.Packed.Filters(
        _setup, adjoint, static (g, filters, isa, adjoint) => PackedFilters.Pack(g, filters, TapGrid.Of(g, adjoint), adjoint, isa));
}
