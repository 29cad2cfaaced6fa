namespace Preimage.Cpu.Blocked;

/// <summary>Lines of pixels that a ticket should find in its second-level cache, fetched while products are computed.</summary>
/// <remarks>A unit is one row of pixels of one block of channels below or above tiles that stand beside each other. Of a source, the four rows of a window
/// that the tiles above did not read. Addresses may lie outside: nobody reads there, the hint is ignored.</remarks>
internal readonly unsafe struct WinogradAhead
{
    const int Side = WinogradTiles.Side, Lanes = BlockedLayout.Lanes;

    readonly float* _array;
    readonly int _blocks, _firstBlock, _unitBlocks, _height, _width, _top, _left, _across, _perSample, _first, _count;

    WinogradAhead(in WinogradTiles problem, float* array, int channels, int firstBlock, int unitBlocks, int height, int width, int top, int left, int first, int count)
    {
        _array = array;
        _blocks = BlockedLayout.Blocks(channels);
        (_firstBlock, _unitBlocks, _height, _width, _top, _left) = (firstBlock, unitBlocks, height, width, top, left);
        (_across, _perSample, _first, _count) = (problem.Across, problem.PerSample, first, count);
    }

    /// <summary>What the transform of these tiles will read.</summary>
    public static WinogradAhead OfSource(in WinogradTiles problem, float* source, int first, int count) =>
        new(problem, source, problem.SourceChannels, 0, BlockedLayout.Blocks(problem.SourceChannels), problem.SourceH, problem.SourceW,
            WinogradTiles.Window - Side - problem.PadTop, -problem.PadLeft, first, count);

    /// <summary>Where some blocks of channels of these tiles will be written.</summary>
    public static WinogradAhead OfDestination(in WinogradTiles problem, float* destination, int firstBlock, int blocks, int first, int count) =>
        new(problem, destination, problem.Channels, firstBlock, blocks, problem.H, problem.W, 0, 0, first, count);

    /// <summary>One unit, or nothing where there are fewer.</summary>
    public (nint Address, nint Bytes) this[int unit]
    {
        get
        {
            int row = unit % Side, block = unit / Side % _unitBlocks, run = unit / Side / _unitBlocks;
            // Runs of adjacent tiles: the first ends with its row of tiles, the others are whole rows or what is left.
            int start = run == 0 ? _first : (_first / _across + run) * _across;
            int count = Math.Min(_first + _count, (start / _across + 1) * _across) - start;
            if (count <= 0)
                return default;
            int sample = start / _perSample, tileY = start % _perSample / _across, tileX = start % _across;
            int y = tileY * Side + _top + row, x = tileX * Side + _left;
            nint pixel = (((nint)sample * _blocks + _firstBlock + block) * _height + y) * _width + x;
            return ((nint)_array + pixel * Lanes * sizeof(float), (nint)count * Side * Lanes * sizeof(float));
        }
    }
}
