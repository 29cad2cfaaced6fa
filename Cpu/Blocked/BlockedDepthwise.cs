using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution of one channel per group, or its adjoint, in blocked layout: 16 channels at once, in the order of <see cref="TapOrder"/>.</summary>
/// <remarks>
/// Sweeps are those of <see cref="TapGrid"/>: one
/// forward, one per residue of the strides for the adjoint. Tiles run to the right over the pixels of a row whose columns all lie in the plane, and down
/// over those at the left and right edges, which share their offsets with the pixels above and below; only corners go one by one. A ticket is a strip of destination rows of a block of a sample. Needs no scratch: finished sums wait on the stack for the epilogue.
/// </remarks>
internal sealed unsafe class BlockedDepthwise : IBlockedConvolution
{
    /// <summary>Pixels whose sums wait for the epilogue: 8 KB.</summary>
    const int Chunk = 128;

    const int MostTaps = 1024;

    readonly DepthwiseSweep[] _sweeps;
    readonly DepthwiseFilters _filters;
    readonly int _channels, _height, _width;

    /// <summary>Prepares the convolution, or the adjoint, that the filters are for.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="filters">Its filters, which stay the caller's.</param>
    public BlockedDepthwise(in ConvolutionGeometry g, DepthwiseFilters filters)
    {
        _filters = filters;
        TapGrid[] grids = TapGrid.Of(g, filters.IsAdjoint);
        _sweeps = Array.ConvertAll(grids, grid => new DepthwiseSweep(grid));
        _channels = g.C;
        _width = grids[0].ToW;
        _height = (filters.IsAdjoint ? g.H * g.W : g.OutH * g.OutW) / _width;
    }

    public static bool Supports(in ConvolutionGeometry g) => g.Groups == g.C && g.K == g.C && g.R * g.S <= MostTaps;

    /// <summary>Sums wait on the stack: none.</summary>
    public long ScratchBytes(Execution execution, int samples) => 0;

    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch) =>
        PlaneStrips.Run(execution, samples * BlockedLayout.Blocks(_channels), _height, _width, new Job
        {
            Sweeps = _sweeps, Filters = _filters.Floats, Blocks = BlockedLayout.Blocks(_channels), Height = _height, Width = _width, Source = source,
            Destination = destination, Epilogue = epilogue,
        });

    public void Dispose() => Array.ForEach(_sweeps, sweep => sweep.Dispose());

    struct Job : IStripJob
    {
        public DepthwiseSweep[] Sweeps;
        public int Blocks, Height, Width;
        public float* Filters, Source, Destination;
        public Epilogue Epilogue;
        int _block;

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint* own = stackalloc nint[MostTaps];
            Job job = this;
            job._block = block;
            job.Epilogue = Epilogue.OfRow(block / Blocks, (long)Blocks * Height * Width * BlockedLayout.Lanes);
            foreach (DepthwiseSweep sweep in Sweeps)
            {
                TapGrid grid = sweep.Grid;
                int first = FirstAt(firstRow, grid), end = Math.Min(FirstAt(endRow, grid), grid.GridH);
                for (int i = first; i < end; i++)
                {
                    bool inside = i >= sweep.FirstRow && i < sweep.EndRow;
                    if (!inside)
                        sweep.Fill(i, sweep.FirstColumn, own);
                    job.Line<TS, TV>(sweep, i, sweep.FirstColumn, sweep.EndColumn - sweep.FirstColumn, false, inside ? sweep.Offsets : own);
                    for (int j = sweep.NextEdge(-1); !inside && j < grid.GridW; j = sweep.NextEdge(j))
                    {
                        sweep.Fill(i, j, own);
                        job.Line<TS, TV>(sweep, i, j, 1, false, own);
                    }
                }

                (first, end) = (Math.Max(first, sweep.FirstRow), Math.Min(end, sweep.EndRow));
                for (int j = sweep.NextEdge(-1); j < grid.GridW; j = sweep.NextEdge(j))
                    job.Line<TS, TV>(sweep, first, j, end - first, true, sweep.AtEdge(j));
                job.Filters += (nint)Blocks * BlockedLayout.Lanes * sweep.Taps;
            }
        }

        /// <summary>The first grid row at or after a destination row.</summary>
        static int FirstAt(int row, TapGrid grid) => (Math.Max(row - grid.ToStartY, 0) + grid.ToStepY - 1) / grid.ToStepY;

        /// <summary>Pixels of the grid from (i, j) on, down or to the right, that share their offsets.</summary>
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Line<TS, TV>(DepthwiseSweep sweep, int i, int j, int count, bool down, nint* offsets) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            float* sums = stackalloc float[Chunk * Lanes];
            TapGrid grid = sweep.Grid;
            int channel = _block % Blocks * Lanes, taps = sweep.Taps;
            nint from = (((nint)_block * grid.SourceH + i * grid.StepY) * grid.SourceW + j * grid.StepX) * Lanes;
            nint to = (((nint)_block * Height + i * grid.ToStepY + grid.ToStartY) * Width + j * grid.ToStepX + grid.ToStartX) * Lanes;
            nint fromStep = (down ? (nint)grid.StepY * grid.SourceW : grid.StepX) * Lanes, toStep = (down ? (nint)grid.ToStepY * Width : grid.ToStepX) * Lanes;
            for (; count > 0; count -= Chunk, from += Chunk * fromStep, to += Chunk * toStep)
            {
                int pixels = Math.Min(count, Chunk);
                Tiles<TS, TV>(Source + from, fromStep, offsets, taps, Filters + (nint)channel * taps, pixels, sums);
                Epilogue.Store<TS, TV>(sums, Lanes, pixels, Destination, to, toStep, channel);
            }
        }

        /// <summary>Sums of a line of pixels by tiles as large as it allows; the last begins early enough to be full, and does some sums a second time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Tiles<TS, TV>(float* source, nint step, nint* offsets, int taps, float* filters, int pixels, float* sums)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int tile = TS.Width == 16 && pixels >= 12 ? pixels >= 14 ? 14 : 12 : pixels >= 8 ? 8 : pixels >= 4 ? 4 : pixels >= 2 ? 2 : 1;
            for (int done = 0; done < pixels; done += tile)
            {
                done = Math.Min(done, pixels - tile);
                for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                {
                    float* x = source + done * step + lane, w = filters + lane, to = sums + done * BlockedLayout.Lanes + lane;
                    if (TS.Width == 16 && tile == 14)
                        DepthwiseTile.Run<TS, TV, Fourteen>(x, step, offsets, taps, w, to);
                    else if (TS.Width == 16 && tile == 12)
                        DepthwiseTile.Run<TS, TV, Twelve>(x, step, offsets, taps, w, to);
                    else if (tile == 8)
                        DepthwiseTile.Run<TS, TV, Eight>(x, step, offsets, taps, w, to);
                    else if (tile == 4)
                        DepthwiseTile.Run<TS, TV, Four>(x, step, offsets, taps, w, to);
                    else if (tile == 2)
                        DepthwiseTile.Run<TS, TV, Two>(x, step, offsets, taps, w, to);
                    else
                        DepthwiseTile.Run<TS, TV, One>(x, step, offsets, taps, w, to);
                }
            }
        }
    }
}
