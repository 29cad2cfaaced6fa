using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<float>;

namespace Preimage.Cpu.Simd;

/// <summary>NEON: 4 lanes, 32 registers. The tile holds 16 accumulators, 2 columns, 1 broadcast.</summary>
internal readonly unsafe struct Simd128 : ISimd<V>
{
    public static int Width => 4;

    public static int TileRows => 8;

    public static int TileVectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* address) => Vector128.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadEven(float* address) => Vector128.Create(address[0], address[2], address[4], address[6]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, V value) => value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BroadcastBits(int value) => Vector128.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sub(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mul(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Div(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sqrt(V a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greatest(V a, V b) => Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greater(V a, V b) => Vector128.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LessOrEqual(V a, V b) => Vector128.LessThanOrEqual(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V And(V a, V b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Or(V a, V b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BitsEqual(V a, V b) => Vector128.Equals(a.AsInt32(), b.AsInt32()).AsSingle();

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
        var lanes = Vector128.Create(1, 2, 4, 8);
        return Vector128.Equals(Vector128.Create((int)bits) & lanes, lanes).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadBytes(byte* address) => Vector128.Create(address[0], address[1], address[2], (int)address[3]).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(byte* address, V value)
    {
        Vector128<ushort> halves = Vector128.Narrow(value.AsUInt32(), value.AsUInt32());
        *(uint*)address = Vector128.Narrow(halves, halves).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint stride, float* to, nint toStride)
    {
        for (int j = 0; j < 4; j++, from++, to += toStride)
            Vector128.Create(from[0], from[stride], from[2 * stride], from[3 * stride]).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWide(double* sums, V values)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(values);
        (Vector128.Load(sums) + low).Store(sums);
        (Vector128.Load(sums + 2) + high).Store(sums + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsWide(double* sums, V a, V b)
    {
        // A product of two floats fits a double: multiplied and added, or fused, it is the same.
        (Vector128<double> lowA, Vector128<double> highA) = Vector128.Widen(a);
        (Vector128<double> lowB, Vector128<double> highB) = Vector128.Widen(b);
        (Vector128.Load(sums) + lowA * lowB).Store(sums);
        (Vector128.Load(sums + 2) + highA * highB).Store(sums + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRowsWide(double* sums, float* x, nint stride, int rows)
    {
        Vector128<double> low = Vector128.Load(sums), high = Vector128.Load(sums + 2);
        for (; rows > 0; rows--, x += stride)
        {
            (Vector128<double> first, Vector128<double> second) = Vector128.Widen(Load(x));
            low += first;
            high += second;
        }

        low.Store(sums);
        high.Store(sums + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductRowsWide(double* sums, float* x, float* y, nint stride, int rows)
    {
        Vector128<double> low = Vector128.Load(sums), high = Vector128.Load(sums + 2);
        for (; rows > 0; rows--, x += stride, y += stride)
        {
            (Vector128<double> lowX, Vector128<double> highX) = Vector128.Widen(Load(x));
            (Vector128<double> lowY, Vector128<double> highY) = Vector128.Widen(Load(y));
            low += lowX * lowY;
            high += highX * highY;
        }

        low.Store(sums);
        high.Store(sums + 2);
    }
}
