using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Draws;

/// <summary>The inverse of the standard normal distribution function, by its distance q from the middle: the x with Phi(x) = 1/2 + q.</summary>
/// <remarks>
/// <para>Up to <see cref="Bound"/> x = q P(q^2) / Q(q^2), beyond it P(s) / Q(s) with s = sqrt(-2 ln(1/2 - |q|)) and the sign of q; rational functions of degree 6
/// and 4 that we fitted by Remez's exchange to 40-digit values. Relative error 4e-11 and 3e-12: below a thousandth of a float's last place.</para>
/// <para>Products and sums are fused as written; the bits do not depend on the instruction set, and Native/Kernels/draws.h has the same text.</para>
/// </remarks>
internal static class QuantileLanes
{
    /// <summary>The |q| up to which no logarithm is needed; a normal cut at two deviations has none beyond 0.4772.</summary>
    public const double Bound = 0.478;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Central<TL, TV>(TV q) where TL : struct, IDrawLanes<TV> where TV : unmanaged
    {
        TV r = TL.Mul(q, q);
        TV p = TL.Fma(TL.Broadcast(69.74904293635831), r, TL.Broadcast(-520.0209627822952));
        TV d = TL.Fma(TL.Broadcast(107.76124080595106), r, TL.Broadcast(-416.78535751320567));
        p = TL.Fma(p, r, TL.Broadcast(875.1448613318572));
        d = TL.Fma(d, r, TL.Broadcast(535.7366541915792));
        p = TL.Fma(p, r, TL.Broadcast(-622.0800201158604));
        d = TL.Fma(d, r, TL.Broadcast(-323.8634448905986));
        p = TL.Fma(p, r, TL.Broadcast(218.05834658139423));
        d = TL.Fma(d, r, TL.Broadcast(101.39923163104167));
        p = TL.Fma(p, r, TL.Broadcast(-37.37169516461143));
        d = TL.Fma(d, r, TL.Broadcast(-15.95634682196737));
        p = TL.Fma(p, r, TL.Broadcast(2.5066282747252924));
        d = TL.Fma(d, r, TL.Broadcast(1));
        return TL.Div(TL.Mul(q, p), d);
    }

    /// <summary>Any |q| below 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TL, TV>(TV q) where TL : struct, IDrawLanes<TV> where TV : unmanaged
    {
        TV size = TL.And(q, TL.BroadcastBits(long.MaxValue)), outside = TL.Greater(size, TL.Broadcast(Bound));
        TV x = Central<TL, TV>(q);
        return TL.Any(outside) ? TL.Select(outside, Tail<TL, TV>(q, size), x) : x;
    }

    static TV Tail<TL, TV>(TV q, TV size) where TL : struct, IDrawLanes<TV> where TV : unmanaged
    {
        TV s = TL.Sqrt(TL.Mul(TL.Broadcast(-2), Logarithm<TL, TV>(TL.Sub(TL.Broadcast(0.5), size))));
        TV p = TL.Fma(TL.Broadcast(0.3797486687568651), s, TL.Broadcast(3.2678443271797795));
        TV d = TL.Fma(TL.Broadcast(4.684269083488012e-06), s, TL.Broadcast(0.3793996819014212));
        p = TL.Fma(p, s, TL.Broadcast(3.068993481357455));
        d = TL.Fma(d, s, TL.Broadcast(3.2856772151637355));
        p = TL.Fma(p, s, TL.Broadcast(-6.138982250348251));
        d = TL.Fma(d, s, TL.Broadcast(4.632249625775751));
        p = TL.Fma(p, s, TL.Broadcast(-3.0898281404436374));
        d = TL.Fma(d, s, TL.Broadcast(1));
        return TL.Or(TL.Div(p, d), TL.And(q, TL.BroadcastBits(1UL << 63)));
    }

    /// <summary>ln t of a normal number: t = 2^e m, m between sqrt(1/2) and sqrt(2), ln m = 2 artanh g with g = (m - 1) / (m + 1), |g| below 0.172, by its series.</summary>
    static TV Logarithm<TL, TV>(TV t) where TL : struct, IDrawLanes<TV> where TV : unmanaged
    {
        TV one = TL.Broadcast(1);
        // Beside 2^52 an integer is the low bits of a double.
        TV e = TL.Sub(TL.Or(TL.ShiftRight(t, 52), TL.Broadcast(4503599627370496)), TL.Broadcast(4503599627370496 + 1023));
        TV m = TL.Or(TL.And(t, TL.BroadcastBits((1UL << 52) - 1)), one);
        TV large = TL.Greater(m, TL.Broadcast(1.4142135623730951));
        m = TL.Select(large, TL.Mul(m, TL.Broadcast(0.5)), m);
        e = TL.Select(large, TL.Add(e, one), e);
        TV g = TL.Div(TL.Sub(m, one), TL.Add(m, one)), square = TL.Mul(g, g);
        TV p = TL.Fma(TL.Broadcast(1.0 / 13), square, TL.Broadcast(1.0 / 11));
        p = TL.Fma(p, square, TL.Broadcast(1.0 / 9));
        p = TL.Fma(p, square, TL.Broadcast(1.0 / 7));
        p = TL.Fma(p, square, TL.Broadcast(1.0 / 5));
        p = TL.Fma(p, square, TL.Broadcast(1.0 / 3));
        p = TL.Fma(p, square, one);
        return TL.Fma(e, TL.Broadcast(0.6931471805599453), TL.Mul(TL.Add(g, g), p));
    }
}
