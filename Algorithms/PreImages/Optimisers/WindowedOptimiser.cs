using Preimage.Algorithms.PreImages.Images;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Optimisers;

/// <summary>Algorithm 1 of Mahendran and Vedaldi 2016, or without its sums of squares plain momentum.</summary>
internal sealed class WindowedOptimiser : IOptimiser
{
    readonly DeviceLoop _loop;
    readonly IParameterisation _image;
    readonly DeviceArray<float> _momentum, _rates;
    readonly DeviceArray<float>? _squares;
    readonly float _rho, _radius;

    public WindowedOptimiser(DeviceLoop loop, IParameterisation image, bool plain, double rate, int iterations, double rho, double radius)
    {
        (_loop, _image, _rho, _radius) = (loop, image, (float)rho, (float)radius);
        _momentum = loop.Allocate<float>(image.Variables.Shape);
        _squares = plain ? null : loop.Allocate<float>(image.Variables.Shape);
        _rates = loop.Allocate<float>(new Shape(iterations), Enumerable.Repeat((float)rate, iterations).ToArray());
        State = _squares is null ? [("momentum", _momentum)] : [("momentum", _momentum), ("squares", _squares)];
    }

    public IReadOnlyList<(string Name, DeviceArray<float> Values)> State { get; }

    public void Step() => _loop.Arrays.MomentumStep(_image.Variables, _image.Gradient, _squares, _momentum, _rates, _rho, _radius);
}
