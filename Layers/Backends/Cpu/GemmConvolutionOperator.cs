using Preimage.Cpu;
using Preimage.Cpu.Blocked;
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

    public override long WeightBytes => sizeof(float) * (long)_setup.Weights.Count;

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

    // Gradients of filters come from blocked copies wherever the blocked kernels can: the bits are the same, and the copies cost little beside.
    public override long ParameterScratchBytes(int samples)
    {
        ConvolutionGeometry g = Geometry;
        return FilterGradientPicture.Supports(g) ? SignalBytes(samples) + FilterGradientPicture.ScratchBytes(Execution, g, samples)
            : FilterGradientBlocked.Supports(g) ? SignalBytes(samples) + SourceBytes(samples) + FilterGradientBlocked.ScratchBytes(Execution, g) : 0;
    }

    protected override void RunFilters(int samples, float* x, float* dy, float* filters, nint scratch)
    {
        ConvolutionGeometry g = Geometry;
        if (!FilterGradientBlocked.Supports(g))
        {
            base.RunFilters(samples, x, dy, filters, scratch);
            return;
        }

        var signal = (float*)scratch;
        Reorder.ToBlocked(Execution, samples, g.K, g.OutH * g.OutW, dy, signal);
        scratch += (nint)SignalBytes(samples);
        if (FilterGradientPicture.Supports(g))
        {
            FilterGradientPicture.Run(Execution, g, samples, x, signal, filters, scratch);
            return;
        }

        var source = (float*)scratch;
        Reorder.ToBlocked(Execution, samples, g.C, g.H * g.W, x, source);
        FilterGradientBlocked.Run(Execution, g, samples, source, signal, filters, scratch + (nint)SourceBytes(samples));
    }

    long SignalBytes(int samples) => BlockedLayout.Floats(samples, Geometry.K, Geometry.OutH * Geometry.OutW) * sizeof(float);

    long SourceBytes(int samples) => BlockedLayout.Floats(samples, Geometry.C, Geometry.H * Geometry.W) * sizeof(float);

    protected override void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch)
    {
        int groups = Geometry.Groups, c = Geometry.C / groups, k = Geometry.K / groups;
        if (adjoint)
            GemmConvolution.Run(Execution, samples, groups, k, c, _adjoint, AdjointFilters, from, to, Geometry.H * Geometry.W, bias, scratch);
        else
            GemmConvolution.Run(Execution, samples, groups, c, k, _forward, ForwardFilters, from, to, Geometry.OutH * Geometry.OutW, bias, scratch);
    }

    PackedFilters Packed(bool adjoint) => _setup.Packed.Filters(
        _setup, adjoint, static (g, filters, isa, adjoint) => new PackedFilters(g, filters, adjoint, isa));
}
