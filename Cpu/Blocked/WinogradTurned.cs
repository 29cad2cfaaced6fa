using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Transformed filters read the other way round: those of a convolution by its adjoint, or the adjoint's by the convolution.</summary>
/// <remarks>
/// <para>The other way's filter is rotated by half a turn, its channels exchanged. Along an axis, G's row of a point p, applied to a filter from its end,
/// is a multiple of the row of 1/p, and 1/sqrt(1/2) = sqrt(2): U'(a) = -2 U(b), U'(b) = -1/2 U(a), for -a and -b as well, U'(0) = U(infinity),
/// U'(infinity) = U(0). So its panels are those of exchanged positions, transposed; the powers of two are left to <see cref="WinogradOutput"/>.</para>
/// <para>Transposed in registers, by squares as wide as a vector. Pad channels are +0.</para>
/// </remarks>
internal readonly unsafe struct WinogradTurned
{
    readonly WinogradTiles _problem, _home;
    readonly float* _filters;

    /// <summary>Turns filters packed for the other way.</summary>
    /// <param name="problem">The way that is computed.</param>
    /// <param name="home">The way the filters were packed for.</param>
    /// <param name="filters">Their panels.</param>
    public WinogradTurned(in WinogradTiles problem, in WinogradTiles home, float* filters)
    {
        _problem = problem;
        _home = home;
        _filters = filters;
    }

    /// <summary>Along an axis, the position of the other way that is read for each.</summary>
    static ReadOnlySpan<byte> Exchanged => [5, 3, 4, 1, 2, 0];

    /// <summary>Writes a group's panels of a position as if they had been packed for this way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Panels<TS, TV>(int group, int position, float* to)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int depth = _problem.SourceChannels, channels = _problem.Channels, columns = ChannelGroups.BlocksIn(group, channels) * BlockedLayout.Lanes;
        int width = ChannelGroups.PanelWidth(TS.Width, columns / BlockedLayout.Lanes), home = Home(position);
        for (int column = 0; column < columns; column += width)
        {
            int first = group * ChannelGroups.Channels + column, source = 0;
            while (source < depth)
            {
                int homeGroup = source / ChannelGroups.Channels, blocks = ChannelGroups.BlocksIn(homeGroup, depth), step = ChannelGroups.PanelWidth(TS.Width, blocks);
                float* panel = _filters + _home.GroupStart(homeGroup) + home * _home.PositionStep(blocks) + (nint)first * step;
                int end = Math.Min(depth, (homeGroup + 1) * ChannelGroups.Channels);
                for (; source < end; panel += (nint)step * channels)
                {
                    for (int within = 0; within < step && source < end; within += TS.Width, source += TS.Width, to += TS.Width * width)
                    {
                        if (source + TS.Width <= depth && first + width <= channels)
                        {
                            for (int c = 0; c < width; c += TS.Width)
                                TS.Transpose(panel + (nint)c * step + within, step, to + c, width);
                        }
                        else
                        {
                            Part(panel + within, step, channels - first, to, width, Math.Min(TS.Width, depth - source));
                        }
                    }
                }
            }

            to -= (nint)(source - depth) * width;
        }
    }

    /// <summary>Where what each segment of a sum reads of the first group at a position lies, from <see cref="Ahead"/> on, in bytes.</summary>
    public void Offsets(int width, int segments, nint* offsets)
    {
        int step = ChannelGroups.PanelWidth(width, ChannelGroups.Blocks);
        for (int segment = 0; segment < segments; segment++)
        {
            int within = segment % ChannelGroups.Blocks * BlockedLayout.Lanes;
            // Where both blocks share a panel, each segment takes half of its rows.
            nint panel = step > BlockedLayout.Lanes ? (nint)within * step : (nint)within * _problem.Channels;
            offsets[segment] = (_home.GroupStart(segment / ChannelGroups.Blocks) + panel) * sizeof(float);
        }
    }

    /// <summary>From where <see cref="Offsets"/> lead to what a group reads at a position, if the other way's groups are full; a last one of one
    /// block is brought in too late.</summary>
    public byte* Ahead(int width, int group, int position) =>
        (byte*)(_filters + Home(position) * _home.PositionStep(ChannelGroups.Blocks)
            + (nint)group * ChannelGroups.Channels * ChannelGroups.PanelWidth(width, ChannelGroups.Blocks));

    /// <summary>Offsets of the first group's rows in each of the other way's groups, from <see cref="Rows"/> on, in bytes; vectors of 16.</summary>
    public void Offsets(int groups, nint* offsets)
    {
        for (int group = 0; group < groups; group++)
            offsets[group] = _home.GroupStart(group) * sizeof(float);
    }

    /// <summary>A group's rows at a position: [its channels][32 of the other way's], where the other way's groups are full.</summary>
    public byte* Rows(int group, int position) => Ahead(BlockedLayout.Lanes, group, position);

    static int Home(int position)
    {
        const int Window = WinogradTiles.Window;
        return Exchanged[position / Window] * Window + Exchanged[position % Window];
    }

    /// <summary>A square at the edge, of which rows and columns exist in part.</summary>
    static void Part(float* from, int step, int fromRows, float* to, int toStep, int toRows)
    {
        for (int row = 0; row < toRows; row++)
        {
            for (int column = 0; column < toStep; column++)
                to[row * toStep + column] = column < fromRows ? from[(nint)column * step + row] : 0;
        }
    }

    /// <summary>Writes all panels.</summary>
    public void All(Execution execution, float* to)
    {
        var job = new Job { Isa = execution.Isa, Turned = this, To = to };
        WorkerTeam.Shared.Run(ref job, ChannelGroups.Count(_problem.Channels) * WinogradTiles.Positions, execution.Lanes);
    }

    /// <summary>A ticket is a position of a group.</summary>
    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public WinogradTurned Turned;
        public float* To;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int group = _ticket / WinogradTiles.Positions, position = _ticket % WinogradTiles.Positions;
            WinogradTiles problem = Turned._problem;
            nint step = problem.PositionStep(ChannelGroups.BlocksIn(group, problem.Channels));
            Turned.Panels<TS, TV>(group, position, To + problem.GroupStart(group) + position * step);
        }
    }
}
