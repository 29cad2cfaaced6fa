using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>A step of Algorithm 1 of Mahendran and Vedaldi 2016 (spec section 6.2) on images of [rows][channels][plane], in one pass over memory.</summary>
/// <remarks>G = rho G + g^2; mu = rho mu - g / (1 / rate + sqrt(G)); x += mu; a pixel whose norm over channels is above the radius is drawn back to it. Without squares
/// mu = rho mu - rate g. Arithmetic as in Native/Kernels/preimage.cu.</remarks>
internal unsafe struct MomentumStep : IPixelKernel
{
    int _channels;
    nint _plane;
    float _rate, _rho, _radius;
    float* _x, _gradient, _squares, _momentum;

    public static void Run(Execution execution, int rows, int channels, long plane, float* x, float* gradient, float* squares, float* momentum, float rate, float rho, float radius)
    {
        PixelSweep<MomentumStep>.Run(execution, rows, channels, plane, new MomentumStep
        {
            _channels = channels, _plane = (nint)plane, _rate = rate, _rho = rho, _radius = radius, _x = x, _gradient = gradient, _squares = squares, _momentum = momentum,
        });
    }

    public void Move(nint start)
    {
        _x += start;
        _gradient += start;
        _squares = _squares == null ? null : _squares + start;
        _momentum += start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TS, TV>(nint first) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV rate = TS.Broadcast(_rate), slowness = TS.Broadcast(1 / _rate), rho = TS.Broadcast(_rho), minus = TS.Broadcast(-1), norm = TS.Broadcast(0);
        nint i = first;
        for (int c = 0; c < _channels; c++, i += _plane)
        {
            TV g = TS.Load(_gradient + i), step;
            if (_squares == null)
            {
                step = TS.Mul(rate, g);
            }
            else
            {
                TV window = TS.Fma(rho, TS.Load(_squares + i), TS.Mul(g, g));
                TS.Store(_squares + i, window);
                step = TS.Div(g, TS.Add(slowness, TS.Sqrt(window)));
            }

            TV speed = TS.Fma(rho, TS.Load(_momentum + i), TS.Mul(minus, step));
            TS.Store(_momentum + i, speed);
            TV x = TS.Add(TS.Load(_x + i), speed);
            TS.Store(_x + i, x);
            norm = TS.Fma(x, x, norm);
        }

        Norms.DrawBack<TS, TV>(_x + first, _channels, _plane, norm, _radius);
    }
}
