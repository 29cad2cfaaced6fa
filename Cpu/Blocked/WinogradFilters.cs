using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters of F(4x4,3x3): U = G g G^T for each pair of channels, computed in double and rounded once.</summary>
/// <remarks>
/// Layout: [groups of destination channels][36 positions][panels of <see cref="ChannelGroups"/>, as deep as the source has channels], which is the order
/// in which they are read; pad channels are +0. Points 0,
/// +-sqrt(1/2), +-sqrt(2) and infinity: G's rows are (1,0,0), -2/3 (1, +-a, 1/2), 1/6 (1, +-b, 2), (0,0,1).
/// </remarks>
internal sealed unsafe class WinogradFilters : IDisposable
{
    static readonly double[][] s_g = Matrix();

    readonly AlignedBuffer _buffer;
    readonly int _sourceChannels;

    /// <summary>Packs filters [K][C][3][3] for a convolution, or for its adjoint.</summary>
    public WinogradFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint, Isa isa)
    {
        var tiles = WinogradTiles.Of(g, adjoint);
        _sourceChannels = tiles.SourceChannels;
        _buffer = new AlignedBuffer(WinogradTiles.Positions * (long)BlockedLayout.Padded(tiles.Channels) * _sourceChannels * sizeof(float));
        fixed (float* from = filters)
        {
            var job = new Job
            {
                Tiles = tiles, Adjoint = adjoint, C = g.C, Width = GemmBlocking.For(isa).Lanes, Filters = from, To = _buffer.Floats,
            };
            WorkerTeam.Shared.Run(ref job, BlockedLayout.Blocks(tiles.Channels), WorkerTeam.Shared.Lanes);
        }
    }

    /// <summary>Bytes held.</summary>
    public long Bytes => _buffer.Bytes;

    /// <summary>The panels of a group's first position.</summary>
    public float* Panels(int group) => _buffer.Floats + group * (long)WinogradTiles.Positions * ChannelGroups.Channels * _sourceChannels;

    /// <summary>Floats from one position of a group to the next.</summary>
    public nint PositionStep(int blocks) => (nint)blocks * BlockedLayout.Lanes * _sourceChannels;

    public void Dispose() => _buffer.Dispose();

    static double[][] Matrix()
    {
        double a = Math.Sqrt(0.5), b = Math.Sqrt(2);
        return
        [
            [1, 0, 0],
            [-2.0 / 3, -2.0 / 3 * a, -1.0 / 3],
            [-2.0 / 3, 2.0 / 3 * a, -1.0 / 3],
            [1.0 / 6, b / 6, 1.0 / 3],
            [1.0 / 6, -b / 6, 1.0 / 3],
            [0, 0, 1],
        ];
    }

    /// <summary>A ticket is a block of destination channels.</summary>
    struct Job : ITicketJob
    {
        public WinogradTiles Tiles;
        public bool Adjoint;
        public int C, Width;
        public float* Filters, To;

        public readonly void Run(int ticket, int lane)
        {
            const int Window = WinogradTiles.Window, Lanes = BlockedLayout.Lanes;
            double* half = stackalloc double[Window * 3];
            int group = ticket / ChannelGroups.Blocks, padded = ChannelGroups.BlocksIn(group, Tiles.Channels) * Lanes;
            long step = (long)padded * Tiles.SourceChannels;
            float* panels = To + group * (long)WinogradTiles.Positions * ChannelGroups.Channels * Tiles.SourceChannels;
            for (int source = 0; source < Tiles.SourceChannels; source++)
            {
                for (int channel = ticket * Lanes; channel < (ticket + 1) * Lanes; channel++)
                {
                    float* to = panels + ChannelGroups.Position(Width, padded, Tiles.SourceChannels, source, channel % ChannelGroups.Channels);
                    if (channel >= Tiles.Channels)
                    {
                        for (int position = 0; position < WinogradTiles.Positions; position++, to += step)
                            *to = 0;
                        continue;
                    }

                    float* filter = Filters + (Adjoint ? (long)source * C + channel : (long)channel * C + source) * 9;
                    for (int i = 0; i < Window; i++)
                    {
                        double[] g = s_g[i];
                        for (int s = 0; s < 3; s++)
                        {
                            // The adjoint's filter is rotated by half a turn.
                            half[i * 3 + s] = Adjoint
                                ? g[0] * filter[8 - s] + g[1] * filter[5 - s] + g[2] * filter[2 - s]
                                : g[0] * filter[s] + g[1] * filter[3 + s] + g[2] * filter[6 + s];
                        }
                    }

                    for (int i = 0; i < Window; i++)
                    {
                        for (int j = 0; j < Window; j++, to += step)
                        {
                            double[] g = s_g[j];
                            *to = (float)(half[i * 3] * g[0] + half[i * 3 + 1] * g[1] + half[i * 3 + 2] * g[2]);
                        }
                    }
                }
            }
        }
    }
}
