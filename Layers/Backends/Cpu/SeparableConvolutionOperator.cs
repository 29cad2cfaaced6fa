using Preimage.Cpu.Convolution;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Depthwise convolutions whose filters are products of a column and a row.</summary>
internal sealed unsafe class SeparableConvolutionOperator(ConvolutionSetup setup) : CpuConvolution(setup)
{
    readonly int _count = setup.Weights.Count;

    // Both ways read the same factors.
    readonly SeparableFilters _filters = setup.Packed.Filters(setup, adjoint: false, static (g, filters, _, _) => new SeparableFilters(g, filters));

    public override string Algorithm => "Separable";

    public override long WeightBytes => sizeof(float) * (long)_count;

    /// <summary>Reads the weights: whether they are such products is theirs alone.</summary>
    public static bool Supports(ConvolutionSetup setup) =>
        !setup.MayChange && SeparableConvolution.Supports(setup.Geometry) && SeparableFilters.Are(setup.Geometry, setup.Weights.ToArray());

    public override long ScratchBytes(int rows, PassDirection direction) => SeparableConvolution.ScratchBytes(Execution, Geometry);

    protected override void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch) =>
        SeparableConvolution.Run(Execution, Geometry, samples, _filters, adjoint, from, to, bias, scratch);
}
