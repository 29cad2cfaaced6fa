using System.Runtime.CompilerServices;
using Preimage.Cpu.Images;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>A step of gradient descent with decay of the weights, in one pass over memory.</summary>
/// <remarks>d = decay w + g; m = rho m - d; w += rate m. Without momentum w -= rate d. Each line is one fused multiply-add, as in Native/Kernels/training.cu.</remarks>
internal unsafe struct DescentStep : IPixelKernel
{
    float _rate, _rho, _decay;
    float* _w, _gradient, _momentum;

    public static void Run(Execution execution, long count, float* w, float* gradient, float* momentum, float rate, float rho, float decay) =>
        PixelSweep<DescentStep>.Run(execution, 1, 1, count, new DescentStep { _w = w, _gradient = gradient, _momentum = momentum, _rate = rate, _rho = rho, _decay = decay });

    public void Move(nint start)
    {
        _w += start;
        _gradient += start;
        _momentum = _momentum == null ? null : _momentum + start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TS, TV>(nint first) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV w = TS.Load(_w + first), down = TS.Fma(TS.Broadcast(_decay), w, TS.Load(_gradient + first));
        if (_momentum == null)
        {
            TS.Store(_w + first, TS.Fma(TS.Broadcast(-_rate), down, w));
            return;
        }

        TV momentum = TS.Fma(TS.Broadcast(_rho), TS.Load(_momentum + first), TS.Mul(TS.Broadcast(-1), down));
        TS.Store(_momentum + first, momentum);
        TS.Store(_w + first, TS.Fma(TS.Broadcast(_rate), momentum, w));
    }
}
