using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>The innermost loop of every matrix product and convolution.</summary>
/// <remarks>
/// <para>c[i][j] = sum over p of a[p][i] * b[p][j] for TRows x (TColumns vectors) outputs held in registers. a is packed [k][TRows]; b has
/// <c>ldb</c> floats between its rows; c is a block of scratch with whole vectors, so nothing is clipped here.</para>
/// <para>Order: each output is one chain of fused multiply-adds, fma(a, b, acc), p ascending, from +0 or, when <c>resume</c> is set, from what c holds.
/// Stopping at any p and resuming therefore leaves the bits as they are.</para>
/// <para>Registers: TRows * TColumns accumulators + TColumns of b + 1 broadcast: 8 x 3 + 4 = 28 of 32 (AVX-512), 6 x 2 + 3 = 15 of 16 (AVX2). Rows and
/// columns beyond the type arguments are removed by the compiler. Each row broadcasts and multiplies at once: broadcasting all rows first spills.</para>
/// </remarks>
internal static unsafe class GemmTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TRows, TColumns>(nint k, float* a, float* b, nint ldb, float* c, nint ldc, bool resume)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TColumns : struct, ICount
    {
        TV c00 = default, c01 = default, c02 = default;
        TV c10 = default, c11 = default, c12 = default;
        TV c20 = default, c21 = default, c22 = default;
        TV c30 = default, c31 = default, c32 = default;
        TV c40 = default, c41 = default, c42 = default;
        TV c50 = default, c51 = default, c52 = default;
        TV c60 = default, c61 = default, c62 = default;
        TV c70 = default, c71 = default, c72 = default;
        if (resume)
        {
            if (TRows.Count > 0) Load<TS, TV, TColumns>(c, out c00, out c01, out c02);
            if (TRows.Count > 1) Load<TS, TV, TColumns>(c + ldc, out c10, out c11, out c12);
            if (TRows.Count > 2) Load<TS, TV, TColumns>(c + 2 * ldc, out c20, out c21, out c22);
            if (TRows.Count > 3) Load<TS, TV, TColumns>(c + 3 * ldc, out c30, out c31, out c32);
            if (TRows.Count > 4) Load<TS, TV, TColumns>(c + 4 * ldc, out c40, out c41, out c42);
            if (TRows.Count > 5) Load<TS, TV, TColumns>(c + 5 * ldc, out c50, out c51, out c52);
            if (TRows.Count > 6) Load<TS, TV, TColumns>(c + 6 * ldc, out c60, out c61, out c62);
            if (TRows.Count > 7) Load<TS, TV, TColumns>(c + 7 * ldc, out c70, out c71, out c72);
        }

        for (; k > 0; k--)
        {
            TV b0 = TS.Load(b);
            TV b1 = TColumns.Count > 1 ? TS.Load(b + TS.Width) : default;
            TV b2 = TColumns.Count > 2 ? TS.Load(b + 2 * TS.Width) : default;
            if (TRows.Count > 0) Step<TS, TV, TColumns>(a[0], b0, b1, b2, ref c00, ref c01, ref c02);
            if (TRows.Count > 1) Step<TS, TV, TColumns>(a[1], b0, b1, b2, ref c10, ref c11, ref c12);
            if (TRows.Count > 2) Step<TS, TV, TColumns>(a[2], b0, b1, b2, ref c20, ref c21, ref c22);
            if (TRows.Count > 3) Step<TS, TV, TColumns>(a[3], b0, b1, b2, ref c30, ref c31, ref c32);
            if (TRows.Count > 4) Step<TS, TV, TColumns>(a[4], b0, b1, b2, ref c40, ref c41, ref c42);
            if (TRows.Count > 5) Step<TS, TV, TColumns>(a[5], b0, b1, b2, ref c50, ref c51, ref c52);
            if (TRows.Count > 6) Step<TS, TV, TColumns>(a[6], b0, b1, b2, ref c60, ref c61, ref c62);
            if (TRows.Count > 7) Step<TS, TV, TColumns>(a[7], b0, b1, b2, ref c70, ref c71, ref c72);
            a += TRows.Count;
            b += ldb;
        }

        if (TRows.Count > 0) Store<TS, TV, TColumns>(c, c00, c01, c02);
        if (TRows.Count > 1) Store<TS, TV, TColumns>(c + ldc, c10, c11, c12);
        if (TRows.Count > 2) Store<TS, TV, TColumns>(c + 2 * ldc, c20, c21, c22);
        if (TRows.Count > 3) Store<TS, TV, TColumns>(c + 3 * ldc, c30, c31, c32);
        if (TRows.Count > 4) Store<TS, TV, TColumns>(c + 4 * ldc, c40, c41, c42);
        if (TRows.Count > 5) Store<TS, TV, TColumns>(c + 5 * ldc, c50, c51, c52);
        if (TRows.Count > 6) Store<TS, TV, TColumns>(c + 6 * ldc, c60, c61, c62);
        if (TRows.Count > 7) Store<TS, TV, TColumns>(c + 7 * ldc, c70, c71, c72);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TColumns>(float a, TV b0, TV b1, TV b2, ref TV c0, ref TV c1, ref TV c2)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TV w = TS.Broadcast(a);
        c0 = TS.Fma(w, b0, c0);
        if (TColumns.Count > 1) c1 = TS.Fma(w, b1, c1);
        if (TColumns.Count > 2) c2 = TS.Fma(w, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Load<TS, TV, TColumns>(float* c, out TV c0, out TV c1, out TV c2)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        c0 = TS.Load(c);
        c1 = TColumns.Count > 1 ? TS.Load(c + TS.Width) : default;
        c2 = TColumns.Count > 2 ? TS.Load(c + 2 * TS.Width) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TS, TV, TColumns>(float* c, TV c0, TV c1, TV c2)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TS.Store(c, c0);
        if (TColumns.Count > 1) TS.Store(c + TS.Width, c1);
        if (TColumns.Count > 2) TS.Store(c + 2 * TS.Width, c2);
    }
}
