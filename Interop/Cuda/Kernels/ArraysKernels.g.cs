// Written by tests/Interop.Tests from Native/Kernels/arrays.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of arrays.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class ArraysKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "arrays";

    static readonly KernelEntry s_stridedCopy = new(Family, "strided_copy");
    static readonly KernelEntry s_indexedCopy = new(Family, "indexed_copy");
    static readonly KernelEntry s_indexedCopyBackward = new(Family, "indexed_copy_backward");
    static readonly KernelEntry s_resampleAxis = new(Family, "resample_axis");

    /// <summary>to[i . toStrides] = from[i . fromStrides] over four axes, or added to what is there; the pointers stand
    /// at the first element.</summary>
    public static void StridedCopy(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint from, nint to, int accumulates, int e0,
        int e1, int e2, int e3, long f0, long f1, long f2, long f3, long t0, long t1, long t2, long t3)
    {
        void** arguments = stackalloc void*[]
        {
            &from, &to, &accumulates, &e0, &e1, &e2, &e3, &f0, &f1, &f2, &f3, &t0, &t1, &t2, &t3,
        };
        kernels[s_stridedCopy].Launch(stream, shape, arguments);
    }

    /// <summary>larger[i, j, k, l] = smaller[t0[i], t1[j], t2[k], t3[l]], or the constant where an entry is -1. A null
    /// table maps every index to itself. e0..e3 are the extents of the larger array, s1..s3 those of the
    /// smaller.</summary>
    public static void IndexedCopy(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint smaller, nint larger, nint t0, nint t1,
        nint t2, nint t3, int e0, int e1, int e2, int e3, int s1, int s2, int s3, float constant)
    {
        void** arguments = stackalloc void*[]
        {
            &smaller, &larger, &t0, &t1, &t2, &t3, &e0, &e1, &e2, &e3, &s1, &s2, &s3, &constant,
        };
        kernels[s_indexedCopy].Launch(stream, shape, arguments);
    }

    /// <summary>The adjoint of indexed_copy: each element of the smaller array adds up, from +0 and in row-major order,
    /// the signals of the elements that were copied from it. s0..s3 are the extents of the smaller array, e1..e3 those
    /// of the larger.</summary>
    public static void IndexedCopyBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint larger, nint smaller, nint starts0,
        nint indices0, nint starts1, nint indices1, nint starts2, nint indices2, nint starts3, nint indices3, int s0,
        int s1, int s2, int s3, int e1, int e2, int e3)
    {
        void** arguments = stackalloc void*[]
        {
            &larger, &smaller, &starts0, &indices0, &starts1, &indices1, &starts2, &indices2, &starts3, &indices3, &s0,
            &s1, &s2, &s3, &e1, &e2, &e3,
        };
        kernels[s_indexedCopyBackward].Launch(stream, shape, arguments);
    }

    /// <summary>One axis of a resize over [outer][inputLength][inner]: output o is a chain of fused multiply-adds from
    /// +0 over weights[t] and indices[t], t from starts[o] to starts[o + 1]. Rows first (inner = W), then columns
    /// (inner = 1); the way back is by the transposed tables, columns first (Cpu/Resampling/PlaneResampling).</summary>
    public static void ResampleAxis(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint from, nint to, long outer, int inputLength,
        int outputLength, int inner, nint starts, nint indices, nint weights)
    {
        void** arguments = stackalloc void*[]
        {
            &from, &to, &outer, &inputLength, &outputLength, &inner, &starts, &indices, &weights,
        };
        kernels[s_resampleAxis].Launch(stream, shape, arguments);
    }
}
