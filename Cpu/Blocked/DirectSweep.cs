using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>One sweep of taps as the tiles take it: the segments of a sum, and rows cut into stretches.</summary>
internal sealed unsafe class DirectSweep : IDisposable
{
    readonly AlignedBuffer _offsets;

    /// <summary>Prepares a sweep.</summary>
    /// <param name="grid">The sweep.</param>
    /// <param name="channels">Source channels of one group.</param>
    /// <param name="source">How the source lies.</param>
    /// <param name="plane">Bytes from one of its planes to the next, where the tiles read them.</param>
    /// <param name="width">Lanes of a vector.</param>
    public DirectSweep(TapGrid grid, int channels, DirectSource source, nint plane, int width)
    {
        Grid = grid;
        bool blocked = source.Lanes == BlockedLayout.Lanes;
        int fullBlocks = blocked ? channels / source.Lanes : 0, left = blocked ? channels % source.Lanes : 0;
        _offsets = new AlignedBuffer((long)source.Planes * grid.Taps * sizeof(nint));
        nint* to = (nint*)_offsets.Address;
        Tiles = new TileSource
        {
            Step = grid.StepX * source.Pixel, Offsets = to,
            Segments = (blocked ? fullBlocks : channels) * grid.Taps, Depth = blocked ? BlockedLayout.Lanes : 1,
            ShortSegments = left == 0 ? 0 : grid.Taps, ShortDepth = left,
        };
        int planesOfBlock = blocked ? 1 : TapOrder.Block;
        for (int first = 0; first < source.Planes; first += planesOfBlock)
        {
            foreach (int offsetY in grid.OffsetsY)
            {
                foreach (int offsetX in grid.OffsetsX)
                {
                    for (int p = first; p < Math.Min(first + planesOfBlock, source.Planes); p++)
                        *to++ = p * plane + source.Tap(offsetY, offsetX);
                }
            }
        }

        OneRow = new DirectRuns(width, grid.GridW, false);
        TwoRows = new DirectRuns(width, grid.GridW, true);
    }

    public TapGrid Grid { get; }

    public TileSource Tiles { get; }

    /// <summary>The stretches of a row alone.</summary>
    public DirectRuns OneRow { get; }

    /// <summary>The stretches of two rows at a time.</summary>
    public DirectRuns TwoRows { get; }

    public void Dispose() => _offsets.Dispose();
}
