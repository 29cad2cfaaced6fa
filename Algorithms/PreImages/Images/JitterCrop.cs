using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>The window of the canvas that an iteration's network sees (reference specification 6.4).</summary>
internal sealed class JitterCrop(DeviceLoop loop, DeviceArray<float> canvas, DeviceArray<float> canvasGradient, Shape window, DeviceArray<int> offsets) : ITransform
{
    public DeviceArray<float> Output { get; } = loop.Allocate<float>(window);

    public DeviceArray<float> OutputGradient { get; } = loop.Allocate<float>(window);

    public void Forward() => loop.Arrays.Crop(canvas, Output, offsets);

    public void Backward() => loop.Arrays.CropBackward(OutputGradient, canvasGradient, offsets);
}
