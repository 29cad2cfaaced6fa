namespace Preimage.Layers.Backends.Geometry;

/// <summary>The product of two arrays over their last two axes, up to two leading axes broadcast (ONNX MatMul).</summary>
internal sealed class MatrixPairs
{
    readonly int _m;

    /// <exception cref="ShapeException">The matrices do not multiply to the output.</exception>
    public MatrixPairs(Shape a, Shape b, Shape output)
    {
        if (a.Rank < 2 || b.Rank < 2 || a[a.Rank - 1] != b[b.Rank - 2] || output.Rank < 2 || output[output.Rank - 2] != a[a.Rank - 2]
            || output[output.Rank - 1] != b[b.Rank - 1])
            throw new ShapeException($"matrices {a} and {b} do not multiply to {output}");
        Rank = output.Rank;
        (_m, N, K) = (output[Rank - 2], output[Rank - 1], a[a.Rank - 1]);
        int batches = Rank > 2 ? output[0] : 1;
        Heads = Rank > 3 ? output[1] : 1;
        A = Side.Of(a, Rank, batches, Heads);
        B = Side.Of(b, Rank, batches, Heads);
    }

    /// <summary>Axes of the output.</summary>
    public int Rank { get; }

    /// <summary>Columns of the right matrices.</summary>
    public int N { get; }

    /// <summary>Columns of the left matrices, rows of the right ones.</summary>
    public int K { get; }

    /// <summary>Products per row of the batch.</summary>
    public int Heads { get; }

    public Side A { get; }

    public Side B { get; }

    /// <summary>Rows of the batch. Of rank 2, axis 0 is rows of one matrix, and may be any number of them.</summary>
    public int Batches(int rows) => Rank > 2 ? rows : 1;

    /// <summary>Rows of the left matrices.</summary>
    public int M(int rows) => Rank > 2 ? _m : rows;

    /// <summary>Where the matrices of one operand lie, in elements.</summary>
    internal readonly record struct Side(nint BatchStride, nint HeadStride, bool RepeatsBatch, bool RepeatsHead)
    {
        public static Side Of(Shape shape, int rank, int batches, int heads)
        {
            nint matrix = (nint)shape[shape.Rank - 2] * shape[shape.Rank - 1];
            int batch = rank > 2 && shape.Rank == rank ? shape[0] : 1;
            int head = rank > 3 && shape.Rank >= 3 ? shape[shape.Rank - 3] : 1;
            if ((batch != batches && batch != 1) || (head != heads && head != 1))
                throw new ShapeException($"the leading axes of {shape} do not broadcast to {batches}x{heads}");
            return new Side(batch == batches && batches > 0 && shape.Rank == rank && rank > 2 ? matrix * head : 0, head > 1 ? matrix : 0,
                rank > 2 && (shape.Rank < rank || batch < batches), head < heads);
        }

        public nint At(int batch, int head) => batch * BatchStride + head * HeadStride;

        /// <summary>Whether an earlier matrix in row-major order went to the same place.</summary>
        public bool IsVisited(int batch, int head) => (RepeatsBatch && batch > 0) || (RepeatsHead && head > 0);
    }
}
