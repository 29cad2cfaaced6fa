using Preimage.Cpu.Copies;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>Padding and cropping by one table of indices per axis: the input's index that each of the output's takes, or -1 for the constant.</summary>
internal sealed class PadTables
{
    /// <exception cref="ShapeException">The pads are not as many as axes.</exception>
    public PadTables(Shape input, ReadOnlySpan<int> before, Shape output, PadFill mode)
    {
        if (before.Length != input.Rank || output.Rank != input.Rank)
            throw new ShapeException($"padding {input} to {output} with {before.Length} pads");
        Input = SpreadAxes.Extents(input);
        Apart = before[0] == 0 && input[0] == output[0];
        Tables = [[0], [0], [0], [0]];
        for (int axis = 0; axis < input.Rank; axis++)
            Tables[SpreadAxes.Index(axis, input.Rank)] = Table(input[axis], before[axis], output[axis], mode);
    }

    /// <summary>A table for each of four axes.</summary>
    public int[][] Tables { get; }

    /// <summary>Extents of the input on four axes.</summary>
    public Axes4 Input { get; }

    /// <summary>Whether samples stay apart.</summary>
    public bool Apart { get; }

    static int[] Table(int extent, int before, int length, PadFill mode)
    {
        var table = new int[length];
        for (int i = 0; i < length; i++)
        {
            int at = i - before;
            bool inside = (uint)at < (uint)extent;
            table[i] = inside ? at : mode switch
            {
                PadFill.Edge => Math.Clamp(at, 0, extent - 1),
                PadFill.Reflect => Mirrored(at, extent),
                _ => -1,
            };
        }

        return table;
    }

    /// <summary>Mirrors at the first and last element without repeating them, as often as it takes.</summary>
    static int Mirrored(int at, int extent)
    {
        if (extent == 1)
            return 0;
        int period = 2 * (extent - 1);
        int within = (at % period + period) % period;
        return within < extent ? within : period - within;
    }
}
