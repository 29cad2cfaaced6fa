using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters as the tiles stream them: per group of the convolution and sweep, the panels of <see cref="ChannelGroups"/>.</summary>
internal sealed unsafe class DirectFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly ConvolutionGeometry _g;
    readonly TapGrid[] _sweeps;
    readonly long[] _sweepStarts;

    /// <summary>Packs filters [K][C/groups][R][S] for a convolution, or for its adjoint.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="filters">The filters.</param>
    /// <param name="adjoint">Whether they are for the way back.</param>
    /// <param name="isa">What they will be read by.</param>
    public DirectFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint, Isa isa)
    {
        (IsAdjoint, Isa, _g) = (adjoint, isa, g);
        _sweeps = TapGrid.Of(g, adjoint);
        (int sums, int channels) = Extents;
        _sweepStarts = new long[_sweeps.Length + 1];
        for (int i = 0; i < _sweeps.Length; i++)
            _sweepStarts[i + 1] = _sweepStarts[i] + (long)BlockedLayout.Padded(sums) * channels * _sweeps[i].Taps;
        _buffer = new AlignedBuffer(_sweepStarts[^1] * g.Groups * sizeof(float));
        Pack(filters, WorkerTeam.Shared.Lanes);
    }

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        int width = ChannelGroups.Width(Isa);
        (int sums, int channels) = Extents;
        float* to = _buffer.Floats;
        for (int group = 0; group < _g.Groups; group++)
        {
            foreach (TapGrid sweep in _sweeps)
            {
                for (int first = 0; first < BlockedLayout.Padded(sums);)
                {
                    int panel = ChannelGroups.PanelWidth(width, ChannelGroups.BlocksIn(first / ChannelGroups.Channels, sums));
                    PackPanel(_g, filters, sweep, IsAdjoint, group, first, panel, channels, to);
                    to += (long)panel * channels * sweep.Taps;
                    first += panel;
                }
            }
        }
    }

    /// <summary>Channels of the destination and of the source, in a group of the convolution.</summary>
    (int Sums, int Channels) Extents => IsAdjoint ? (_g.C / _g.Groups, _g.K / _g.Groups) : (_g.K / _g.Groups, _g.C / _g.Groups);

    public bool IsAdjoint { get; }

    public Isa Isa { get; }

    public long Bytes => _buffer.Bytes;

    /// <summary>Bytes of all panels of one group of the convolution.</summary>
    public long GroupBytes => _sweepStarts[^1] * sizeof(float);

    /// <summary>Where the panels of a group of the convolution and a sweep start.</summary>
    public float* Panels(int group, int sweep) => _buffer.Floats + group * _sweepStarts[^1] + _sweepStarts[sweep];

    public void Dispose() => _buffer.Dispose();

    /// <summary>Packs [position in the sum][channel of the panel]; channels that do not exist get zeros.</summary>
    static void PackPanel(in ConvolutionGeometry g, ReadOnlySpan<float> filters, TapGrid sweep, bool adjoint, int group, int first, int panel, int channels, float* to)
    {
        int perGroupC = g.C / g.Groups, perGroupK = g.K / g.Groups, sums = adjoint ? perGroupC : perGroupK, taps = g.R * g.S;
        int sumStep = adjoint ? taps : perGroupC * taps, channelStep = adjoint ? perGroupC * taps : taps;
        int count = Math.Clamp(sums - first, 0, panel);
        ReadOnlySpan<float> own = filters.Slice(group * perGroupK * perGroupC * taps, perGroupK * perGroupC * taps);
        for (int block = 0; block < channels; block += TapOrder.Block)
        {
            int end = Math.Min(block + TapOrder.Block, channels);
            foreach (int r in sweep.TapsY)
            {
                foreach (int s in sweep.TapsX)
                {
                    for (int channel = block; channel < end; channel++, to += panel)
                    {
                        int from = channel * channelStep + first * sumStep + r * g.S + s;
                        for (int i = 0; i < count; i++, from += sumStep)
                            to[i] = own[from];
                        new Span<float>(to + count, panel - count).Clear();
                    }
                }
            }
        }
    }
}
