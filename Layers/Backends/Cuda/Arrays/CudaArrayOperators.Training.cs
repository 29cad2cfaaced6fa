using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

internal sealed partial class CudaArrayOperators
{
    public void DescentStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>? momentum, DeviceArray<float> rates, float rho, float decay)
    {
        ArrayChecks.Descent(w.Shape, gradient.Shape, momentum?.Shape, rho, decay);
        TrainingKernels.DescentStep(Kernels, Stream, LaunchShape.Over(w.Count), w.Address, gradient.Address, momentum?.Address ?? 0, rates.Address, Iteration, rho, decay, w.Count);
    }

    public void AdaGradStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float> squares, DeviceArray<float> rates, float epsilon)
    {
        ArrayChecks.AdaGrad(w.Shape, gradient.Shape, squares.Shape, epsilon);
        TrainingKernels.AdagradStep(Kernels, Stream, LaunchShape.Over(w.Count), w.Address, gradient.Address, squares.Address, rates.Address, Iteration, epsilon, w.Count);
    }

    public void SoftmaxLoss(DeviceArray<float> logits, DeviceArray<int> labels, float factor, DeviceArray<float> signal, DeviceArray<double> losses, DeviceArray<int> predictions)
    {
        int classes = ArrayChecks.Loss(logits.Shape, labels.Shape, signal.Shape, losses.Shape, predictions.Shape), rows = logits.Shape.N;
        TrainingKernels.SoftmaxLoss(Kernels, Stream, CudaCalls.Lines(rows), logits.Address, labels.Address, signal.Address, losses.Address, predictions.Address, factor, rows, classes);
    }
}
