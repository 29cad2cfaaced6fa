using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Draws;

/// <summary>One lane.</summary>
internal readonly unsafe struct DrawLanesScalar : IDrawLanes<double>
{
    public static int Width => 1;

    public static double Broadcast(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double BroadcastBits(ulong value) => BitConverter.UInt64BitsToDouble(value);

    public static double Count(ulong first) => BroadcastBits(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyWords(double a, double b) => BroadcastBits((ulong)(uint)Bits(a) * (uint)Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ShiftRight(double a, int bits) => BroadcastBits(Bits(a) >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Xor(double a, double b) => BroadcastBits(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double And(double a, double b) => BroadcastBits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Or(double a, double b) => BroadcastBits(Bits(a) | Bits(b));

    public static double Add(double a, double b) => a + b;

    public static double Sub(double a, double b) => a - b;

    public static double Mul(double a, double b) => a * b;

    public static double Div(double a, double b) => a / b;

    public static double Sqrt(double a) => Math.Sqrt(a);

    public static double Fma(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static double Greater(double a, double b) => BroadcastBits(a > b ? ulong.MaxValue : 0);

    public static double Select(double mask, double a, double b) => Any(mask) ? a : b;

    public static bool Any(double mask) => Bits(mask) != 0;

    public static void StoreInterleaved(float* to, double x, double y, double z, double w)
    {
        to[0] = (float)x;
        to[1] = (float)y;
        to[2] = (float)z;
        to[3] = (float)w;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
