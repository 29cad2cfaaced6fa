using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Convolution;

/// <summary>Filters in the order the tile reads them: per group and sweep, panels [position in the sum][rows of the tile].</summary>
internal sealed unsafe class PackedFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly long[] _sweepStarts;
    readonly long _groupFloats;

    PackedFilters(AlignedBuffer buffer, long[] sweepStarts, long groupFloats)
    {
        _buffer = buffer;
        _sweepStarts = sweepStarts;
        _groupFloats = groupFloats;
    }

    /// <summary>Bytes held.</summary>
    public long Bytes => _buffer.Bytes;

    /// <summary>Packs filters [K][C/groups][R][S] for a convolution, or for its adjoint.</summary>
    public static PackedFilters Pack(in ConvolutionGeometry g, ReadOnlySpan<float> filters, TapGrid[] sweeps, bool adjoint, Isa isa)
    {
        int tile = GemmBlocking.For(isa).Rows, perGroupC = g.C / g.Groups, perGroupK = g.K / g.Groups;
        (int rows, int channels) = adjoint ? (perGroupC, perGroupK) : (perGroupK, perGroupC);
        var starts = new long[sweeps.Length + 1];
        for (int i = 0; i < sweeps.Length; i++)
            starts[i + 1] = starts[i] + PanelFloats(rows, tile) * channels * sweeps[i].Taps;
        var buffer = new AlignedBuffer(starts[^1] * g.Groups * sizeof(float));
        float* to = buffer.Floats;
        for (int group = 0; group < g.Groups; group++)
        {
            foreach (TapGrid sweep in sweeps)
            {
                for (int row0 = 0; row0 < rows; row0 += tile)
                {
                    int count = Math.Min(tile, rows - row0), width = GemmBlocking.PanelRows(count);
                    PackPanel(g, filters, sweep, adjoint, group, row0, count, width, channels, to);
                    to += (long)width * channels * sweep.Taps;
                }
            }
        }

        return new PackedFilters(buffer, starts, starts[^1]);
    }

    /// <summary>Where the panels of a group and sweep start.</summary>
    public float* Panels(int group, int sweep) => _buffer.Floats + group * _groupFloats + _sweepStarts[sweep];

    public void Dispose() => _buffer.Dispose();

    static long PanelFloats(int rows, int tile) => rows / tile * tile + (rows % tile == 0 ? 0 : GemmBlocking.PanelRows(rows % tile));

    static void PackPanel(in ConvolutionGeometry g, ReadOnlySpan<float> filters, TapGrid sweep, bool adjoint, int group, int row0, int count,
        int width, int channels, float* to)
    {
        int perGroupC = g.C / g.Groups, perGroupK = g.K / g.Groups;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int tap = 0; tap < sweep.Taps; tap++)
            {
                int r = sweep.TapsY[tap / sweep.TapsX.Length], s = sweep.TapsX[tap % sweep.TapsX.Length];
                float* step = to + (long)TapOrder.Position(channel, channels, sweep.Taps, tap) * width;
                for (int i = 0; i < width; i++)
                {
                    (int k, int c) = adjoint ? (channel, row0 + i) : (row0 + i, channel);
                    step[i] = i < count ? filters[(((group * perGroupK + k) * perGroupC + c) * g.R + r) * g.S + s] : 0;
                }
            }
        }
    }
}
