using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

internal sealed partial class CudaArrayOperators
{
    public void DescentStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>? momentum, DeviceArray<float> rates, float rho, float decay) =>
        throw new NotSupportedException(nameof(DescentStep));

    public void AdaGradStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float> squares, DeviceArray<float> rates, float epsilon) =>
        throw new NotSupportedException(nameof(AdaGradStep));

    public void SoftmaxLoss(DeviceArray<float> logits, DeviceArray<int> labels, float factor, DeviceArray<float> signal, DeviceArray<double> losses, DeviceArray<int> predictions) =>
        throw new NotSupportedException(nameof(SoftmaxLoss));
}
