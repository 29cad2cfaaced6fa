// Written by tests/Interop.Tests from Native/Kernels/lrn.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of lrn.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class LrnKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "lrn";

    static readonly KernelEntry s_lrnForward = new(Family, "lrn_forward");
    static readonly KernelEntry s_lrnBackwardTerms = new(Family, "lrn_backward_terms");
    static readonly KernelEntry s_lrnBackward = new(Family, "lrn_backward");

    public static void LrnForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, long elements, int channels,
        int plane, int size, float kappa, float alpha, float beta)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &elements, &channels, &plane, &size, &kappa, &alpha, &beta,
        };
        kernels[s_lrnForward].Launch(stream, shape, arguments);
    }

    /// <summary>The first half of the way back: for every element of the signal L^-beta, and the term R_t x_t
    /// L_t^(-beta-1) it gives to its neighbours. elements is that of the signal; row r of it reads row r / seeds of
    /// x.</summary>
    public static void LrnBackwardTerms(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint signal, nint powers, nint terms,
        long elements, int seeds, int channels, int plane, int size, float kappa, float alpha, float beta)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &signal, &powers, &terms, &elements, &seeds, &channels, &plane, &size, &kappa, &alpha, &beta,
        };
        kernels[s_lrnBackwardTerms].Launch(stream, shape, arguments);
    }

    /// <summary>The second half: dx_j = R_j L_j^-beta - 2 alpha beta x_j * sum of the terms of the t whose window holds
    /// j, ascending. result may be signal.</summary>
    public static void LrnBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint signal, nint powers, nint terms,
        nint result, long elements, int seeds, int channels, int plane, int size, float alpha, float beta)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &signal, &powers, &terms, &result, &elements, &seeds, &channels, &plane, &size, &alpha, &beta,
        };
        kernels[s_lrnBackward].Launch(stream, shape, arguments);
    }
}
