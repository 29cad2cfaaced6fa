using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters of F(4x4,3x3): U = G g G^T for each pair of channels, computed in double and rounded once.</summary>
/// <remarks>
/// Packed for one way, they serve the other as well: <see cref="WinogradTurned"/>.
/// Layout: [groups of destination channels][36 positions][panels of <see cref="ChannelGroups"/>, as deep as the source has channels], which is the order
/// in which they are read; pad channels are +0. Points 0,
/// +-sqrt(1/2), +-sqrt(2) and infinity: G's rows are (1,0,0), -2/3 (1, +-a, 1/2), 1/6 (1, +-b, 2), (0,0,1).
/// </remarks>
internal sealed unsafe class WinogradFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly WinogradTiles _tiles;
    readonly int _c;

    /// <summary>Transforms and packs filters [K][C][3][3] for a convolution, or for its adjoint.</summary>
    public WinogradFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint, Isa isa)
    {
        (IsAdjoint, Isa, _c) = (adjoint, isa, g.C);
        _tiles = WinogradTiles.Of(g, adjoint);
        _buffer = new AlignedBuffer(_tiles.FilterBytes);
        Pack(filters, WorkerTeam.Shared.Lanes);
    }

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        fixed (float* from = filters)
        {
            var job = new Job
            {
                Tiles = _tiles, Adjoint = IsAdjoint, C = _c, Width = ChannelGroups.Width(Isa), Filters = from, To = _buffer.Floats,
            };
            WorkerTeam.Shared.Run(ref job, BlockedLayout.Blocks(_tiles.Channels), lanes);
        }
    }

    public bool IsAdjoint { get; }

    public Isa Isa { get; }

    public long Bytes => _buffer.Bytes;

    /// <summary>The first group's panels.</summary>
    public float* Panels => _buffer.Floats;

    public void Dispose() => _buffer.Dispose();

    /// <summary>G g for a column or a row of three, to six places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Line(double g0, double g1, double g2, double* to, int step)
    {
        const double A = 0.70710678118654752440, B = 1.41421356237309504880;
        double t = -2.0 / 3 * g0 - 1.0 / 3 * g2, u = -2.0 / 3 * A * g1, v = 1.0 / 6 * g0 + 1.0 / 3 * g2, w = 1.0 / 6 * B * g1;
        to[0] = g0;
        to[step] = t + u;
        to[2 * step] = t - u;
        to[3 * step] = v + w;
        to[4 * step] = v - w;
        to[5 * step] = g2;
    }

    /// <summary>A ticket is a block of destination channels.</summary>
    struct Job : ITicketJob
    {
        public WinogradTiles Tiles;
        public bool Adjoint;
        public int C, Width;
        public float* Filters, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int ticket, int lane)
        {
            const int Window = WinogradTiles.Window, Lanes = BlockedLayout.Lanes;
            double* half = stackalloc double[Window * 3], whole = stackalloc double[Window];
            // Positions are a power of two apart, and share a set of the cache: all 16 channels are written to each at once.
            float* block = stackalloc float[WinogradTiles.Positions * Lanes];
            new Span<float>(block, WinogradTiles.Positions * Lanes).Clear();
            int group = ticket / ChannelGroups.Blocks, blocks = ChannelGroups.BlocksIn(group, Tiles.Channels), padded = blocks * Lanes;
            int first = ticket * Lanes, count = Math.Min(Lanes, Tiles.Channels - first), run = Math.Min(ChannelGroups.PanelWidth(Width, blocks), Lanes);
            nint step = Tiles.PositionStep(blocks);
            float* panels = To + Tiles.GroupStart(group);
            // The adjoint's filter is rotated by half a turn.
            int start = Adjoint ? 8 : 0, next = Adjoint ? -1 : 1;
            for (int source = 0; source < Tiles.SourceChannels; source++)
            {
                for (int own = 0; own < count; own++)
                {
                    float* filter = Filters + (Adjoint ? (long)source * C + first + own : (long)(first + own) * C + source) * 9 + start;
                    for (int column = 0; column < 3; column++)
                        Line(filter[next * column], filter[next * (column + 3)], filter[next * (column + 6)], half + column, 3);
                    for (int i = 0; i < Window; i++)
                    {
                        Line(half[i * 3], half[i * 3 + 1], half[i * 3 + 2], whole, 1);
                        for (int j = 0; j < Window; j++)
                            block[(i * Window + j) * Lanes + own] = (float)whole[j];
                    }
                }

                for (int channel = 0; channel < Lanes; channel += run)
                {
                    float* to = panels + ChannelGroups.Position(Width, padded, Tiles.SourceChannels, source, (first + channel) % ChannelGroups.Channels);
                    for (int position = 0; position < WinogradTiles.Positions; position++, to += step)
                        new ReadOnlySpan<float>(block + position * Lanes + channel, run).CopyTo(new Span<float>(to, run));
                }
            }
        }
    }
}
