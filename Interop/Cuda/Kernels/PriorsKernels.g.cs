// Written by tests/Interop.Tests from Native/Kernels/priors.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of priors.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class PriorsKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "priors";

    static readonly KernelEntry s_variationEnergy = new(Family, "variation_energy");
    static readonly KernelEntry s_variationGradient = new(Family, "variation_gradient");
    static readonly KernelEntry s_rangeEnergy = new(Family, "range_energy");
    static readonly KernelEntry s_rangeGradient = new(Family, "range_gradient");

    /// <summary>Total variation: partial sums of (right^2 + down^2)^(beta / 2) over each row's C planes. beta is at
    /// least 1.</summary>
    public static void VariationEnergy(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint partials, long rows, int channels,
        int h, int w, float beta)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &partials, &rows, &channels, &h, &w, &beta,
        };
        kernels[s_variationEnergy].Launch(stream, shape, arguments);
    }

    /// <summary>gradient += factor * d/dx of the sum above over beta: the factor has lambda * beta / (HW V^beta) in
    /// it.</summary>
    public static void VariationGradient(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint gradient, long planes, int h, int w,
        float beta, float factor)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &gradient, &planes, &h, &w, &beta, &factor,
        };
        kernels[s_variationGradient].Launch(stream, shape, arguments);
    }

    /// <summary>Bounded range: partial sums of (n / B^2)^(alpha / 2) over each row's pixels; inverseSquare is 1 /
    /// B^2.</summary>
    public static void RangeEnergy(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint partials, long rows, int channels,
        long plane, float alpha, float inverseSquare)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &partials, &rows, &channels, &plane, &alpha, &inverseSquare,
        };
        kernels[s_rangeEnergy].Launch(stream, shape, arguments);
    }

    /// <summary>gradient += factor * x (n / B^2)^(alpha / 2 - 1); the factor has lambda * alpha / (HW B^2) in it. A
    /// pixel of norm 0 gets nothing.</summary>
    public static void RangeGradient(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint gradient, long rows, int channels,
        long plane, float alpha, float inverseSquare, float factor)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &gradient, &rows, &channels, &plane, &alpha, &inverseSquare, &factor,
        };
        kernels[s_rangeGradient].Launch(stream, shape, arguments);
    }
}
