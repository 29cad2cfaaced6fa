using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void DescentStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>? momentum, DeviceArray<float> rates, float rho, float decay)
    {
        ArrayChecks.Descent(w.Shape, gradient.Shape, momentum?.Shape, rho, decay);
        float rate = Floats(rates)[Entry(nameof(DescentStep), "rates", rates.Shape, 1)];
        Preimage.Cpu.Elementwise.DescentStep.Run(execution, w.Count, Floats(w), Floats(gradient), momentum is null ? null : Floats(momentum), rate, rho, decay);
    }

    public void AdaGradStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float> squares, DeviceArray<float> rates, float epsilon)
    {
        ArrayChecks.AdaGrad(w.Shape, gradient.Shape, squares.Shape, epsilon);
        float rate = Floats(rates)[Entry(nameof(AdaGradStep), "rates", rates.Shape, 1)];
        Preimage.Cpu.Elementwise.AdaGradStep.Run(execution, w.Count, Floats(w), Floats(gradient), Floats(squares), rate, epsilon);
    }

    public void SoftmaxLoss(DeviceArray<float> logits, DeviceArray<int> labels, float factor, DeviceArray<float> signal, DeviceArray<double> losses, DeviceArray<int> predictions)
    {
        int classes = ArrayChecks.Loss(logits.Shape, labels.Shape, signal.Shape, losses.Shape, predictions.Shape);
        Preimage.Cpu.Normalisation.SoftmaxLoss.Run(
            execution, logits.Shape.N, classes, Floats(logits), (int*)labels.Address, factor, Floats(signal), (double*)losses.Address, (int*)predictions.Address);
    }
}
