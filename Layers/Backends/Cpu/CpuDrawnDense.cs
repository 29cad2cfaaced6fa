using Preimage.Cpu;
using Preimage.Cpu.Draws;
using Preimage.Cpu.Gemm;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A dense layer whose random weights are too many to keep: both directions draw them again, a piece that fits the caches at a time.</summary>
/// <remarks>The bits are those of <see cref="CpuDense"/> with the same weights in memory; it has no gradients of weights that are nowhere. The direction that sums across
/// rows leaves out those whose signal is zero in every sample, but for the sign of a sum that no term changes from zero.</remarks>
internal sealed unsafe class CpuDrawnDense : CpuDenseProduct
{
    readonly DrawnArray _weights;

    public CpuDrawnDense(Execution execution, in DenseSpecification specification, WeightSource weights, in DrawnArray drawn, WeightSource? bias) : base(execution, specification)
    {
        GeometryChecks.Dense(specification, weights, bias);
        _weights = drawn;
        if (bias is null)
            return;
        float[] values = bias.ToArray();
        for (int i = 0; specification.Beta != 1 && i < values.Length; i++)
            values[i] *= specification.Beta;
        Bias = Vector(new MemoryWeights(values, values.Length));
    }

    public override string Algorithm => "Drawn";

    public override long ScratchBytes(int rows, PassDirection direction) =>
        SumsAlong(direction) ? DotProduct.DrawnScratchBytes(Execution) : DrawnProduct.ScratchBytes(Execution);

    protected override void Multiply(PassDirection direction, int m, int n, int k, float* x, float* y, float* bias, nint scratch)
    {
        if (SumsAlong(direction))
            DotProduct.Run(Execution, m, n, k, x, _weights, y, Specification.Alpha, bias, scratch);
        else
            DrawnProduct.Run(Execution, m, n, k, x, _weights, y, Specification.Alpha, bias, scratch);
    }
}
