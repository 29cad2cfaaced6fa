using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Rows of what max pooling passes back to one block of channels.</summary>
/// <remarks>A pixel starts from +0 and takes, windows in row-major order, the signal of each whose switch names it. That is the order in which the planar
/// kernel scatters, without reading the result back, and pixels need nothing from each other. Pixels of a row that are a multiple of
/// the stride apart see the same windows and taps: they are done in one go, with the places of signal and switch in a small table.</remarks>
internal unsafe struct MaxPoolingBackward : IStripJob
{
    public PoolingGeometry Geometry;
    public PoolingAxis Rows, Columns;
    public int Seeds;
    public float* Signal, Result;
    public byte* Switches;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Lanes = BlockedLayout.Lanes;
        int blocks = BlockedLayout.Blocks(Geometry.C), stride = Columns.Stride;
        nint outputs = (nint)Geometry.OutH * Geometry.OutW * Lanes;
        float* signal = Signal + block * outputs;
        byte* switches = Switches + ((nint)(block / blocks / Seeds) * blocks + block % blocks) * outputs;
        nint* places = stackalloc nint[BlockedMaxPooling.None];
        int* taps = stackalloc int[BlockedMaxPooling.None];
        for (int y = firstRow; y < endRow; y++)
        {
            for (int residue = 0; residue < Columns.Residues; residue++)
            {
                float* to = Result + (((nint)block * Geometry.H + y) * Geometry.W + residue) * Lanes;
                int[] offsets = Columns.Offsets[residue];
                int pixels = (Geometry.W - residue + stride - 1) / stride;
                // All windows exist from first up to end.
                int first = offsets.Length == 0 ? 0 : Math.Clamp(-offsets[0], 0, pixels);
                int end = offsets.Length == 0 ? pixels : Math.Clamp(Geometry.OutW - offsets[^1], first, pixels);
                for (int j = 0; j < pixels;)
                {
                    int run = j == first && end > first ? end - first : 1;
                    int count = Table(y, residue, j, places, taps);
                    Gather<TS, TV>(signal + (nint)j * Lanes, switches + (nint)j * Lanes, places, taps, count, run, to, (nint)stride * Lanes);
                    to += (nint)run * stride * Lanes;
                    j += run;
                }
            }
        }
    }

    /// <summary>The windows that hold pixel j of its residue in row y, in row-major order, as floats from window j of row 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly int Table(int y, int residue, int j, nint* places, int* taps)
    {
        int[] rows = Rows.Offsets[y % Rows.Stride], rowTaps = Rows.Taps[y % Rows.Stride], columns = Columns.Offsets[residue], columnTaps = Columns.Taps[residue];
        int count = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            int i = y / Rows.Stride + rows[r];
            for (int s = 0; s < columns.Length; s++)
            {
                if ((uint)i >= (uint)Geometry.OutH || (uint)(j + columns[s]) >= (uint)Geometry.OutW)
                    continue;
                places[count] = ((nint)i * Geometry.OutW + columns[s]) * BlockedLayout.Lanes;
                taps[count++] = rowTaps[r] * Geometry.S + columnTaps[s];
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gather<TS, TV>(float* signal, byte* switches, nint* places, int* taps, int count, int pixels, float* to, nint toStep)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        for (; pixels > 0; pixels--, signal += BlockedLayout.Lanes, switches += BlockedLayout.Lanes, to += toStep)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
            {
                TV sum = default, zero = default;
                for (int q = 0; q < count; q++)
                {
                    nint from = places[q] + lane;
                    TV own = TS.BitsEqual(TS.LoadBytes(switches + from), TS.BroadcastBits(taps[q]));
                    sum = TS.Add(sum, TS.Select(own, TS.Load(signal + from), zero));
                }

                TS.Store(to + lane, sum);
            }
        }
    }
}
