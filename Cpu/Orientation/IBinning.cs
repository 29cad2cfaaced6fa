using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Orientation;

/// <summary>How a gradient is shared among the bins of its orientation (spec sections 7.1 and 7.2), line by line as in Native/Kernels/orientation.cu.</summary>
internal unsafe interface IBinning
{
    /// <summary>Writes the bins of a vector of pixels, a plane each.</summary>
    static abstract void Forward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* h)
        where TS : struct, ISimd<TV> where TV : unmanaged;

    /// <summary>The signal at the gradient from that at the bins; what it gives where there is no gradient is not looked at.</summary>
    static abstract void Backward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* r, out TV dx, out TV dy)
        where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>All of |g| to the nearest direction, the first of equal ones.</summary>
internal readonly unsafe struct HardBinning : IBinning
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* h)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV nearest = Nearest<TS, TV>(o, directions, g), zero = TS.Broadcast(0);
        for (int k = 0; k < o.Bins; k++)
            TS.Store(h + (nint)k * o.Plane, TS.Select(TS.BitsEqual(nearest, TS.Broadcast(k)), g.Size, zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* r, out TV dx, out TV dy)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV nearest = Nearest<TS, TV>(o, directions, g), given = TS.Broadcast(0);
        for (int k = 0; k < o.Bins; k++)
            given = TS.Select(TS.BitsEqual(nearest, TS.Broadcast(k)), TS.Load(r + (nint)k * o.Plane), given);
        dx = TS.Mul(given, TS.Div(g.X, g.Size));
        dy = TS.Mul(given, TS.Div(g.Y, g.Size));
    }

    /// <summary>The bin's number, as float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Nearest<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV best = TS.Broadcast(0), most = g.Along<TS>(directions);
        for (int k = 1; k < o.Bins; k++)
        {
            TV value = g.Along<TS>(directions + 2 * k);
            TV more = TS.Greater(value, most);
            most = TS.Select(more, value, most);
            best = TS.Select(more, TS.Broadcast(k), best);
        }

        return best;
    }
}

/// <summary>max(0, &lt;g, u_k&gt; - a |g|) / (1 - a) for every direction u_k.</summary>
internal readonly unsafe struct RectifiedBinning : IBinning
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* h)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV taken = TS.Mul(TS.Broadcast(o.Offset), g.Size), range = TS.Broadcast(1 - o.Offset), zero = TS.Broadcast(0);
        for (int k = 0; k < o.Bins; k++)
            TS.Store(h + (nint)k * o.Plane, TS.Greatest(TS.Div(TS.Sub(g.Along<TS>(directions + 2 * k), taken), range), zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TS, TV>(in OrientationGeometry o, float* directions, in PixelGradient<TV> g, float* r, out TV dx, out TV dy)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), unitX = TS.Div(g.X, g.Size), unitY = TS.Div(g.Y, g.Size);
        TV taken = TS.Mul(TS.Broadcast(o.Offset), g.Size), range = TS.Broadcast(1 - o.Offset), off = TS.Broadcast(-o.Offset);
        dx = zero;
        dy = zero;
        for (int k = 0; k < o.Bins; k++)
        {
            float* direction = directions + 2 * k;
            TV active = TS.Greater(TS.Sub(g.Along<TS>(direction), taken), zero);
            TV share = TS.Div(TS.Load(r + (nint)k * o.Plane), range);
            dx = TS.Select(active, TS.Fma(share, TS.Fma(off, unitX, TS.Broadcast(direction[0])), dx), dx);
            dy = TS.Select(active, TS.Fma(share, TS.Fma(off, unitY, TS.Broadcast(direction[1])), dy), dy);
        }
    }
}
