using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Orientation;

/// <summary>Shared between the two neighbouring directions by angle.</summary>
/// <typeparam name="TAngle">How the angle is found.</typeparam>
internal readonly unsafe struct BilinearBinning<TAngle> : IBinning where TAngle : struct, IAngle
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* h)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        Shares<TS, TV>(o, g, out TV lower, out TV upper, out TV fraction, out _);
        TV zero = TS.Broadcast(0), below = TS.Mul(g.Size, TS.Sub(TS.Broadcast(1), fraction)), above = TS.Mul(g.Size, fraction);
        for (int k = 0; k < o.Bins; k++)
        {
            TV bin = TS.Broadcast(k);
            TS.Store(h + (nint)k * o.Plane, TS.Select(TS.BitsEqual(lower, bin), below, TS.Select(TS.BitsEqual(upper, bin), above, zero)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* r, out TV dx, out TV dy)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        Shares<TS, TV>(o, g, out TV lower, out TV upper, out TV fraction, out TV slope);
        TV zero = TS.Broadcast(0), below = zero, above = zero;
        for (int k = 0; k < o.Bins; k++)
        {
            TV bin = TS.Broadcast(k), given = TS.Load(r + (nint)k * o.Plane);
            below = TS.Select(TS.BitsEqual(lower, bin), given, below);
            above = TS.Select(TS.BitsEqual(upper, bin), given, above);
        }

        TV unitX = TS.Div(g.X, g.Size), unitY = TS.Div(g.Y, g.Size);
        TV outward = TS.Fma(above, fraction, TS.Mul(below, TS.Sub(TS.Broadcast(1), fraction)));
        // Right on a direction the slope to either side cancels by convention.
        TV turning = TS.Select(TS.LessOrEqual(fraction, zero), zero, TS.Mul(TS.Mul(TS.Broadcast(o.BinsPerRadian), slope), TS.Sub(above, below)));
        dx = TS.Fma(outward, unitX, TS.Mul(TS.Mul(turning, unitY), TS.Broadcast(-1)));
        dy = TS.Fma(outward, unitY, TS.Mul(turning, unitX));
    }

    /// <summary>The bins below and above the angle, as floats, how much of the way to the one above it is, and how fast the angle turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Shares<TS, TV>(in OrientationGeometry o, in PixelGradient<TV> g, out TV lower, out TV upper, out TV fraction, out TV slope)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV bins = TS.Broadcast(o.Bins), zero = TS.Broadcast(0);
        TV position = TS.Mul(TAngle.Of<TS, TV>(g.Y, g.X, out slope), TS.Broadcast(o.BinsPerRadian));
        TV whole = Arctangent.Floor<TS, TV>(position);
        lower = TS.Select(TS.Greater(zero, whole), TS.Add(whole, bins), whole);
        TV next = TS.Add(lower, TS.Broadcast(1));
        upper = TS.Select(TS.BitsEqual(next, bins), zero, next);
        fraction = TS.Sub(position, whole);
    }
}

/// <summary>The angle of a gradient from -pi to pi, and its derivative by the true angle.</summary>
internal interface IAngle
{
    static abstract TV Of<TS, TV>(TV y, TV x, out TV slope) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>The true angle.</summary>
internal readonly struct TrueAngle : IAngle
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV y, TV x, out TV slope) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        slope = TS.Broadcast(1);
        return Arctangent.Angle<TS, TV>(y, x);
    }
}

/// <summary>What VLFeat's dense SIFT takes for the angle, within 0.0062 radians: pi / 4 - 0.9675 r + 0.1821 r^3 for x and y above 0, where r = (x - y) / (x + y).</summary>
internal readonly struct CubicAngle : IAngle
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV y, TV x, out TV slope) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), all = TS.BroadcastBits(int.MaxValue), linear = TS.Broadcast(0.9675f);
        // The library's guard against 0 / 0.
        TV sizeX = TS.And(x, all), sizeY = TS.Add(TS.And(y, all), TS.Broadcast(1.1920929e-7f));
        TV left = TS.Greater(zero, x);
        TV r = TS.Div(TS.Select(left, TS.Add(x, sizeY), TS.Sub(x, sizeY)), TS.Add(sizeX, sizeY)), square = TS.Mul(r, r);
        TV middle = TS.Select(left, TS.Broadcast(2.35619449f), TS.Broadcast(0.785398163f));
        TV angle = TS.Fma(TS.Sub(TS.Mul(TS.Broadcast(0.1821f), square), linear), r, middle);
        // dr / d angle is -(1 + r^2).
        slope = TS.Mul(TS.Sub(linear, TS.Mul(TS.Broadcast(0.5463f), square)), TS.Add(TS.Broadcast(1), square));
        return TS.Select(TS.Greater(zero, y), TS.Mul(angle, TS.Broadcast(-1)), angle);
    }
}

/// <summary>Bilinear as VLFeat's HOG computes it: the arc cosine of a float, which right beside a direction has steps of 3.5e-4 radians, shared between the nearest direction and the next.</summary>
/// <remarks>But for these steps it is the true angle, whose derivative it has.</remarks>
internal readonly unsafe struct CosineBinning : IBinning
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* h)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), one = TS.Broadcast(1);
        TV nearest = zero, most = Along<TS, TV>(g, directions), next = zero, second = TS.Broadcast(float.NegativeInfinity);
        for (int k = 1; k < o.Bins; k++)
        {
            TV bin = TS.Broadcast(k), value = Along<TS, TV>(g, directions + 2 * k);
            TV more = TS.Greater(value, most), closer = TS.Greater(value, second);
            next = TS.Select(more, nearest, TS.Select(closer, bin, next));
            second = TS.Select(more, most, TS.Select(closer, value, second));
            nearest = TS.Select(more, bin, nearest);
            most = TS.Select(more, value, most);
        }

        TV cosine = TS.Select(TS.Greater(g.Size, zero), TS.Div(most, g.Size), one);
        cosine = TS.Select(TS.Greater(cosine, one), one, cosine);
        // 1 - cosine is exact there, so no more is lost.
        TV sine = TS.Sqrt(TS.Mul(TS.Sub(one, cosine), TS.Add(one, cosine)));
        TV fraction = TS.Mul(Arctangent.Angle<TS, TV>(sine, cosine), TS.Broadcast(o.BinsPerRadian));
        TV near = TS.Mul(g.Size, TS.Sub(one, fraction)), far = TS.Mul(g.Size, fraction);
        for (int k = 0; k < o.Bins; k++)
        {
            TV bin = TS.Broadcast(k);
            TS.Store(h + (nint)k * o.Plane, TS.Select(TS.BitsEqual(nearest, bin), near, TS.Select(TS.BitsEqual(next, bin), far, zero)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* r, out TV dx, out TV dy)
        where TS : struct, ISimd<TV> where TV : unmanaged =>
        BilinearBinning<TrueAngle>.Backward<TS, TV>(o, directions, g, r, out dx, out dy);

    /// <summary>As the library adds: two products, each rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Along<TS, TV>(in PixelGradient<TV> g, float* direction) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Add(TS.Mul(TS.Broadcast(direction[0]), g.X), TS.Mul(TS.Broadcast(direction[1]), g.Y));
}
