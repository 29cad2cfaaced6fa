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
        (int sums, int channels) = Extents;
        fixed (float* from = filters)
        {
            var job = new Job { G = _g, Sweeps = _sweeps, Starts = _sweepStarts, Adjoint = IsAdjoint, Width = ChannelGroups.Width(Isa), Sums = sums, Channels = channels, From = from, To = _buffer.Floats };
            WorkerTeam.Shared.Run(ref job, checked(_g.Groups * _sweeps.Length * BlockedLayout.Blocks(sums)), lanes);
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

    /// <summary>A ticket is a block of destination channels of a sweep: a part of a panel, a panel, or several.</summary>
    struct Job : ITicketJob
    {
        public ConvolutionGeometry G;
        public TapGrid[] Sweeps;
        public long[] Starts;
        public bool Adjoint;
        public int Width, Sums, Channels;
        public float* From, To;

        public readonly void Run(int ticket, int lane)
        {
            int blocks = BlockedLayout.Blocks(Sums), block = ticket % blocks, sweep = ticket / blocks % Sweeps.Length, group = ticket / blocks / Sweeps.Length;
            int first = block * BlockedLayout.Lanes, panel = ChannelGroups.PanelWidth(Width, ChannelGroups.BlocksIn(block / ChannelGroups.Blocks, Sums));
            float* to = To + group * Starts[^1] + Starts[sweep];
            for (int at = first; at < first + BlockedLayout.Lanes; at += Math.Min(panel, BlockedLayout.Lanes))
                Fill(Sweeps[sweep], group, at, Math.Min(panel, BlockedLayout.Lanes), panel, to + (long)(at / panel * panel) * Channels * Sweeps[sweep].Taps + at % panel);
        }

        /// <summary>Packs [position in the sum][channel of the panel], some channels of a panel; those that do not exist get zeros.</summary>
        readonly void Fill(TapGrid sweep, int group, int first, int width, int panel, float* to)
        {
            int perGroupC = G.C / G.Groups, perGroupK = G.K / G.Groups, taps = G.R * G.S;
            int sumStep = Adjoint ? taps : perGroupC * taps, channelStep = Adjoint ? perGroupC * taps : taps;
            int count = Math.Clamp(Sums - first, 0, width);
            float* own = From + (long)group * perGroupK * perGroupC * taps + (long)first * sumStep;
            for (int block = 0; block < Channels; block += TapOrder.Block)
            {
                int end = Math.Min(block + TapOrder.Block, Channels);
                foreach (int r in sweep.TapsY)
                {
                    foreach (int s in sweep.TapsX)
                    {
                        for (int channel = block; channel < end; channel++, to += panel)
                        {
                            float* from = own + (long)channel * channelStep + r * G.S + s;
                            for (int i = 0; i < count; i++, from += sumStep)
                                to[i] = *from;
                            for (int i = count; i < width; i++)
                                to[i] = 0;
                        }
                    }
                }
            }
        }
    }
}
