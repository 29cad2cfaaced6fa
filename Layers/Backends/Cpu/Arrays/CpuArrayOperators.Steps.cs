using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void MomentumStep(DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float>? squares, DeviceArray<float> momentum, DeviceArray<float> rates, float rho, float radius)
    {
        Shape shape = x.Shape;
        ArrayChecks.Same(nameof(MomentumStep), "gradient", gradient.Shape, "x", shape);
        ArrayChecks.Same(nameof(MomentumStep), "momentum", momentum.Shape, "x", shape);
        if (squares is not null)
            ArrayChecks.Same(nameof(MomentumStep), "squares", squares.Shape, "x", shape);
        ArrayChecks.Share(nameof(MomentumStep), "rho", rho);
        ArrayChecks.Positive(nameof(MomentumStep), "radius", radius, mayBeInfinite: true);
        float rate = Floats(rates)[Entry(nameof(MomentumStep), "rates", rates.Shape, 1)];
        Preimage.Cpu.Images.MomentumStep.Run(execution, shape.N, shape.C, shape.SampleCount / shape.C, Floats(x), Floats(gradient), squares is null ? null : Floats(squares),
            Floats(momentum), rate, rho, radius);
    }

    public void AdamStep(DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float> mean, DeviceArray<float> variance, DeviceArray<float> rates, float b1, float b2, float epsilon,
        float radius)
    {
        Shape shape = x.Shape;
        ArrayChecks.Same(nameof(AdamStep), "gradient", gradient.Shape, "x", shape);
        ArrayChecks.Same(nameof(AdamStep), "mean", mean.Shape, "x", shape);
        ArrayChecks.Same(nameof(AdamStep), "variance", variance.Shape, "x", shape);
        ArrayChecks.Share(nameof(AdamStep), "b1", b1);
        ArrayChecks.Share(nameof(AdamStep), "b2", b2);
        ArrayChecks.Positive(nameof(AdamStep), "epsilon", epsilon, mayBeInfinite: false);
        ArrayChecks.Positive(nameof(AdamStep), "radius", radius, mayBeInfinite: true);
        float* rate = Floats(rates) + Entry(nameof(AdamStep), "rates", rates.Shape, 2);
        Preimage.Cpu.Images.AdamStep.Run(execution, shape.N, shape.C, shape.SampleCount / shape.C, Floats(x), Floats(gradient), Floats(mean), Floats(variance), rate[0], rate[1], b1, b2,
            epsilon, radius);
    }
}
