using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution into a blocked array, or the adjoint of one, prepared: from a blocked source, or from a planar one such as a picture.</summary>
/// <remarks>
/// <para>Order and bits are those of <see cref="TapOrder"/>, on every instruction set and for any number of threads and samples; then comes the
/// <see cref="Epilogue"/>. A tile holds the sums of up to 14 grid points for 32 destination channels over the whole depth.</para>
/// <para>A ticket is a group of destination channels (or all of them) and a band of grid rows of a sample, with all phases of an adjoint. Where
/// sweeps read beyond the plane, either whole samples are copied first, zeros around them, or each ticket copies its band: the latter
/// where a sample does not stay in a cache and the filters leave room for the lines (up to 6 % faster for 64 channels of 224 x 224).</para>
/// </remarks>
internal sealed unsafe class DirectConvolution : IBlockedConvolution
{
    /// <summary>Multiply-adds of a ticket: about 60 microseconds.</summary>
    const double TicketMultiplyAdds = 8e6;

    /// <summary>Tickets of a sample that there should be, as long as they are of at least <see cref="LeastMultiplyAdds"/>.</summary>
    const int Tickets = 8;

    const double LeastMultiplyAdds = 4e5;

    /// <summary>Bytes of a bordered sample up to which it is copied whole.</summary>
    const long WholeCopy = 1 << 20;

    /// <summary>Bytes of bordered samples at a time.</summary>
    const long WholeCopies = 8 << 20;

    /// <summary>Bytes of filters that stay in the second-level cache beside a band of lines.</summary>
    const long CachedFilters = 600 << 10;

    /// <summary>Bytes of a band of lines that do so.</summary>
    const long CachedLines = 384 << 10;

    const int SumsBytes = 14 * BlockedTile.SumsStep * sizeof(float);

    readonly Isa _isa;
    readonly int _groups, _sums, _destinationPlane;
    readonly DirectSource _source;
    readonly DirectFilters _filters;
    readonly DirectSweep[] _sweeps;
    readonly Reading _reading;
    readonly bool _groupsInside, _groupsFirst;
    readonly int _bandRows, _bandRuns, _bands;

    /// <summary>Prepares y = conv(x), or dx = adjoint(dy), whichever the filters are for.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="filters">Its filters, which stay the caller's.</param>
    /// <param name="planarSource">Whether the source is NCHW: for pictures of a few channels, which 16 lanes would waste.</param>
    public DirectConvolution(in ConvolutionGeometry g, DirectFilters filters, bool planarSource = false)
    {
        if (!Supports(g))
            throw new ArgumentException("channels of a group must be whole blocks where there is more than one group", nameof(g));
        _filters = filters;
        _isa = filters.Isa;
        bool adjoint = filters.IsAdjoint;
        int width = ChannelGroups.Width(_isa), channels = (adjoint ? g.K : g.C) / g.Groups;
        _groups = g.Groups;
        _sums = (adjoint ? g.C : g.K) / g.Groups;
        _destinationPlane = adjoint ? g.H * g.W : g.OutH * g.OutW;
        TapGrid[] grids = TapGrid.Of(g, adjoint);
        _source = new DirectSource(grids, planarSource ? channels : BlockedLayout.Blocks(channels), planarSource ? 1 : BlockedLayout.Lanes);

        // Work of a row of the grid with all channels of a group of the convolution, and how it is cut.
        double rowWork = grids.Sum(grid => (double)grid.GridW * grid.Taps) * channels * BlockedLayout.Padded(_sums);
        int channelGroups = ChannelGroups.Count(_sums);
        double ticket = Math.Clamp(rowWork * _source.GridH * _groups / Tickets, LeastMultiplyAdds, TicketMultiplyAdds);
        _reading = _source.InPlace ? Reading.InPlace : Reading.Whole;
        if (!_source.InPlace && _filters.GroupBytes <= CachedFilters && (planarSource || WholeBytes > WholeCopy))
        {
            int rows = BandRows(ticket, rowWork);
            while (rows > 2 && _source.Planes * _source.CopiedPlane(rows) > CachedLines)
                rows -= 2;
            if (_source.Planes * _source.CopiedPlane(rows) <= CachedLines)
                (_reading, _bandRows) = (Reading.Band, rows);
        }

        _groupsInside = _reading == Reading.Band;
        _groupsFirst = _filters.GroupBytes <= CachedFilters;
        if (!_groupsInside)
            _bandRows = BandRows(ticket, rowWork / channelGroups);
        nint plane = _reading == Reading.InPlace ? _source.SourcePlane : _source.CopiedPlane(_reading == Reading.Band ? _bandRows : _source.GridH);
        _sweeps = Array.ConvertAll(grids, grid => new DirectSweep(grid, channels, _source, plane, width));
        _bands = (_source.GridH + _bandRows - 1) / _bandRows;
        _bandRuns = int.MaxValue;
        if (_source.GridH == 1)
        {
            // One long row is cut between stretches.
            int runs = _sweeps.Max(sweep => sweep.OneRow.Count);
            int parts = Math.Clamp((int)(rowWork / (_groupsInside ? 1 : channelGroups) / ticket), 1, runs);
            _bandRuns = (runs + parts - 1) / parts;
            _bands = (runs + _bandRuns - 1) / _bandRuns;
        }
    }

    /// <summary>How a ticket finds its source.</summary>
    enum Reading
    {
        InPlace,
        Whole,
        Band,
    }

    /// <summary>Whether blocks of channels and groups of the convolution agree.</summary>
    public static bool Supports(in ConvolutionGeometry g) =>
        g.Groups == 1 || (g.C / g.Groups % BlockedLayout.Lanes == 0 && g.K / g.Groups % BlockedLayout.Lanes == 0);

    /// <summary>Bytes of scratch a run needs.</summary>
    public long ScratchBytes(Execution execution, int samples) =>
        execution.Lanes * LaneBytes + (_reading == Reading.Whole ? Chunk(samples) * WholeBytes : 0);

    /// <summary>Runs it.</summary>
    /// <param name="execution">The instruction set it was prepared for, and lanes.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination, blocked.</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <param name="scratch">Scratch memory, aligned to 64 bytes.</param>
    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch)
    {
        if (execution.Isa != _isa)
            throw new ArgumentException($"prepared for {_isa}", nameof(execution));
        var job = new Job
        {
            Convolution = this, Source = (byte*)source, Copies = (byte*)scratch + execution.Lanes * LaneBytes, Destination = destination,
            Epilogue = epilogue, Scratch = scratch,
        };
        int tickets = _groups * (_groupsInside ? 1 : ChannelGroups.Count(_sums)) * _bands;
        int chunk = Chunk(samples);
        for (int first = 0; first < samples; first += chunk)
        {
            job.FirstSample = first;
            job.Samples = Math.Min(chunk, samples - first);
            if (_reading == Reading.Whole)
            {
                var copies = new CopyJob { Source = _source, Planes = _groups * _source.Planes, From = (byte*)source, To = job.Copies };
                copies.From += first * (copies.Planes * _source.SourcePlane);
                WorkerTeam.Shared.Run(ref copies, job.Samples * copies.Planes, execution.Lanes);
            }

            WorkerTeam.Shared.Run(ref job, checked(tickets * job.Samples), execution.Lanes);
        }
    }

    public void Dispose()
    {
        foreach (DirectSweep sweep in _sweeps)
            sweep.Dispose();
    }

    /// <summary>Bytes of one sample, copied with its borders.</summary>
    long WholeBytes => (long)_groups * _source.Planes * _source.CopiedPlane(_source.GridH);

    long LaneBytes => AlignedBuffer.RoundUp(SumsBytes + (_reading == Reading.Band ? _source.Planes * _source.CopiedPlane(_bandRows) : 0));

    int Chunk(int samples) => _reading == Reading.Whole ? (int)Math.Clamp(WholeCopies / WholeBytes, 1, samples) : samples;

    /// <summary>An even number of grid rows, or all of them, of which equally many make about a ticket.</summary>
    int BandRows(double ticket, double rowWork)
    {
        int bands = (int)Math.Clamp(Math.Round(rowWork * _source.GridH / ticket), 1, (_source.GridH + 1) / 2);
        return Math.Min((((_source.GridH + bands - 1) / bands) + 1) & ~1, _source.GridH);
    }

    struct CopyJob : ITicketJob
    {
        public DirectSource Source;
        public int Planes;
        public byte* From, To;

        public readonly void Run(int ticket, int lane) =>
            Source.Copy(From + ticket * Source.SourcePlane, 1, 0, Source.GridH, To + ticket * Source.CopiedPlane(Source.GridH), Source.GridH);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public DirectConvolution Convolution;
        public byte* Source, Copies;
        public float* Destination;
        public Epilogue Epilogue;
        public nint Scratch;
        public int FirstSample, Samples;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Convolution._isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            DirectConvolution of = Convolution;
            DirectSource source = of._source;
            int channelGroups = ChannelGroups.Count(of._sums), rest = _ticket;
            int first = 0, end = channelGroups, band, sample;
            // Innermost what costs less to fetch again: panels of filters that stay in a cache together, or the source.
            if (!of._groupsInside && of._groupsFirst)
            {
                first = rest % channelGroups;
                rest /= channelGroups;
            }

            band = rest % of._bands;
            rest /= of._bands;
            sample = rest % Samples;
            rest /= Samples;
            if (!of._groupsInside && !of._groupsFirst)
            {
                first = rest % channelGroups;
                rest /= channelGroups;
            }

            if (!of._groupsInside)
                end = first + 1;
            int group = rest, image = sample * of._groups + group;
            bool flat = of._bandRuns != int.MaxValue;
            int row = flat ? 0 : band * of._bandRows, rowEnd = flat ? 1 : Math.Min(row + of._bandRows, source.GridH);
            float* sums = (float*)(Scratch + (nint)(_lane * of.LaneBytes));
            byte* origin;
            switch (of._reading)
            {
                case Reading.Band:
                    origin = (byte*)sums + SumsBytes;
                    byte* planes = Source + ((nint)FirstSample * of._groups + image) * source.Planes * source.SourcePlane;
                    source.Copy(planes, source.Planes, row, rowEnd - row, origin, of._bandRows);
                    origin -= row * source.GridRowStep;
                    break;
                case Reading.Whole:
                    origin = Copies + (nint)image * source.Planes * source.CopiedPlane(source.GridH);
                    break;
                default:
                    origin = Source + ((nint)FirstSample * of._groups + image) * source.Planes * source.SourcePlane;
                    break;
            }

            int blocks = BlockedLayout.Blocks(of._sums);
            Epilogue epilogue = Epilogue.OfRow(FirstSample + sample, (long)of._groups * blocks * of._destinationPlane * BlockedLayout.Lanes);
            for (int i = first; i < end; i++)
            {
                for (int s = 0; s < of._sweeps.Length; s++)
                {
                    DirectSweep sweep = of._sweeps[s];
                    var writer = new DirectWriter
                    {
                        Epilogue = epilogue, Destination = Destination, Sums = sums,
                        Blocks = ChannelGroups.BlocksIn(i, of._sums), Channel = (group * blocks + i * ChannelGroups.Blocks) * BlockedLayout.Lanes,
                        Plane = (nint)of._destinationPlane * BlockedLayout.Lanes, Step = (nint)sweep.Grid.ToStepX * BlockedLayout.Lanes,
                        Missing = i == channelGroups - 1 ? BlockedLayout.Padded(of._sums) - of._sums : 0,
                    };
                    writer.Start = ((nint)(FirstSample + sample) * of._groups * blocks + writer.Channel / BlockedLayout.Lanes) * writer.Plane;
                    float* filters = of._filters.Panels(group, s) + (nint)i * ChannelGroups.Channels * sweep.Tiles.Total;
                    int firstRun = flat ? band * of._bandRuns : 0;
                    Rows<TS, TV>(sweep, writer, origin, filters, row, Math.Min(rowEnd, sweep.Grid.GridH), firstRun, flat ? firstRun + of._bandRuns : int.MaxValue);
                }
            }
        }

        /// <summary>One group of destination channels of one sweep for some rows, or for some stretches of its only one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Rows<TS, TV>(DirectSweep sweep, in DirectWriter writer, byte* origin, float* filters, int row, int rowEnd, int run, int runEnd)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TileSource tiles = sweep.Tiles;
            TapGrid grid = sweep.Grid;
            nint rowStep = Convolution._source.GridRowStep;
            for (int rows; row < rowEnd; row += rows)
            {
                rows = sweep.TwoRows.HasPairs && row + 1 < rowEnd ? 2 : 1;
                DirectRuns runs = rows == 2 ? sweep.TwoRows : sweep.OneRow;
                for (int i = run; i < Math.Min(runEnd, runs.Count); i++)
                {
                    TileRun stretch = runs[i];
                    byte* at = origin + row * rowStep + stretch.Start * tiles.Step;
                    nint to = writer.Start + ((nint)(row * grid.ToStepY + grid.ToStartY) * grid.ToW + grid.ToStartX) * BlockedLayout.Lanes + stretch.Start * writer.Step;
                    nint toRow = (nint)grid.ToStepY * grid.ToW * BlockedLayout.Lanes;
                    int count = stretch.Count;
                    if (stretch.Paired)
                    {
                        ChannelGroups.Run<TS, TV>(count, writer.Blocks, tiles, at, at + rowStep, filters, writer.Sums);
                        writer.Write<TS, TV>(0, count, to);
                        writer.Write<TS, TV>(count, count, to + toRow);
                        continue;
                    }

                    int half = ChannelGroups.Half(TS.Width, count), own = count - half;
                    for (int r = 0; r < rows; r++, at += rowStep, to += toRow)
                    {
                        // The halves overlap by one where the count is odd.
                        ChannelGroups.Run<TS, TV>(half, writer.Blocks, tiles, at, at + own * tiles.Step, filters, writer.Sums);
                        if (own == half)
                        {
                            writer.Write<TS, TV>(0, count, to);
                            continue;
                        }

                        writer.Write<TS, TV>(0, own, to);
                        writer.Write<TS, TV>(half, half, to + own * writer.Step);
                    }
                }
            }
        }
    }
}
