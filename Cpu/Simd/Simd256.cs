using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace Preimage.Cpu.Simd;

/// <summary>AVX2 with FMA: 8 lanes, 16 registers. The tile holds 12 accumulators, 2 columns, 1 broadcast.</summary>
internal readonly unsafe struct Simd256 : ISimd<V>
{
    public static int Width => 8;

    public static int TileRows => 6;

    public static int TileVectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* address) => Vector256.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadEven(float* address) =>
        // Even floats of each 128-bit part side by side (odd ones of the second load, one float early), then the pairs of floats in order.
        Avx2.Permute4x64(Avx.Shuffle(Load(address), Load(address + 7), 0xD8).AsDouble(), 0xD8).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, V value) => value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(int value) => Vector256.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sqrt(V a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greatest(V a, V b) => Avx.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => Vector256.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LessOrEqual(V a, V b) => Vector256.LessThanOrEqual(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsEqual(V a, V b) => Vector256.Equals(a.AsInt32(), b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsAdd(V a, V b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsSub(V a, V b) => (a.AsInt32() - b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsShiftLeft(V a, int count) => (a.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsShiftRight(V a, int count) => (a.AsInt32() >> count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToBits(V mask) => mask.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V FromBits(uint bits)
    {
        var lanes = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create((int)bits) & lanes, lanes).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadBytes(byte* address) => Avx2.ConvertToVector256Int32(address).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(byte* address, V value)
    {
        Vector256<int> lanes = value.AsInt32();
        Vector128<short> halves = Sse41.PackUnsignedSaturate(lanes.GetLower(), lanes.GetUpper()).AsInt16();
        *(long*)address = Sse2.PackUnsignedSaturate(halves, halves).AsInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint stride, float* to, nint toStride)
    {
        Quad(from, stride, out V a0, out V a1, out V a2, out V a3);
        Quad(from + 4 * stride, stride, out V b0, out V b1, out V b2, out V b3);
        Join(a0, b0, to, toStride);
        Join(a1, b1, to + toStride, toStride);
        Join(a2, b2, to + 2 * toStride, toStride);
        Join(a3, b3, to + 3 * toStride, toStride);
    }

    /// <summary>Four rows transposed within each 128-bit part: c[j] holds columns j and 4 + j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quad(float* from, nint stride, out V c0, out V c1, out V c2, out V c3)
    {
        V r0 = Load(from), r1 = Load(from + stride), r2 = Load(from + 2 * stride), r3 = Load(from + 3 * stride);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        c0 = Avx.UnpackLow(low01, low23).AsSingle();
        c1 = Avx.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx.UnpackLow(high01, high23).AsSingle();
        c3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Writes columns j and 4 + j, whose halves are in a and b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Join(V a, V b, float* to, nint stride)
    {
        Store(to, Avx.Permute2x128(a, b, 0x20));
        Store(to + 4 * stride, Avx.Permute2x128(a, b, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWide(double* sums, V values)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(values);
        (Vector256.Load(sums) + low).Store(sums);
        (Vector256.Load(sums + 4) + high).Store(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsWide(double* sums, V a, V b)
    {
        // A product of two floats fits a double: multiplied and added, or fused, it is the same.
        (Vector256<double> lowA, Vector256<double> highA) = Vector256.Widen(a);
        (Vector256<double> lowB, Vector256<double> highB) = Vector256.Widen(b);
        (Vector256.Load(sums) + lowA * lowB).Store(sums);
        (Vector256.Load(sums + 4) + highA * highB).Store(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRowsWide(double* sums, float* x, nint stride, int rows)
    {
        Vector256<double> low = Vector256.Load(sums), high = Vector256.Load(sums + 4);
        for (; rows > 0; rows--, x += stride)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Load(x));
            low += first;
            high += second;
        }

        low.Store(sums);
        high.Store(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductRowsWide(double* sums, float* x, float* y, nint stride, int rows)
    {
        Vector256<double> low = Vector256.Load(sums), high = Vector256.Load(sums + 4);
        for (; rows > 0; rows--, x += stride, y += stride)
        {
            (Vector256<double> lowX, Vector256<double> highX) = Vector256.Widen(Load(x));
            (Vector256<double> lowY, Vector256<double> highY) = Vector256.Widen(Load(y));
            low += lowX * lowY;
            high += highX * highY;
        }

        low.Store(sums);
        high.Store(sums + 4);
    }
}
