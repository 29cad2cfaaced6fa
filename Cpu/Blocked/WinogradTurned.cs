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
        int width = ChannelGroups.PanelWidth(TS.Width, columns / BlockedLayout.Lanes);
        for (int column = 0; column < columns; column += width, to += (nint)depth * width)
        {
            int first = group * ChannelGroups.Channels + column;
            for (int source = 0; source < depth; source += TS.Width)
            {
                float* from = Home(source / ChannelGroups.Channels, position, out int blocks);
                int within = source % ChannelGroups.Channels, step = ChannelGroups.PanelWidth(TS.Width, blocks);
                from += (nint)(within / step) * step * channels + within % step + (nint)first * step;
                for (int c = 0; c < width; c += TS.Width)
                {
                    float* square = to + (nint)source * width + c;
                    if (source + TS.Width <= depth && first + c + TS.Width <= channels)
                        TS.Transpose(from + (nint)c * step, step, square, width);
                    else
                        Part(from + (nint)c * step, step, channels - first - c, square, width, Math.Min(TS.Width, depth - source), TS.Width);
                }
            }
        }
    }

    /// <summary>Where what each segment of a sum reads of a group at a position lies, from <see cref="Filters"/> on, in bytes.</summary>
    /// <returns>Bytes of a segment.</returns>
    public nint Ahead(int width, int group, int position, int segments, nint* offsets)
    {
        for (int segment = 0; segment < segments; segment++)
        {
            float* from = Home(segment / ChannelGroups.Blocks, position, out int blocks);
            int step = ChannelGroups.PanelWidth(width, blocks), within = segment % ChannelGroups.Blocks * BlockedLayout.Lanes;
            // Where both blocks share a panel, each segment takes half of its rows.
            from += (nint)group * ChannelGroups.Channels * step + (step > BlockedLayout.Lanes ? within * step : within * (nint)_problem.Channels);
            offsets[segment] = (nint)from - (nint)_filters;
        }

        return ChannelGroups.Channels * BlockedLayout.Lanes * sizeof(float);
    }

    /// <summary>Where all of them start.</summary>
    public byte* Filters => (byte*)_filters;

    float* Home(int group, int position, out int blocks)
    {
        const int Window = WinogradTiles.Window;
        blocks = ChannelGroups.BlocksIn(group, _home.Channels);
        return _filters + _home.GroupStart(group) + (Exchanged[position / Window] * Window + Exchanged[position % Window]) * _home.PositionStep(blocks);
    }

    /// <summary>A square at the edge, of which rows and columns exist in part.</summary>
    static void Part(float* from, int step, int fromRows, float* to, int toStep, int toRows, int columns)
    {
        for (int row = 0; row < toRows; row++)
        {
            for (int column = 0; column < columns; column++)
                to[(nint)row * toStep + column] = column < fromRows ? from[(nint)column * step + row] : 0;
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
