using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Preimage.Cpu.Simd;

/// <summary>One lane: the instruction set of machines without vectors, and the tail of every loop that has them.</summary>
internal readonly unsafe struct SimdScalar : ISimd<float>
{
    public static int Width => 1;

    public static int TileRows => 4;

    public static int TileVectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* address) => *address;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadEven(float* address) => *address;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, float value) => *address = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BroadcastBits(int value) => BitConverter.Int32BitsToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sub(float a, float b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mul(float a, float b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Div(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Greatest(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Greater(float a, float b) => Mask(a > b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LessOrEqual(float a, float b) => Mask(a <= b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float And(float a, float b) => Float(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Or(float a, float b) => Float(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Select(float mask, float a, float b) => Bits(mask) != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BitsEqual(float a, float b) => Mask(Bits(a) == Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BitsAdd(float a, float b) => Float(Bits(a) + Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BitsSub(float a, float b) => Float(Bits(a) - Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BitsShiftLeft(float a, int count) => Float(Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BitsShiftRight(float a, int count) => Float(Bits(a) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToBits(float mask) => (uint)Bits(mask) >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromBits(uint bits) => Mask((bits & 1) != 0);

    static float Mask(bool set) => Float(set ? -1 : 0);

    static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    static float Float(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadBytes(byte* address) =>
        // Through a vector: a byte in memory seen as a float directly is read as four bytes by the compiler of .NET 10.0.
        Vector128.CreateScalarUnsafe((int)*address).AsSingle().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(byte* address, float value) => *address = (byte)Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint stride, float* to, nint toStride) => *to = *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWide(double* sums, float values) => *sums += values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsWide(double* sums, float a, float b) => *sums += (double)a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRowsWide(double* sums, float* x, nint stride, int rows)
    {
        for (; rows > 0; rows--, x += stride)
            *sums += *x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductRowsWide(double* sums, float* x, float* y, nint stride, int rows)
    {
        for (; rows > 0; rows--, x += stride, y += stride)
            *sums += (double)*x * *y;
    }
}
