using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>A function of one number with up to two constants.</summary>
internal interface IUnary
{
    static abstract TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>A function of one number that is linear in pieces: where it has its upper slope, which is 1.</summary>
internal interface IPiecewise : IUnary
{
    /// <summary>The mask of numbers on the upper slope; not-a-number is not.</summary>
    static abstract TV Upper<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>max(x, 0): +0 for zeros of either sign; not-a-number stays.</summary>
internal readonly struct Relu : IPiecewise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0);
        return TS.Select(TS.LessOrEqual(x, zero), zero, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Upper<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Greater(x, TS.Broadcast(0));
}

/// <summary>x where x &gt; 0, else a * x.</summary>
internal readonly struct LeakyRelu : IPiecewise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Select(TS.Greater(x, TS.Broadcast(0)), x, TS.Mul(a, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Upper<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Greater(x, TS.Broadcast(0));
}

/// <summary>min(max(x, a), b); the upper slope is strictly between a and b; not-a-number stays.</summary>
internal readonly struct Clip : IPiecewise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        x = TS.Select(TS.Greater(a, x), a, x);
        return TS.Select(TS.Greater(x, b), b, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Upper<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.And(TS.Greater(x, a), TS.Greater(b, x));
}

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct Sigmoid : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged =>
        HyperbolicTangent.Logistic<TS, TV>(x);
}

/// <summary>tanh x.</summary>
internal readonly struct Tanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => HyperbolicTangent.Of<TS, TV>(x);
}

/// <summary>e^x.</summary>
internal readonly struct Exponentiation : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => Exponential.Of<TS, TV>(x);
}

/// <summary>The square root of x.</summary>
internal readonly struct SquareRoot : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Sqrt(x);
}

/// <summary>erf x.</summary>
internal readonly struct Erf : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => ErrorFunction.Of<TS, TV>(x);
}

/// <summary>x where x &gt; 0, else e^x - 1.</summary>
internal readonly struct Elu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Select(TS.Greater(x, TS.Broadcast(0)), x, HyperbolicTangent.ExponentialLessOne<TS, TV>(x));
}

/// <summary>ln(1 + e^x).</summary>
internal readonly struct Softplus : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => Logarithm.OfOnePlusExponential<TS, TV>(x);
}

/// <summary>a * x.</summary>
internal readonly struct Multiple : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Mul(a, x);
}
