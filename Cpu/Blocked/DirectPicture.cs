using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The adjoint of a network's first convolution, prepared: from a blocked gradient back to a planar picture of up to 4 channels.</summary>
/// <remarks>
/// <para>Blocks of 16 lanes would waste most of them on 3 channels, so here pixels lie along the vectors. A ticket is a band of grid rows of a sample,
/// with all phases of the stride. It keeps a window of source lines, taken out of their blocks and with zeros around, as many as the taps
/// span: [channel][line][column]. From one grid row to the next one line is replaced, and the offsets of the taps turn with the window.</para>
/// <para>Order and bits are those of <see cref="TapOrder"/>, for any number of threads and samples.</para>
/// </remarks>
internal sealed unsafe class DirectPicture : IBlockedConvolution
{
    /// <summary>Multiply-adds of a ticket: about 60 microseconds.</summary>
    const double TicketMultiplyAdds = 4e6;

    /// <summary>Tickets of a sample that there should be, as long as they are of at least <see cref="LeastMultiplyAdds"/>.</summary>
    const int Tickets = 8;

    const double LeastMultiplyAdds = 5e5;

    const int SumsBytes = DirectPictureTile.Rows * 64 * sizeof(float);

    readonly Isa _isa;
    readonly int _rows, _channels, _sourceH, _sourceW, _destinationPlane;
    readonly int _top, _left, _window, _lineWidth, _gridH, _bandRows, _bands;
    readonly TapGrid[] _sweeps;

    /// <summary>Of each sweep, where its offsets start, in words; they stand once per turn of the window.</summary>
    readonly int[] _offsetStarts;
    readonly PictureFilters _filters;
    readonly AlignedBuffer _offsets;

    /// <summary>Prepares dx = adjoint(dy) + bias.</summary>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="filters">Its filters, which stay the caller's.</param>
    /// <param name="isa">The instruction set it will run on.</param>
    public DirectPicture(in ConvolutionGeometry g, PictureFilters filters, Isa isa)
    {
        if (!Supports(g))
            throw new ArgumentException($"a picture has up to {DirectPictureTile.Rows} channels, in one group", nameof(g));
        int width = ChannelGroups.Width(isa);
        (_filters, _isa) = (filters, isa);
        (_rows, _channels, _sourceH, _sourceW, _destinationPlane) = (g.C, g.K, g.OutH, g.OutW, g.H * g.W);
        _sweeps = TapGrid.Adjoint(g);
        if (_sweeps[0].SourceH != _sourceH)
            (_sourceH, _sourceW) = (_sweeps[0].SourceH, _sweeps[0].SourceW);
        _gridH = _sweeps.Max(grid => grid.GridH);
        TapGrid[] reading = [.. _sweeps.Where(grid => grid.Taps > 0)];
        _window = 1;
        int right = 0;
        if (reading.Length > 0)
        {
            (_top, _left) = (reading.Min(grid => grid.OffsetsY.Min()), reading.Min(grid => grid.OffsetsX.Min()));
            _window = reading.Max(grid => grid.OffsetsY.Max()) - _top + 1;
            right = reading.Max(grid => grid.OffsetsX.Max()) - _left;
        }

        // Tiles load whole vectors: the last one of a line may reach past its points.
        _lineWidth = (_sweeps.Max(grid => grid.GridW) + width - 1) / width * width + right;
        double work = (double)g.MultiplyAdds, ticket = Math.Clamp(work / Tickets, LeastMultiplyAdds, TicketMultiplyAdds);
        int bands = (int)Math.Clamp(work / ticket, 1, (_gridH + _window - 1) / _window);
        _bandRows = (_gridH + bands - 1) / bands;
        _bands = (_gridH + _bandRows - 1) / _bandRows;

        _offsetStarts = new int[_sweeps.Length + 1];
        for (int i = 0; i < _sweeps.Length; i++)
            _offsetStarts[i + 1] = _offsetStarts[i] + BlockedLayout.Blocks(_channels) * _sweeps[i].Taps;
        _offsets = new AlignedBuffer((long)_window * _offsetStarts[^1] * sizeof(nint));
        for (int i = 0; i < _sweeps.Length; i++)
            FillOffsets(i);
    }

    /// <summary>Whether it is a picture that this leads back to.</summary>
    public static bool Supports(in ConvolutionGeometry g) => g.Groups == 1 && g.C <= DirectPictureTile.Rows;

    /// <summary>Bytes of scratch a run needs, whatever the batch.</summary>
    public long ScratchBytes(Execution execution, int samples) => execution.Lanes * LaneBytes;

    /// <summary>Runs it.</summary>
    /// <param name="execution">The instruction set it was prepared for, and lanes.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="source">The source, blocked.</param>
    /// <param name="destination">The destination, NCHW.</param>
    /// <param name="epilogue">At most a bias: one value per channel of the picture.</param>
    /// <param name="scratch">Scratch memory, aligned to 64 bytes.</param>
    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch)
    {
        if (execution.Isa != _isa)
            throw new ArgumentException($"prepared for {_isa}", nameof(execution));
        var job = new Job { Picture = this, Source = source, Destination = destination, Bias = epilogue.Bias, Scratch = scratch };
        WorkerTeam.Shared.Run(ref job, checked(samples * _bands), execution.Lanes);
    }

    public void Dispose() => _offsets.Dispose();

    /// <summary>Floats of all lines of a channel.</summary>
    int ChannelFloats => _window * _lineWidth;

    long LaneBytes => SumsBytes + AlignedBuffer.RoundUp((long)BlockedLayout.Padded(_channels) * ChannelFloats * sizeof(float));

    /// <summary>The offsets of the segments for each turn of the window.</summary>
    void FillOffsets(int sweep)
    {
        TapGrid grid = _sweeps[sweep];
        nint* offset = (nint*)_offsets.Address + _window * _offsetStarts[sweep];
        for (int turn = 0; turn < _window; turn++)
        {
            for (int block = 0; block < _channels; block += TapOrder.Block)
            {
                foreach (int y in grid.OffsetsY)
                {
                    foreach (int x in grid.OffsetsX)
                        *offset++ = ((nint)block * ChannelFloats + (turn + y - _top) % _window * _lineWidth + x - _left) * sizeof(float);
                }
            }
        }
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public DirectPicture Picture;
        public float* Source, Destination, Bias;
        public nint Scratch;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Picture._isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            DirectPicture of = Picture;
            int sample = _ticket / of._bands, first = _ticket % of._bands * of._bandRows, end = Math.Min(first + of._bandRows, of._gridH);
            float* sums = (float*)(Scratch + (nint)(_lane * of.LaneBytes));
            float* lines = sums + SumsBytes / sizeof(float);
            float* source = Source + (nint)BlockedLayout.Floats(sample, of._channels, of._sourceH * of._sourceW);
            float* destination = Destination + (nint)sample * of._rows * of._destinationPlane;
            // Borders stay zero: what comes later goes between them.
            new Span<float>(lines, BlockedLayout.Padded(of._channels) * of.ChannelFloats).Clear();
            for (int line = 0; line < of._window - 1; line++)
                Fill<TS, TV>(source, first + line + of._top, lines + line * of._lineWidth, sums);
            int columns = DirectPictureTile.MostColumns(TS.Width, of._rows), most = columns * TS.Width;
            for (int y = first; y < end; y++)
            {
                int turn = (y - first) % of._window;
                Fill<TS, TV>(source, y + of._top + of._window - 1, lines + (turn + of._window - 1) % of._window * of._lineWidth, sums);
                for (int s = 0; s < of._sweeps.Length; s++)
                {
                    TapGrid grid = of._sweeps[s];
                    if (y >= grid.GridH)
                        continue;
                    int blocks = of._channels / BlockedLayout.Lanes, left = of._channels % BlockedLayout.Lanes;
                    var tiles = new TileSource
                    {
                        Step = of.ChannelFloats * sizeof(float), Segments = blocks * grid.Taps, Depth = BlockedLayout.Lanes,
                        ShortSegments = left == 0 ? 0 : grid.Taps, ShortDepth = left,
                        Offsets = (nint*)of._offsets.Address + of._window * of._offsetStarts[s] + turn * (of._offsetStarts[s + 1] - of._offsetStarts[s]),
                    };
                    for (int x = 0; x < grid.GridW; x += most)
                    {
                        int count = Math.Min(most, grid.GridW - x);
                        DirectPictureTile.Run<TS, TV>(of._rows, (count + TS.Width - 1) / TS.Width, tiles, (byte*)(lines + x), of._filters.Sweep(s), sums, most);
                        for (int row = 0; row < of._rows; row++)
                        {
                            GridScatter.Run<TS, TV>(grid, sums + row * most, y * grid.GridW + x, count, Bias == null ? null : Bias + row,
                                destination + (nint)row * of._destinationPlane);
                        }
                    }
                }
            }
        }

        /// <summary>Takes a source row of all channels out of its blocks, by way of an aligned square of 16 x 16.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Fill<TS, TV>(float* source, int row, float* line, float* square) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            DirectPicture of = Picture;
            int begin = Math.Clamp(-of._left, 0, of._lineWidth), end = Math.Clamp(of._sourceW - of._left, begin, of._lineWidth);
            nint step = of.ChannelFloats;
            if ((uint)row >= (uint)of._sourceH)
            {
                for (int channel = 0; channel < of._channels; channel++)
                    new Span<float>(line + channel * step + begin, end - begin).Clear();
                return;
            }

            for (int channel = 0; channel < of._channels; channel += Lanes, line += Lanes * step)
            {
                float* from = source + ((nint)(channel / Lanes * of._sourceH + row) * of._sourceW + begin + of._left) * Lanes;
                if (TS.Width == 1 || end - begin < TS.Width)
                {
                    for (int column = begin; column < end; column++, from += Lanes)
                    {
                        for (int lane = 0; lane < Lanes; lane++)
                            line[lane * step + column] = from[lane];
                    }

                    continue;
                }

                for (int column = begin; column < end; column += TS.Width)
                {
                    // The last square overlaps the one before where the line has no whole number of them.
                    int at = Math.Min(column, end - TS.Width);
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                        TS.Transpose(from + (nint)(at - begin) * Lanes + lane, Lanes, line + lane * step + at, step);
                }
            }
        }
    }
}
