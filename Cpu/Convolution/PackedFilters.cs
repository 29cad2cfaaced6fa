using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Convolution;

/// <summary>Filters in the order the tile reads them: per group and sweep, panels [position in the sum][rows of the tile].</summary>
internal sealed unsafe class PackedFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly ConvolutionGeometry _g;
    readonly TapGrid[] _sweeps;
    readonly bool _adjoint;
    readonly int _tile;
    readonly long[] _sweepStarts;

    /// <summary>Packs filters [K][C/groups][R][S] for a convolution, or for its adjoint.</summary>
    public PackedFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint, Isa isa)
    {
        (_g, _sweeps, _adjoint, _tile) = (g, TapGrid.Of(g, adjoint), adjoint, GemmBlocking.For(isa).Rows);
        (int rows, int channels) = Extents;
        _sweepStarts = new long[_sweeps.Length + 1];
        for (int i = 0; i < _sweeps.Length; i++)
            _sweepStarts[i + 1] = _sweepStarts[i] + PanelFloats(rows, _tile) * channels * _sweeps[i].Taps;
        _buffer = new AlignedBuffer(_sweepStarts[^1] * g.Groups * sizeof(float));
        Pack(filters, 1);
    }

    /// <summary>Bytes held.</summary>
    public long Bytes => _buffer.Bytes;

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        (int rows, int channels) = Extents;
        float* to = _buffer.Floats;
        for (int group = 0; group < _g.Groups; group++)
        {
            foreach (TapGrid sweep in _sweeps)
            {
                for (int row0 = 0; row0 < rows; row0 += _tile)
                {
                    int count = Math.Min(_tile, rows - row0), width = GemmBlocking.PanelRows(count);
                    PackPanel(_g, filters, sweep, _adjoint, group, row0, count, width, channels, to);
                    to += (long)width * channels * sweep.Taps;
                }
            }
        }
    }

    /// <summary>Rows of the product and channels of the source, in a group of the convolution.</summary>
    (int Rows, int Channels) Extents => _adjoint ? (_g.C / _g.Groups, _g.K / _g.Groups) : (_g.K / _g.Groups, _g.C / _g.Groups);

    /// <summary>Where the panels of a group and sweep start.</summary>
    public float* Panels(int group, int sweep) => _buffer.Floats + group * _sweepStarts[^1] + _sweepStarts[sweep];

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
