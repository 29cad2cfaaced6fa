using System.Runtime.CompilerServices;
using Preimage.Cpu.Images;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>A step of AdaGrad (Duchi, Hazan and Singer 2011, with a diagonal), in one pass over memory.</summary>
/// <remarks>s += g^2; w -= rate g / (sqrt(s) + epsilon). Arithmetic as in Native/Kernels/training.cu.</remarks>
internal unsafe struct AdaGradStep : IPixelKernel
{
    float _rate, _epsilon;
    float* _w, _gradient, _squares;

    public static void Run(Execution execution, long count, float* w, float* gradient, float* squares, float rate, float epsilon) =>
        PixelSweep<AdaGradStep>.Run(execution, 1, 1, count, new AdaGradStep { _w = w, _gradient = gradient, _squares = squares, _rate = rate, _epsilon = epsilon });

    public void Move(nint start)
    {
        _w += start;
        _gradient += start;
        _squares += start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TS, TV>(nint first) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV g = TS.Load(_gradient + first), squares = TS.Fma(g, g, TS.Load(_squares + first));
        TS.Store(_squares + first, squares);
        TV step = TS.Div(TS.Mul(TS.Broadcast(_rate), g), TS.Add(TS.Sqrt(squares), TS.Broadcast(_epsilon)));
        TS.Store(_w + first, TS.Sub(TS.Load(_w + first), step));
    }
}
