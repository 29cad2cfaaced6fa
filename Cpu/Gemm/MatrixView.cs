namespace Preimage.Cpu.Gemm;

/// <summary>A matrix in memory by its two strides, in floats; one of them is 1.</summary>
internal readonly unsafe struct MatrixView(float* address, nint rowStride, nint columnStride)
{
    public readonly float* Address = address;
    public readonly nint RowStride = rowStride;
    public readonly nint ColumnStride = columnStride;

    /// <summary>A row-major matrix.</summary>
    public static MatrixView Rows(float* address, nint columns) => new(address, columns, 1);

    /// <summary>The same matrix seen with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Address, ColumnStride, RowStride);

    /// <summary>What lies below and right of a place.</summary>
    public MatrixView From(nint row, nint column) => new(At(row, column), RowStride, ColumnStride);

    public float* At(nint row, nint column) => Address + row * RowStride + column * ColumnStride;
}
