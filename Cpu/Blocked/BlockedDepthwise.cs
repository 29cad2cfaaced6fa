using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution of one channel per group, or its adjoint, in blocked layout: 16 channels at once, in the order of <see cref="TapOrder"/>.</summary>
/// <remarks>
/// Owns its filters, packed [sweep][block of channels][tap][16] with +0 in lanes without a channel. Sweeps are those of <see cref="TapGrid"/>: one
/// forward, one per residue of the strides for the adjoint. In a row, pixels whose columns all lie in the plane go through the tile 8 at a time, those at the
/// edges one by one. A ticket is a strip of destination rows of a block of a sample. Needs no scratch: finished sums wait on the stack for the epilogue.
/// </remarks>
internal sealed unsafe class BlockedDepthwise : IBlockedConvolution
{
    /// <summary>Pixels whose sums wait for the epilogue: 4 KB.</summary>
    const int Chunk = 64;

    const int MostTaps = 1024;

    readonly TapGrid[] _sweeps;
    readonly AlignedBuffer _filters;
    readonly int _channels, _height, _width;

    /// <summary>Packs filters.</summary>
    /// <param name="weights">[C][1][R][S].</param>
    public BlockedDepthwise(in ConvolutionGeometry geometry, ReadOnlySpan<float> weights, bool adjoint)
    {
        ConvolutionGeometry g = geometry;
        _sweeps = adjoint ? TapGrid.Adjoint(g) : [TapGrid.Forward(g)];
        _channels = g.C;
        _width = _sweeps[0].ToW;
        _height = (adjoint ? g.H * g.W : g.OutH * g.OutW) / _width;
        int padded = BlockedLayout.Padded(g.C);
        _filters = new AlignedBuffer((long)padded * _sweeps.Sum(sweep => sweep.Taps) * sizeof(float));
        float* to = _filters.Floats;
        foreach (TapGrid sweep in _sweeps)
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

    public void Dispose() => _filters.Dispose();

    struct Job : IStripJob
    {
        public TapGrid[] Sweeps;
        public int Blocks, Height, Width;
        public float* Filters, Source, Destination;
        public Epilogue Epilogue;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint* offsets = stackalloc nint[2 * MostTaps];
            float* sums = stackalloc float[Chunk * BlockedLayout.Lanes];
            int channel = block % Blocks * BlockedLayout.Lanes;
            Epilogue epilogue = Epilogue.OfRow(block / Blocks, (long)Blocks * Height * Width * BlockedLayout.Lanes);
            float* filters = Filters;
            foreach (TapGrid grid in Sweeps)
            {
                int taps = grid.Taps;
                float* source = Source + (nint)block * grid.SourceH * grid.SourceW * BlockedLayout.Lanes;
                for (int i = (Math.Max(firstRow - grid.ToStartY, 0) + grid.ToStepY - 1) / grid.ToStepY; i < grid.GridH; i++)
                {
                    int row = i * grid.ToStepY + grid.ToStartY;
                    if (row >= endRow)
                        break;
                    RowOffsets(grid, i, offsets);
                    for (int j = 0; j < grid.GridW; j += Chunk)
                    {
                        int end = Math.Min(j + Chunk, grid.GridW);
                        Pixels<TS, TV>(grid, source, offsets, filters + channel * taps, j, end, sums);
                        nint to = (((nint)block * Height + row) * Width + j * grid.ToStepX + grid.ToStartX) * BlockedLayout.Lanes;
                        epilogue.Store<TS, TV>(sums, BlockedLayout.Lanes, end - j, Destination, to, (nint)grid.ToStepX * BlockedLayout.Lanes, channel);
                    }
                }

                filters += (nint)Blocks * BlockedLayout.Lanes * taps;
            }
        }

        /// <summary>Where the taps of a row of the grid lie, from column 0 on: in floats from the plane's start.</summary>
        static void RowOffsets(TapGrid grid, int i, nint* offsets)
        {
            foreach (int offsetY in grid.OffsetsY)
            {
                int y = i * grid.StepY + offsetY;
                foreach (int offsetX in grid.OffsetsX)
                    *offsets++ = (uint)y < (uint)grid.SourceH ? ((nint)y * grid.SourceW + offsetX) * BlockedLayout.Lanes : DepthwiseTile.Outside;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Pixels<TS, TV>(TapGrid grid, float* source, nint* offsets, float* filters, int j, int end, float* sums)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            // All columns of a pixel lie in the plane from first up to last.
            int leftmost = 0, rightmost = 0;
            foreach (int offset in grid.OffsetsX)
                (leftmost, rightmost) = (Math.Min(leftmost, offset), Math.Max(rightmost, offset));
            int first = (-leftmost + grid.StepX - 1) / grid.StepX;
            int last = grid.SourceW - 1 - rightmost < 0 ? 0 : (grid.SourceW - 1 - rightmost) / grid.StepX + 1;
            nint* own = offsets + MostTaps;
            int taps = grid.Taps;
            nint step = (nint)grid.StepX * BlockedLayout.Lanes;
            while (j < end)
            {
                int run = j < first ? 0 : Math.Min(end, last) - j;
                int pixels = run >= 8 ? 8 : run >= 4 ? 4 : run >= 2 ? 2 : 1;
                if (run <= 0)
                    EdgeOffsets(grid, j, offsets, own);
                for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                {
                    float* x = source + j * step + lane, w = filters + lane, to = sums + lane;
                    if (pixels == 8)
                        DepthwiseTile.Run<TS, TV, Eight>(x, step, offsets, taps, w, to);
                    else if (pixels == 4)
                        DepthwiseTile.Run<TS, TV, Four>(x, step, offsets, taps, w, to);
                    else if (pixels == 2)
                        DepthwiseTile.Run<TS, TV, Two>(x, step, offsets, taps, w, to);
                    else
                        DepthwiseTile.Run<TS, TV, One>(x, step, run <= 0 ? own : offsets, taps, w, to);
                }

                j += pixels;
                sums += pixels * BlockedLayout.Lanes;
            }
        }

        /// <summary>The same offsets with the columns outside the plane marked.</summary>
        static void EdgeOffsets(TapGrid grid, int j, nint* offsets, nint* own)
        {
            for (int r = 0; r < grid.OffsetsY.Length; r++)
            {
                foreach (int offsetX in grid.OffsetsX)
                {
                    nint offset = *offsets++;
                    *own++ = (uint)(j * grid.StepX + offsetX) < (uint)grid.SourceW ? offset : DepthwiseTile.Outside;
                }
            }
        }
    }
}
