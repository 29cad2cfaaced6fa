using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>From pixel units less the centre to the units of a network's input.</summary>
internal sealed class NetworkScale : ITransform
{
    readonly DeviceLoop _loop;
    readonly DeviceArray<float> _pixels, _gradient, _factor, _shift;

    /// <summary>Makes the step.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="pixels">The array before it.</param>
    /// <param name="gradient">That one's gradient.</param>
    /// <param name="factor">Per channel.</param>
    /// <param name="shift">Per channel.</param>
    public NetworkScale(DeviceLoop loop, DeviceArray<float> pixels, DeviceArray<float> gradient, double[] factor, double[] shift)
    {
        (_loop, _pixels, _gradient) = (loop, pixels, gradient);
        _factor = loop.Allocate<float>(new Shape(factor.Length), Array.ConvertAll(factor, f => (float)f));
        _shift = loop.Allocate<float>(new Shape(shift.Length), Array.ConvertAll(shift, s => (float)s));
        Output = loop.Allocate<float>(pixels.Shape);
        OutputGradient = loop.Allocate<float>(pixels.Shape);
    }

    public DeviceArray<float> Output { get; }

    public DeviceArray<float> OutputGradient { get; }

    public void Forward() => _loop.Arrays.ScaleChannels(_pixels, _factor, _shift, Output);

    public void Backward() => _loop.Arrays.ScaleChannels(OutputGradient, _factor, null, _gradient);
}
