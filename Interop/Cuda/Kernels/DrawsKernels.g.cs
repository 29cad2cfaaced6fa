// Written by tests/Interop.Tests from Native/Kernels/draws.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of draws.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class DrawsKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "draws";

    static readonly KernelEntry s_drawElements = new(Family, "draw_elements");
    static readonly KernelEntry s_drawnAlong = new(Family, "drawn_along");
    static readonly KernelEntry s_drawnAcross = new(Family, "drawn_across");

    /// <summary>to[i] = element first + i.</summary>
    public static void DrawElements(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint to, long first, long count, long seed,
        long stream_, double scale, double factor, double summand)
    {
        void** arguments = stackalloc void*[]
        {
            &to, &first, &count, &seed, &stream_, &scale, &factor, &summand,
        };
        kernels[s_drawElements].Launch(stream, shape, arguments);
    }

    /// <summary>y[m][n] = alpha * sum of x[m][k] W[n][k] + bias[n], W drawn with rows of k elements; bias may be null.
    /// The order of Cpu/Gemm/DotProduct: term p goes to partial sum p mod 16 as a fused multiply-add, joined 8 to 8, 4
    /// to 4, 2 to 2, 1 to 1. A thread has an output of up to four samples; launch small blocks.</summary>
    public static void DrawnAlong(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint bias, nint y, int m, int n, int k,
        float alpha, long seed, long stream_, double scale, double factor, double summand)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &bias, &y, &m, &n, &k, &alpha, &seed, &stream_, &scale, &factor, &summand,
        };
        kernels[s_drawnAlong].Launch(stream, shape, arguments);
    }

    /// <summary>c[m][n] = alpha * sum of a[m][k] B[k][n] + bias[n], B drawn with rows of n elements; bias may be null.
    /// One chain per output, k ascending from +0; rows that every sample multiplies by zero are not drawn. A thread has
    /// four neighbouring outputs of up to four samples; launch small blocks.</summary>
    public static void DrawnAcross(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint a, nint bias, nint c, int m, int n, int k,
        float alpha, long seed, long stream_, double scale, double factor, double summand)
    {
        void** arguments = stackalloc void*[]
        {
            &a, &bias, &c, &m, &n, &k, &alpha, &seed, &stream_, &scale, &factor, &summand,
        };
        kernels[s_drawnAcross].Launch(stream, shape, arguments);
    }
}
