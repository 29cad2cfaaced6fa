namespace Preimage.Interop.Cuda;

/// <summary>Blocks and threads of a launch.</summary>
/// <param name="GridX">Blocks along x, at most 2^31 - 1; 0 with <see cref="Items"/> given.</param>
/// <param name="GridY">Blocks along y, at most 65535.</param>
/// <param name="GridZ">Blocks along z, at most 65535.</param>
/// <param name="BlockX">Threads of a block along x; a block has at most 1024.</param>
/// <param name="BlockY">Threads of a block along y.</param>
/// <param name="BlockZ">Threads of a block along z.</param>
/// <param name="SharedBytes">Dynamic shared memory of a block.</param>
internal readonly record struct LaunchShape(
    int GridX, int GridY = 1, int GridZ = 1, int BlockX = 256, int BlockY = 1, int BlockZ = 1, int SharedBytes = 0)
{
    /// <summary>Items that a grid-stride loop goes through; 0 where the grid is given.</summary>
    public long Items { get; private init; }

    /// <summary>
    /// A grid-stride loop over items: a thread each, but no more blocks than the device holds at a time, so that threads
    /// go on to their next item instead of being started anew.
    /// </summary>
    /// <param name="items">How many, 1 or more.</param>
    /// <param name="block">Threads of a block.</param>
    public static LaunchShape Over(long items, int block = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        return new LaunchShape(0, BlockX: block) { Items = items };
    }

    /// <summary>The same for kernels whose threads take four neighbouring elements at a time.</summary>
    public static LaunchShape OverFours(long elements) => Over(elements / 4 + (elements % 4 == 0 ? 0 : 1));

    /// <summary>The shape with its grid, on a device.</summary>
    public LaunchShape On(CudaDevice device)
    {
        if (Items == 0) return this;
        long needed = (Items + BlockX - 1) / BlockX, held = (long)device.Multiprocessors * Math.Max(1, device.ThreadsPerMultiprocessor / BlockX);
        return this with { GridX = (int)Math.Min(needed, held), Items = 0 };
    }
}
