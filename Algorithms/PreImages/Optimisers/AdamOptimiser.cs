using Preimage.Algorithms.PreImages.Images;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Optimisers;

/// <summary>Adam (Kingma and Ba 2015, Algorithm 1).</summary>
internal sealed class AdamOptimiser : IOptimiser
{
    const double B2 = 0.999;
    const float Epsilon = 1e-8f;

    readonly DeviceLoop _loop;
    readonly IParameterisation _image;
    readonly DeviceArray<float> _mean, _variance, _rates;
    readonly float _b1, _radius;

    public AdamOptimiser(DeviceLoop loop, IParameterisation image, double rate, int iterations, double b1, double radius)
    {
        (_loop, _image, _b1, _radius) = (loop, image, (float)b1, (float)radius);
        _mean = loop.Allocate<float>(image.Variables.Shape);
        _variance = loop.Allocate<float>(image.Variables.Shape);
        var rates = new float[2 * iterations];
        for (int i = 0; i < iterations; i++)
        {
            rates[2 * i] = (float)(rate / (1 - Math.Pow(b1, i + 1)));
            rates[2 * i + 1] = (float)(1 / Math.Sqrt(1 - Math.Pow(B2, i + 1)));
        }

        _rates = loop.Allocate<float>(new Shape(rates.Length), rates);
        State = [("mean", _mean), ("variance", _variance)];
    }

    public IReadOnlyList<(string Name, DeviceArray<float> Values)> State { get; }

    public void Step() => _loop.Arrays.AdamStep(_image.Variables, _image.Gradient, _mean, _variance, _rates, _b1, (float)B2, Epsilon, _radius);
}
