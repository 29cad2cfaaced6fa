// Written by tests/Interop.Tests from Native/Kernels/reductions.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of reductions.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class ReductionsKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "reductions";

    static readonly KernelEntry s_sumChunks = new(Family, "sum_chunks");
    static readonly KernelEntry s_sumRows = new(Family, "sum_rows");
    static readonly KernelEntry s_extremeChunks = new(Family, "extreme_chunks");
    static readonly KernelEntry s_extremeRows = new(Family, "extreme_rows");
    static readonly KernelEntry s_rankCount = new(Family, "rank_count");
    static readonly KernelEntry s_rankChoose = new(Family, "rank_choose");

    /// <summary>kind 0: sum of x. 1: sum of x y, of squares where y is x. 2: sum of |x|. 3: how many are not a number.
    /// y is read by kind 1 only; its rows lie rowOfY apart, 0 where all share one.</summary>
    public static void SumChunks(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint x, nint y, nint partials,
        long rows, long count, long rowOfY)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &x, &y, &partials, &rows, &count, &rowOfY,
        };
        kernels[s_sumChunks].Launch(stream, shape, arguments);
    }

    /// <summary>results[row] = factor * sum of its chunks, or its square root, or added to what is there (mode 0, 1,
    /// 2).</summary>
    public static void SumRows(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint partials, nint results, long rows,
        long chunks, double factor, int mode)
    {
        void** arguments = stackalloc void*[]
        {
            &partials, &results, &rows, &chunks, &factor, &mode,
        };
        kernels[s_sumRows].Launch(stream, shape, arguments);
    }

    /// <summary>kind 0: the largest. 1: the least. 2: the largest |x|. Not-a-number is passed over; where nothing else
    /// is there the position is -1 and the value not a number. Positions count within the row; of equal numbers the
    /// first is taken.</summary>
    public static void ExtremeChunks(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint x, nint values, nint positions,
        long rows, long count)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &x, &values, &positions, &rows, &count,
        };
        kernels[s_extremeChunks].Launch(stream, shape, arguments);
    }

    /// <summary>The same over the chunks of each row.</summary>
    public static void ExtremeRows(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint values, nint positions,
        nint results, nint resultPositions, long rows, long chunks)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &values, &positions, &results, &resultPositions, &rows, &chunks,
        };
        kernels[s_extremeRows].Launch(stream, shape, arguments);
    }

    /// <summary>sizes: of |x|. Counts are added atomically, which for whole numbers gives one result in any
    /// order.</summary>
    public static void RankCount(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, long count, int sizes, int round,
        nint state, nint counts)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &count, &sizes, &round, &state, &counts,
        };
        kernels[s_rankCount].Launch(stream, shape, arguments);
    }

    /// <summary>One thread: the byte in which the rank lies.</summary>
    public static void RankChoose(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint state, nint counts, int round, nint result)
    {
        void** arguments = stackalloc void*[]
        {
            &state, &counts, &round, &result,
        };
        kernels[s_rankChoose].Launch(stream, shape, arguments);
    }
}
