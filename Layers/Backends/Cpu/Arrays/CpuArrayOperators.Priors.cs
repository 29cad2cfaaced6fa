using Preimage.Cpu.Images;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void VariationEnergy(DeviceArray<float> x, float beta, double factor, DeviceArray<double> results, int first)
    {
        Shape shape = x.Shape;
        ArrayChecks.Images(nameof(VariationEnergy), "x", shape);
        ArrayChecks.AtLeast(nameof(VariationEnergy), "beta", beta, 1);
        Sum(nameof(VariationEnergy), shape, shape.SampleCount, new VariationTerms(Floats(x), shape.C, shape.H, shape.W, beta), factor, results, first);
    }

    public void VariationGradient(DeviceArray<float> x, float beta, float factor, DeviceArray<float> gradient)
    {
        Shape shape = x.Shape;
        ArrayChecks.Images(nameof(VariationGradient), "x", shape);
        ArrayChecks.Same(nameof(VariationGradient), "gradient", gradient.Shape, "x", shape);
        ArrayChecks.AtLeast(nameof(VariationGradient), "beta", beta, 1);
        nint scratch = Scratch(TotalVariation.ScratchBytes(execution, shape.W));
        TotalVariation.Gradient(execution, shape.N * shape.C, shape.H, shape.W, beta, PriorFactors.Variation(beta, factor), Floats(x), Floats(gradient), scratch);
    }

    public void RangeEnergy(DeviceArray<float> x, float alpha, float bound, double factor, DeviceArray<double> results, int first)
    {
        Shape shape = x.Shape;
        int plane = shape.SampleCount / shape.C;
        ArrayChecks.Range(nameof(RangeEnergy), alpha, bound);
        Sum(nameof(RangeEnergy), shape, plane, new RangeTerms(Floats(x), shape.C, plane, alpha, PriorFactors.InverseSquare(bound)), factor, results, first);
    }

    public void RangeGradient(DeviceArray<float> x, float alpha, float bound, float factor, DeviceArray<float> gradient)
    {
        Shape shape = x.Shape;
        ArrayChecks.Same(nameof(RangeGradient), "gradient", gradient.Shape, "x", shape);
        ArrayChecks.Range(nameof(RangeGradient), alpha, bound);
        float whole = PriorFactors.Range(alpha, bound, factor);
        BoundedRange.Gradient(execution, shape.N, shape.C, shape.SampleCount / shape.C, alpha, PriorFactors.InverseSquare(bound), whole, Floats(x), Floats(gradient));
    }
}
