using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution of one channel per group, or its adjoint, in blocked layout: 16 channels at once, in the order of <see cref="TapOrder"/>.</summary>
/// <remarks>
/// Owns its filters, packed [sweep][block of channels][tap][16] with +0 in lanes without a channel. Sweeps are those of <see cref="TapGrid"/>: one
/// forward, one per residue of the strides for the adjoint. In a row, pixels whose columns all lie in the plane go through the largest tile, those at the
/// edges one by one. A ticket is a strip of destination rows of a block of a sample. Needs no scratch: finished sums wait on the stack for the epilogue.
/// </remarks>
internal sealed unsafe class BlockedDepthwise : IBlockedConvolution
{
    /// <summary>Pixels whose sums wait for the epilogue: 8 KB.</summary>
    const int Chunk = 128;

    const int MostTaps = 1024;

    readonly DepthwiseSweep[] _sweeps;
    readonly AlignedBuffer _filters;
    readonly int _channels, _height, _width;

    /// <summary>Packs filters.</summary>
    /// <param name="weights">[C][1][R][S].</param>
    public BlockedDepthwise(in ConvolutionGeometry geometry, ReadOnlySpan<float> weights, bool adjoint)
    {
        ConvolutionGeometry g = geometry;
        TapGrid[] grids = adjoint ? TapGrid.Adjoint(g) : [TapGrid.Forward(g)];
        _sweeps = Array.ConvertAll(grids, grid => new DepthwiseSweep(grid));
        _channels = g.C;
        _width = grids[0].ToW;
        _height = (adjoint ? g.H * g.W : g.OutH * g.OutW) / _width;
        int padded = BlockedLayout.Padded(g.C);
        _filters = new AlignedBuffer((long)padded * _sweeps.Sum(sweep => sweep.Taps) * sizeof(float));
        float* to = _filters.Floats;
        foreach (TapGrid sweep in grids)
        {
            for (int block = 0; block < padded; block += BlockedLayout.Lanes)
            foreach (int r in sweep.TapsY)
            foreach (int s in sweep.TapsX)
            {
                for (int c = block; c < block + BlockedLayout.Lanes; c++)
                    *to++ = c < g.C ? weights[(c * g.R + r) * g.S + s] : 0;
            }
        }
    }

    public static bool Supports(in ConvolutionGeometry g) => g.Groups == g.C && g.K == g.C && g.R * g.S <= MostTaps;

    /// <summary>Bytes of packed filters.</summary>
    public long PackedBytes => _filters.Bytes;

    /// <summary>Sums wait on the stack: none.</summary>
    public long ScratchBytes(Execution execution, int samples) => 0;

    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch) =>
        PlaneStrips.Run(execution, samples * BlockedLayout.Blocks(_channels), _height, _width, new Job
        {
            Sweeps = _sweeps, Filters = _filters.Floats, Blocks = BlockedLayout.Blocks(_channels), Height = _height, Width = _width, Source = source,
            Destination = destination, Epilogue = epilogue,
        });

    public void Dispose()
    {
        _filters.Dispose();
        Array.ForEach(_sweeps, sweep => sweep.Dispose());
    }

    struct Job : IStripJob
    {
        public DepthwiseSweep[] Sweeps;
        public int Blocks, Height, Width;
        public float* Filters, Source, Destination;
        public Epilogue Epilogue;

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint* own = stackalloc nint[MostTaps];
            float* sums = stackalloc float[Chunk * BlockedLayout.Lanes];
            int channel = block % Blocks * BlockedLayout.Lanes;
            Epilogue epilogue = Epilogue.OfRow(block / Blocks, (long)Blocks * Height * Width * BlockedLayout.Lanes);
            float* filters = Filters;
            foreach (DepthwiseSweep sweep in Sweeps)
            {
                TapGrid grid = sweep.Grid;
                float* plane = Source + (nint)block * grid.SourceH * grid.SourceW * BlockedLayout.Lanes;
                for (int i = (Math.Max(firstRow - grid.ToStartY, 0) + grid.ToStepY - 1) / grid.ToStepY; i < grid.GridH; i++)
                {
                    int row = i * grid.ToStepY + grid.ToStartY;
                    if (row >= endRow)
                        break;
                    for (int j = 0; j < grid.GridW; j += Chunk)
                    {
                        int end = Math.Min(j + Chunk, grid.GridW);
                        Pixels<TS, TV>(sweep, plane + (nint)i * grid.StepY * grid.SourceW * BlockedLayout.Lanes, own, filters + (nint)channel * sweep.Taps,
                            i, j, end, sums);
                        nint to = (((nint)block * Height + row) * Width + j * grid.ToStepX + grid.ToStartX) * BlockedLayout.Lanes;
                        epilogue.Store<TS, TV>(sums, BlockedLayout.Lanes, end - j, Destination, to, (nint)grid.ToStepX * BlockedLayout.Lanes, channel);
                    }
                }

                filters += (nint)Blocks * BlockedLayout.Lanes * sweep.Taps;
            }
        }

        /// <summary>Sums of pixels of a row of the grid.</summary>
        /// <param name="source">The row's place in the source.</param>
        /// <param name="own">Room for the offsets of a pixel.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Pixels<TS, TV>(DepthwiseSweep sweep, float* source, nint* own, float* filters, int i, int j, int end, float* sums)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int taps = sweep.Taps, first = sweep.FirstColumn, last = sweep.EndColumn, start = j;
            nint step = (nint)sweep.Grid.StepX * BlockedLayout.Lanes;
            bool rowsInside = i >= sweep.FirstRow && i < sweep.EndRow;
            while (j < end)
            {
                nint* offsets = rowsInside ? sweep.Offsets : own;
                int pixels = 1;
                if (j < first || j >= last)
                {
                    if (rowsInside)
                        offsets = sweep.AtEdge(j);
                    else
                        sweep.Fill(i, j, own);
                }
                else
                {
                    // The last tile of a run begins early enough to be full: sums may be written twice, the destination may not.
                    int stop = Math.Min(end, last), run = stop - Math.Max(start, first);
                    pixels = TS.Width == 16 && run >= 12 ? run >= 14 ? 14 : 12 : run >= 8 ? 8 : run >= 4 ? 4 : run >= 2 ? 2 : 1;
                    if (!rowsInside)
                        sweep.Fill(i, j, own);
                    j = Math.Min(j, stop - pixels);
                }

                float* x = source + j * step, to = sums + (j - start) * BlockedLayout.Lanes;
                for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                {
                    if (TS.Width == 16 && pixels == 14)
                        DepthwiseTile.Run<TS, TV, Fourteen>(x + lane, step, offsets, taps, filters + lane, to + lane);
                    else if (TS.Width == 16 && pixels == 12)
                        DepthwiseTile.Run<TS, TV, Twelve>(x + lane, step, offsets, taps, filters + lane, to + lane);
                    else if (pixels == 8)
                        DepthwiseTile.Run<TS, TV, Eight>(x + lane, step, offsets, taps, filters + lane, to + lane);
                    else if (pixels == 4)
                        DepthwiseTile.Run<TS, TV, Four>(x + lane, step, offsets, taps, filters + lane, to + lane);
                    else if (pixels == 2)
                        DepthwiseTile.Run<TS, TV, Two>(x + lane, step, offsets, taps, filters + lane, to + lane);
                    else
                        DepthwiseTile.Run<TS, TV, One>(x + lane, step, offsets, taps, filters + lane, to + lane);
                }

                j += pixels;
            }
        }
    }
}
