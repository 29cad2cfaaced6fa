using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>A step of Adam (Kingma and Ba 2015, Algorithm 1) on images of [rows][channels][plane], in one pass over memory.</summary>
/// <remarks>m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; x -= rate m / (sqrt(v) root + epsilon), where rate has the bias of m and root that of v in it; then a pixel whose norm over
/// channels is above the radius is drawn back to it.</remarks>
internal unsafe struct AdamStep : ITicketJob, ISimdKernel
{
    Isa _isa;
    int _chunks, _channels;
    nint _plane, _count;
    float _rate, _root, _b1, _b2, _epsilon, _radius;
    float* _x, _gradient, _mean, _variance;

    public static void Run(Execution execution, int rows, int channels, long plane, float* x, float* gradient, float* mean, float* variance, float rate, float root, float b1,
        float b2, float epsilon, float radius)
    {
        int chunks = PixelTickets.PerPlane(plane);
        var job = new AdamStep
        {
            _isa = execution.Isa, _chunks = chunks, _channels = channels, _plane = (nint)plane, _rate = rate, _root = root, _b1 = b1, _b2 = b2, _epsilon = epsilon, _radius = radius,
            _x = x, _gradient = gradient, _mean = mean, _variance = variance,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    public readonly void Run(int ticket, int lane)
    {
        (nint start, nint count) = PixelTickets.Range(ticket % _chunks, _plane);
        start += ticket / _chunks * _channels * _plane;
        AdamStep own = this;
        own._x += start;
        own._gradient += start;
        own._mean += start;
        own._variance += start;
        own._count = count;
        _isa.Run(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
    {
        nint i = 0;
        for (; i + TS.Width <= _count; i += TS.Width)
            Apply<TS, TV>(i);
        for (; i < _count; i++)
            Apply<SimdScalar, float>(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Apply<TS, TV>(nint first) where TS : struct, ISimd<TV> where TV : unmanaged
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
