using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>What each output of a chunk reads of a planar picture, side by side in the order of the filters: [output][channel][kernel row][kernel column].</summary>
/// <remarks>
/// Taps outside the picture are +0. A kernel row whose columns are adjacent is copied as one piece of 4, 8 or 16 floats, more than there are: what
/// spills over is written next, and a patch ends with room for the last piece. Only copies: the same on every instruction set.
/// </remarks>
internal static unsafe class FilterGradientPatches
{
    /// <summary>Floats from a patch to the next: whole tiles, and room for what spills over.</summary>
    public static int Pitch(in ConvolutionGeometry g, int tileRows)
    {
        int positions = g.C * g.R * g.S;
        return Math.Max((positions + tileRows - 1) / tileRows * tileRows, positions + Math.Max(Piece(g) - g.S, 0));
    }

    /// <summary>Fills patches; the floats of a patch beyond its last position are undefined.</summary>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="picture">All samples, NCHW.</param>
    /// <param name="samples">How many.</param>
    /// <param name="chunk">The outputs.</param>
    /// <param name="patches">Where they go.</param>
    /// <param name="pitch">Floats from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in ConvolutionGeometry g, float* picture, int samples, FilterGradientChunk chunk, float* patches, int pitch)
    {
        // Outputs of which the whole kernel row lies in a line are copied in pieces; the rest go tap by tap, and are few.
        int piece = Piece(g);
        (int first, int end) = piece > 0 ? FilterGradientOrder.Inside(0, g.OutW, g.StrideX, -g.PadLeft, g.W - g.S + 1) : (0, 0);
        float* pictureEnd = picture + (nint)samples * g.C * g.H * g.W;
        for (int n = chunk.Sample; n < chunk.EndSample; n++)
        {
            for (int i = chunk.Row; i < chunk.EndRow; i++, patches += (nint)g.OutW * pitch)
            {
                float* to = patches;
                for (int c = 0; c < g.C; c++)
                {
                    for (int r = 0; r < g.R; r++, to += g.S)
                    {
                        int row = i * g.StrideY + r * g.DilationY - g.PadTop;
                        float* line = (uint)row < (uint)g.H ? picture + (((nint)n * g.C + c) * g.H + row) * g.W : null;
                        int inside = end;
                        while (line != null && inside > first && line + (inside - 1) * g.StrideX - g.PadLeft + piece > pictureEnd)
                            inside--;
                        Line(g, line, line == null ? 0 : first, line == null ? 0 : inside, piece, to, pitch);
                    }
                }
            }
        }
    }

    /// <summary>A kernel row of a channel for all outputs of a row, in pieces from the first to the end; a line that is not there is zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Line(in ConvolutionGeometry g, float* line, int first, int end, int piece, float* to, int pitch)
    {
        Taps(g, line, 0, first, to, pitch);
        float* from = line + first * g.StrideX - g.PadLeft;
        float* at = to + (nint)first * pitch;
        nint stride = g.StrideX;
        switch (piece)
        {
            case 4:
                int i = first;
                for (; i + 4 <= end; i += 4, from += 4 * stride, at += 4 * (nint)pitch)
                {
                    Vector128.Store(Vector128.Load(from), at);
                    Vector128.Store(Vector128.Load(from + stride), at + pitch);
                    Vector128.Store(Vector128.Load(from + 2 * stride), at + 2 * (nint)pitch);
                    Vector128.Store(Vector128.Load(from + 3 * stride), at + 3 * (nint)pitch);
                }

                for (int j = i; j < end; j++, from += stride, at += pitch)
                    Vector128.Store(Vector128.Load(from), at);
                break;
            case 8:
                for (int j = first; j < end; j++, from += g.StrideX, at += pitch)
                    Vector256.Store(Vector256.Load(from), at);
                break;
            default:
                for (int j = first; j < end; j++, from += g.StrideX, at += pitch)
                    Vector512.Store(Vector512.Load(from), at);
                break;
        }

        Taps(g, line, end, g.OutW, to, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Taps(in ConvolutionGeometry g, float* line, int first, int end, float* to, int pitch)
    {
        for (int j = first; j < end; j++)
        {
            for (int s = 0; s < g.S; s++)
            {
                int column = j * g.StrideX + s * g.DilationX - g.PadLeft;
                to[(nint)j * pitch + s] = line != null && (uint)column < (uint)g.W ? line[column] : 0;
            }
        }
    }

    /// <summary>Floats that a kernel row is copied in; 0 where it is not adjacent, or too long.</summary>
    static int Piece(in ConvolutionGeometry g) => g.DilationX > 1 && g.S > 1 ? 0 : g.S <= 4 ? 4 : g.S <= 8 ? 8 : g.S <= 16 ? 16 : 0;
}
