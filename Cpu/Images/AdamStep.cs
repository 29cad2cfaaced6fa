using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>A step of Adam (Kingma and Ba 2015, Algorithm 1) on images of [rows][channels][plane], in one pass over memory.</summary>
/// <remarks>m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; x -= rate m / (sqrt(v) root + epsilon), where rate has the bias of m and root that of v in it; then a pixel whose norm over
/// channels is above the radius is drawn back to it.</remarks>
internal unsafe struct AdamStep : IPixelKernel
{
    int _channels;
    nint _plane;
    float _rate, _root, _b1, _b2, _epsilon, _radius;
    float* _x, _gradient, _mean, _variance;

    public static void Run(Execution execution, int rows, int channels, long plane, float* x, float* gradient, float* mean, float* variance, float rate, float root, float b1,
        float b2, float epsilon, float radius)
    {
        PixelSweep<AdamStep>.Run(execution, rows, channels, plane, new AdamStep
        {
            _channels = channels, _plane = (nint)plane, _rate = rate, _root = root, _b1 = b1, _b2 = b2, _epsilon = epsilon, _radius = radius,
            _x = x, _gradient = gradient, _mean = mean, _variance = variance,
        });
    }

    public void Move(nint start)
    {
        _x += start;
        _gradient += start;
        _mean += start;
        _variance += start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TS, TV>(nint first) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV norm = TS.Broadcast(0);
        nint i = first;
        for (int c = 0; c < _channels; c++, i += _plane)
        {
            TV g = TS.Load(_gradient + i);
            TV mean = TS.Fma(TS.Broadcast(_b1), TS.Load(_mean + i), TS.Mul(TS.Broadcast(1 - _b1), g));
            TV variance = TS.Fma(TS.Broadcast(_b2), TS.Load(_variance + i), TS.Mul(TS.Broadcast(1 - _b2), TS.Mul(g, g)));
            TS.Store(_mean + i, mean);
            TS.Store(_variance + i, variance);
            TV step = TS.Div(TS.Mul(TS.Broadcast(_rate), mean), TS.Fma(TS.Sqrt(variance), TS.Broadcast(_root), TS.Broadcast(_epsilon)));
            TV x = TS.Sub(TS.Load(_x + i), step);
            TS.Store(_x + i, x);
            norm = TS.Fma(x, x, norm);
        }

        Norms.DrawBack<TS, TV>(_x + first, _channels, _plane, norm, _radius);
    }
}
