namespace Preimage.Cpu.Draws;

/// <summary>The operations of the generator over a vector of 64-bit lanes, which hold doubles or, in their lower halves, 32-bit words.</summary>
/// <remarks>Every operation is exact or rounded once, so the bits do not depend on the width.</remarks>
internal unsafe interface IDrawLanes<TV> where TV : unmanaged
{
    /// <summary>Lanes: 8, 4, 2 or 1.</summary>
    static abstract int Width { get; }

    static abstract TV Broadcast(double value);

    static abstract TV BroadcastBits(ulong value);

    /// <summary>first, first + 1, and so on, as integers.</summary>
    static abstract TV Count(ulong first);

    /// <summary>Products of the lower halves; upper halves are not looked at.</summary>
    static abstract TV MultiplyWords(TV a, TV b);

    static abstract TV ShiftRight(TV a, int bits);

    static abstract TV Xor(TV a, TV b);

    static abstract TV And(TV a, TV b);

    static abstract TV Or(TV a, TV b);

    static abstract TV Add(TV a, TV b);

    static abstract TV Sub(TV a, TV b);

    static abstract TV Mul(TV a, TV b);

    static abstract TV Div(TV a, TV b);

    static abstract TV Sqrt(TV a);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TV Fma(TV a, TV b, TV c);

    /// <summary>All ones where a &gt; b.</summary>
    static abstract TV Greater(TV a, TV b);

    /// <summary>a where the mask is set, else b.</summary>
    static abstract TV Select(TV mask, TV a, TV b);

    /// <summary>Whether a mask is set anywhere.</summary>
    static abstract bool Any(TV mask);

    /// <summary>Writes lane 0 of each, then lane 1 of each and so on, rounded to float: 4 * Width floats.</summary>
    static abstract void StoreInterleaved(float* to, TV x, TV y, TV z, TV w);
}
