using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace Preimage.Cpu.Draws;

/// <summary>Eight lanes of AVX-512.</summary>
internal readonly unsafe struct DrawLanes512 : IDrawLanes<V>
{
    public static int Width => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(ulong value) => Vector512.Create(value).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Count(ulong first) => (Vector512.Create(first) + Vector512<ulong>.Indices).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MultiplyWords(V a, V b) =>
        Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()).AsDouble();

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
    public static V Sqrt(V a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => Vector512.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V mask) => mask.ExtractMostSignificantBits() != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(float* to, V x, V y, V z, V w)
    {
        Vector256<float> a = Avx512F.ConvertToVector256Single(x), b = Avx512F.ConvertToVector256Single(y);
        Vector256<float> c = Avx512F.ConvertToVector256Single(z), d = Avx512F.ConvertToVector256Single(w);
        Vector256<double> lowAb = Avx.UnpackLow(a, b).AsDouble(), highAb = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> lowCd = Avx.UnpackLow(c, d).AsDouble(), highCd = Avx.UnpackHigh(c, d).AsDouble();
        // Lanes 0 and 4, 1 and 5, 2 and 6, 3 and 7, four floats each.
        Vector256<double> first = Avx.UnpackLow(lowAb, lowCd), second = Avx.UnpackHigh(lowAb, lowCd);
        Vector256<double> third = Avx.UnpackLow(highAb, highCd), fourth = Avx.UnpackHigh(highAb, highCd);
        Avx.Permute2x128(first, second, 0x20).AsSingle().Store(to);
        Avx.Permute2x128(third, fourth, 0x20).AsSingle().Store(to + 8);
        Avx.Permute2x128(first, second, 0x31).AsSingle().Store(to + 16);
        Avx.Permute2x128(third, fourth, 0x31).AsSingle().Store(to + 24);
    }
}
