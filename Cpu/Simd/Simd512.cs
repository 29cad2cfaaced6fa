using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Preimage.Cpu.Simd;

/// <summary>AVX-512: 16 lanes, 32 registers. The tile holds 24 accumulators, 3 columns, 1 broadcast.</summary>
internal readonly unsafe struct Simd512 : ISimd<V>
{
    public static int Width => 16;

    public static int TileRows => 8;

    public static int TileVectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* address) => Vector512.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadEven(float* address) => Avx512F.PermuteVar16x32x2(
        Load(address), Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31), Load(address + 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, V value) => value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(int value) => Vector512.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sqrt(V a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greatest(V a, V b) => Avx512F.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => Vector512.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LessOrEqual(V a, V b) => Vector512.LessThanOrEqual(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsEqual(V a, V b) => Vector512.Equals(a.AsInt32(), b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsAdd(V a, V b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsSub(V a, V b) => (a.AsInt32() - b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsShiftLeft(V a, int count) => (a.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsShiftRight(V a, int count) => (a.AsInt32() >> count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToBits(V mask) => (uint)mask.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V FromBits(uint bits)
    {
        var lanes = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create((int)bits) & lanes, lanes).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadBytes(byte* address) => Avx512F.ConvertToVector512Int32(Vector128.Load(address)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(byte* address, V value) => Avx512F.ConvertToVector128Byte(value.AsInt32()).Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint stride, float* to, nint toStride)
    {
        Quad(from, stride, out V a0, out V a1, out V a2, out V a3);
        Quad(from + 4 * stride, stride, out V b0, out V b1, out V b2, out V b3);
        Quad(from + 8 * stride, stride, out V c0, out V c1, out V c2, out V c3);
        Quad(from + 12 * stride, stride, out V d0, out V d1, out V d2, out V d3);
        Join(a0, b0, c0, d0, to, toStride);
        Join(a1, b1, c1, d1, to + toStride, toStride);
        Join(a2, b2, c2, d2, to + 2 * toStride, toStride);
        Join(a3, b3, c3, d3, to + 3 * toStride, toStride);
    }

    /// <summary>Four rows transposed within each 128-bit part: c[j] holds columns j, 4 + j, 8 + j and 12 + j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quad(float* from, nint stride, out V c0, out V c1, out V c2, out V c3)
    {
        V r0 = Load(from), r1 = Load(from + stride), r2 = Load(from + 2 * stride), r3 = Load(from + 3 * stride);
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        c0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        c1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        c3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Writes columns j, 4 + j, 8 + j and 12 + j, whose quarters are in a, b, c and d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Join(V a, V b, V c, V d, float* to, nint stride)
    {
        const byte Even = 0x88, Odd = 0xDD;
        V abEven = Avx512F.Shuffle4x128(a, b, Even), abOdd = Avx512F.Shuffle4x128(a, b, Odd);
        V cdEven = Avx512F.Shuffle4x128(c, d, Even), cdOdd = Avx512F.Shuffle4x128(c, d, Odd);
        Store(to, Avx512F.Shuffle4x128(abEven, cdEven, Even));
        Store(to + 4 * stride, Avx512F.Shuffle4x128(abOdd, cdOdd, Even));
        Store(to + 8 * stride, Avx512F.Shuffle4x128(abEven, cdEven, Odd));
        Store(to + 12 * stride, Avx512F.Shuffle4x128(abOdd, cdOdd, Odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWide(double* sums, V values)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(values);
        (Vector512.Load(sums) + low).Store(sums);
        (Vector512.Load(sums + 8) + high).Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsWide(double* sums, V a, V b)
    {
        // A product of two floats fits a double: multiplied and added, or fused, it is the same.
        (Vector512<double> lowA, Vector512<double> highA) = Vector512.Widen(a);
        (Vector512<double> lowB, Vector512<double> highB) = Vector512.Widen(b);
        (Vector512.Load(sums) + lowA * lowB).Store(sums);
        (Vector512.Load(sums + 8) + highA * highB).Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRowsWide(double* sums, float* x, nint stride, int rows)
    {
        Vector512<double> low = Vector512.Load(sums), high = Vector512.Load(sums + 8);
        for (; rows > 0; rows--, x += stride)
        {
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(Load(x));
            low += first;
            high += second;
        }

        low.Store(sums);
        high.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductRowsWide(double* sums, float* x, float* y, nint stride, int rows)
    {
        Vector512<double> low = Vector512.Load(sums), high = Vector512.Load(sums + 8);
        for (; rows > 0; rows--, x += stride, y += stride)
        {
            (Vector512<double> lowX, Vector512<double> highX) = Vector512.Widen(Load(x));
            (Vector512<double> lowY, Vector512<double> highY) = Vector512.Widen(Load(y));
            low += lowX * lowY;
            high += highX * highY;
        }

        low.Store(sums);
        high.Store(sums + 8);
    }
}
