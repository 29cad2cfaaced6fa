using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<double>;

namespace Preimage.Cpu.Draws;

/// <summary>Four lanes of AVX2.</summary>
internal readonly unsafe struct DrawLanes256 : IDrawLanes<V>
{
    public static int Width => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(ulong value) => Vector256.Create(value).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Count(ulong first) => (Vector256.Create(first) + Vector256<ulong>.Indices).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyWords(V a, V b) =>
        Avx2.Multiply(a.AsUInt32(), b.AsUInt32()).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftRight(V a, int bits) => (a.AsUInt64() >> bits).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Xor(V a, V b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sqrt(V a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => Vector256.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V mask) => mask.ExtractMostSignificantBits() != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(float* to, V x, V y, V z, V w)
    {
        Vector128<float> a = Avx.ConvertToVector128Single(x), b = Avx.ConvertToVector128Single(y);
        Vector128<float> c = Avx.ConvertToVector128Single(z), d = Avx.ConvertToVector128Single(w);
        Vector128<double> lowAb = Sse.UnpackLow(a, b).AsDouble(), highAb = Sse.UnpackHigh(a, b).AsDouble();
        Vector128<double> lowCd = Sse.UnpackLow(c, d).AsDouble(), highCd = Sse.UnpackHigh(c, d).AsDouble();
        Sse2.UnpackLow(lowAb, lowCd).AsSingle().Store(to);
        Sse2.UnpackHigh(lowAb, lowCd).AsSingle().Store(to + 4);
        Sse2.UnpackLow(highAb, highCd).AsSingle().Store(to + 8);
        Sse2.UnpackHigh(highAb, highCd).AsSingle().Store(to + 12);
    }
}
