using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>Copies parts of matrices into the order the tile reads them in. Moves bits, computes nothing.</summary>
internal static unsafe class PanelPacking
{
    /// <summary>to[p][i] = from[p * stride + i] for i below <paramref name="width"/>, zero up to <paramref name="paddedWidth"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Straight<TS, TV>(float* from, nint stride, nint depth, int width, float* to, nint toStride, int paddedWidth)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (width == 3 * TS.Width)
        {
            for (nint p = 0; p < depth; p++, from += stride, to += toStride)
            {
                TV a = TS.Load(from), b = TS.Load(from + TS.Width), c = TS.Load(from + 2 * TS.Width);
                TS.Store(to, a);
                TS.Store(to + TS.Width, b);
                TS.Store(to + 2 * TS.Width, c);
            }

            return;
        }

        for (nint p = 0; p < depth; p++, from += stride, to += toStride)
        {
            Copy(from, to, width);
            for (int i = width; i < paddedWidth; i++)
                to[i] = 0;
        }
    }

    /// <summary>to[p][i] = from[i * stride + p] for i below <paramref name="width"/>, zero up to <paramref name="paddedWidth"/>.</summary>
    /// <remarks>As many rows at a time as a vector has lanes, or four, over the whole depth: each is read as a stream. Rows that will be read next,
    /// <paramref name="rowsAhead"/> rows below and <paramref name="depthAhead"/> floats to the right, are fetched.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed<TS, TV>(float* from, nint stride, nint depth, int width, float* to, nint toStride, int paddedWidth, int rowsAhead, nint depthAhead)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        nint ahead = rowsAhead * stride + depthAhead;
        int i = 0;
        for (; TS.Width > 4 && i + TS.Width <= width; i += TS.Width)
        {
            float* rows = from + i * stride;
            nint p = 0;
            for (; p + TS.Width <= depth; p += TS.Width)
            {
                if (TS.Width == 16 || p % 16 == 0)
                    Prefetch.Rows(rows + p + ahead, stride, TS.Width);
                TS.Transpose(rows + p, stride, to + p * toStride + i, toStride);
            }

            for (; p < depth; p++)
            {
                for (int j = 0; j < TS.Width; j++)
                    to[p * toStride + i + j] = rows[j * stride + p];
            }
        }

        for (; i + 4 <= width; i += 4)
        {
            for (int row = 0; row < 4; row++)
                Prefetch.Run(from + (i + row) * stride + ahead, depth);
            FourRows(from + i * stride, stride, depth, to + i, toStride);
        }

        for (; i < width; i++)
        {
            float* row = from + i * stride;
            for (nint p = 0; p < depth; p++)
                to[p * toStride + i] = row[p];
        }

        for (; i < paddedWidth; i++)
        {
            for (nint p = 0; p < depth; p++)
                to[p * toStride + i] = 0;
        }
    }

    /// <summary>Copies a short run; the ends are done by vectors that overlap rather than by single floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to, int count)
    {
        if (count >= 8)
        {
            for (int i = 0; i + 8 < count; i += 8)
                Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + count - 8).Store(to + count - 8);
        }
        else if (count >= 4)
        {
            var first = Vector128.Load(from);
            var last = Vector128.Load(from + count - 4);
            first.Store(to);
            last.Store(to + count - 4);
        }
        else
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FourRows(float* from, nint stride, nint depth, float* to, nint toStride)
    {
        float* r0 = from, r1 = from + stride, r2 = from + 2 * stride, r3 = from + 3 * stride;
        nint p = 0;
        for (; p + 4 <= depth; p += 4)
        {
            Vector128<float> a = Vector128.Load(r0 + p), b = Vector128.Load(r1 + p), c = Vector128.Load(r2 + p), d = Vector128.Load(r3 + p);
            // 4x4 transpose: interleave rows 0 and 2, 1 and 3, then the two results.
            Vector128<float> acLow = Low(a, c), acHigh = High(a, c), bdLow = Low(b, d), bdHigh = High(b, d);
            float* column = to + p * toStride;
            Low(acLow, bdLow).Store(column);
            High(acLow, bdLow).Store(column + toStride);
            Low(acHigh, bdHigh).Store(column + 2 * toStride);
            High(acHigh, bdHigh).Store(column + 3 * toStride);
        }

        for (; p < depth; p++)
            Vector128.Create(r0[p], r1[p], r2[p], r3[p]).Store(to + p * toStride);
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b)
            : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b)
            : Vector128.Create(a[2], b[2], a[3], b[3]);
}
