using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>The canvas as an iteration's network sees it, turned and magnified: bilinear, 0 beyond its edges.</summary>
internal sealed class WarpedView(DeviceLoop loop, DeviceArray<float> canvas, DeviceArray<float> canvasGradient, Shape window, DeviceArray<float> views) : ITransform
{
    public DeviceArray<float> Output { get; } = loop.Allocate<float>(window);

    public DeviceArray<float> OutputGradient { get; } = loop.Allocate<float>(window);

    public void Forward() => loop.Arrays.Warp(canvas, views, Output);

    public void Backward() => loop.Arrays.WarpBackward(OutputGradient, views, canvasGradient);
}
