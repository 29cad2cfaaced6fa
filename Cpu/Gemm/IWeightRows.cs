using Preimage.Cpu.Draws;

namespace Preimage.Cpu.Gemm;

/// <summary>Where <see cref="DotProduct"/> finds the rows of its weights.</summary>
internal unsafe interface IWeightRows
{
    /// <summary>Floats that a lane needs to hold some of them.</summary>
    static abstract int LaneFloats { get; }

    /// <summary>Elements of a row at most that are asked for at a time.</summary>
    static abstract int MostDepth { get; }

    /// <summary>Fewest rows that a ticket is worth.</summary>
    static abstract int LeastRows { get; }

    /// <summary>Some elements of some rows.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many: up to four.</param>
    /// <param name="from">The first element of each.</param>
    /// <param name="count">How many.</param>
    /// <param name="k">Elements of a whole row.</param>
    /// <param name="room">Where they may be put.</param>
    /// <param name="stride">Floats between rows.</param>
    float* Take(Isa isa, int row, int rows, int from, int count, int k, float* room, out nint stride);
}

/// <summary>Rows in memory, read where they are.</summary>
internal readonly unsafe struct RowsInMemory(float* weights) : IWeightRows
{
    public static int LaneFloats => 0;

    public static int MostDepth => int.MaxValue;

    public static int LeastRows => DotProduct.Partials;

    public float* Take(Isa isa, int row, int rows, int from, int count, int k, float* room, out nint stride)
    {
        stride = k;
        return weights + row * (nint)k + from;
    }
}

/// <summary>Rows that are drawn when they are asked for, a few thousand elements at a time: they stay in the first-level cache until they are used.</summary>
internal readonly unsafe struct DrawnRows(DrawnArray array) : IWeightRows
{
    // Four rows of 8 KB.
    const int Depth = 2048, MostRows = 4;

    public static int LaneFloats => Depth * MostRows;

    public static int MostDepth => Depth;

    public static int LeastRows => MostRows;

    public float* Take(Isa isa, int row, int rows, int from, int count, int k, float* room, out nint stride)
    {
        stride = count;
        for (int i = 0; i < rows; i++)
            RandomDraws.Fill(isa, array, (row + i) * (long)k + from, room + i * count, count);
        return room;
    }
}
