using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>The pixels themselves are what is moved.</summary>
internal sealed class PixelVariables(DeviceLoop loop, Shape shape) : IParameterisation
{
    public DeviceArray<float> Variables => Canvas;

    public DeviceArray<float> Gradient => CanvasGradient;

    public DeviceArray<float> Canvas { get; } = loop.Allocate<float>(shape);

    public DeviceArray<float> CanvasGradient { get; } = loop.Allocate<float>(shape);

    public void Load(ReadOnlySpan<float> canvas) => Canvas.Upload(canvas);

    public void Forward() { }

    public void Backward() { }
}
