using Preimage.Cpu;
using Preimage.Cpu.Convolution;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Convolutions by the weights that are not zero.</summary>
internal sealed unsafe class SparseConvolutionOperator(ConvolutionSetup setup) : CpuConvolution(setup)
{
    readonly ConvolutionSetup _setup = setup;
    readonly TapGrid[] _forward = TapGrid.Of(setup.Geometry, adjoint: false), _adjoint = TapGrid.Of(setup.Geometry, adjoint: true);
    SparseFilters? _forwardFilters, _adjointFilters;

    public override string Algorithm => "Sparse";

    public override long WeightBytes => sizeof(float) * (long)_setup.Weights.Count;

    protected override void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch)
    {
        ConvolutionGeometry g = Geometry;
        if (adjoint)
            SparseConvolution.Run(Execution, samples, _adjoint, _adjointFilters ??= Packed(true), from, g.K, to, g.C, g.H * g.W, bias);
        else
            SparseConvolution.Run(Execution, samples, _forward, _forwardFilters ??= Packed(false), from, g.C, to, g.K, g.OutH * g.OutW, bias);
    }

    SparseFilters Packed(bool adjoint) => _setup.Packed.Filters(_setup, adjoint, static (g, filters, _, adjoint) => new SparseFilters(g, filters, adjoint));
}
