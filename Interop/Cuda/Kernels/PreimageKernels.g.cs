// Written by tests/Interop.Tests from Native/Kernels/preimage.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of preimage.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class PreimageKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "preimage";

    static readonly KernelEntry s_advance = new(Family, "advance");
    static readonly KernelEntry s_jitterCrop = new(Family, "jitter_crop");
    static readonly KernelEntry s_jitterCropBackward = new(Family, "jitter_crop_backward");
    static readonly KernelEntry s_maskedResidual = new(Family, "masked_residual");
    static readonly KernelEntry s_addRepeated = new(Family, "add_repeated");
    static readonly KernelEntry s_addScaledRows = new(Family, "add_scaled_rows");
    static readonly KernelEntry s_inverseRoots = new(Family, "inverse_roots");
    static readonly KernelEntry s_preimageStep = new(Family, "preimage_step");
    static readonly KernelEntry s_adamStep = new(Family, "adam_step");
    static readonly KernelEntry s_signStep = new(Family, "sign_step");
    static readonly KernelEntry s_noteEnergies = new(Family, "note_energies");
    static readonly KernelEntry s_keepLowest = new(Family, "keep_lowest");
    static readonly KernelEntry s_noteLowest = new(Family, "note_lowest");

    /// <summary>One thread: the next iteration.</summary>
    public static void Advance(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint iteration)
    {
        void** arguments = stackalloc void*[]
        {
            &iteration,
        };
        kernels[s_advance].Launch(stream, shape, arguments);
    }

    /// <summary>The window of h x w at row offsets[2 i] and column offsets[2 i + 1] of each plane of canvasH x canvasW,
    /// i the iteration.</summary>
    public static void JitterCrop(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint canvas, nint crop, nint offsets,
        nint iteration, long planes, int canvasH, int canvasW, int h, int w)
    {
        void** arguments = stackalloc void*[]
        {
            &canvas, &crop, &offsets, &iteration, &planes, &canvasH, &canvasW, &h, &w,
        };
        kernels[s_jitterCrop].Launch(stream, shape, arguments);
    }

    /// <summary>The adjoint: the crop's gradient in its window, +0 around it.</summary>
    public static void JitterCropBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint crop, nint canvas, nint offsets,
        nint iteration, long planes, int canvasH, int canvasW, int h, int w)
    {
        void** arguments = stackalloc void*[]
        {
            &crop, &canvas, &offsets, &iteration, &planes, &canvasH, &canvasW, &h, &w,
        };
        kernels[s_jitterCropBackward].Launch(stream, shape, arguments);
    }

    /// <summary>residual = factor * (mask * (x - target)); a target or a mask of fewer elements starts anew where it
    /// ends, and no mask (null) is 1.</summary>
    public static void MaskedResidual(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint target, nint mask, nint residual,
        float factor, long elements, long targets, long masks)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &target, &mask, &residual, &factor, &elements, &targets, &masks,
        };
        kernels[s_maskedResidual].Launch(stream, shape, arguments);
    }

    /// <summary>y = fma(factor, x, y), x starting anew where it ends.</summary>
    public static void AddRepeated(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, float factor, long elements,
        long count)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &factor, &elements, &count,
        };
        kernels[s_addRepeated].Launch(stream, shape, arguments);
    }

    /// <summary>y[row] = fma(factor * coefficients[row], x[row], y[row]), the product rounded once; rows of units
    /// elements, x of rowsOfX of them, 1 for all.</summary>
    public static void AddScaledRows(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint coefficients, nint y, float factor,
        long elements, long units, long rowsOfX)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &coefficients, &y, &factor, &elements, &units, &rowsOfX,
        };
        kernels[s_addScaledRows].Launch(stream, shape, arguments);
    }

    /// <summary>values = 1 / sqrt(values), rounded to float before the root and after each operation; 0 where they are
    /// not above 0.</summary>
    public static void InverseRoots(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint values, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &values, &elements,
        };
        kernels[s_inverseRoots].Launch(stream, shape, arguments);
    }

    /// <summary>One step of Algorithm 1 on images of [rows][C][plane], a thread per pixel; rate = rates[iteration]: G =
    /// rho G + g^2;  mu = rho mu - g / (1 / rate + sqrt(G));  x += mu;  a pixel whose norm over channels is above the
    /// radius is drawn back to it. Without squares (null) plain momentum: mu = rho mu - rate g. An infinite radius
    /// draws nothing back.</summary>
    public static void PreimageStep(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint gradient, nint squares,
        nint momentum, nint rates, nint iteration, float rho, float radius, long rows, int channels, long plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &gradient, &squares, &momentum, &rates, &iteration, &rho, &radius, &rows, &channels, &plane,
        };
        kernels[s_preimageStep].Launch(stream, shape, arguments);
    }

    /// <summary>One step of Adam likewise: m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  x -= rate m / (sqrt(v)
    /// root + epsilon), rate = rates[2 i] and root = rates[2 i + 1] with the corrections of iteration i in
    /// them.</summary>
    public static void AdamStep(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint gradient, nint mean, nint variance,
        nint rates, nint iteration, float b1, float b2, float epsilon, float radius, long rows, int channels,
        long plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &gradient, &mean, &variance, &rates, &iteration, &b1, &b2, &epsilon, &radius, &rows, &channels, &plane,
        };
        kernels[s_adamStep].Launch(stream, shape, arguments);
    }

    /// <summary>y = x + step * sign(gradient), kept between least and most: the fast gradient sign method. y may be x;
    /// a step below 0 goes down.</summary>
    public static void SignStep(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint gradient, nint y, float step,
        float least, float most, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &gradient, &y, &step, &least, &most, &elements,
        };
        kernels[s_signStep].Launch(stream, shape, arguments);
    }

    /// <summary>total[row] = the sum of energies[term, row] over terms, in order; the energies also go into slot i mod
    /// slots of the ring, i the iteration.</summary>
    public static void NoteEnergies(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint energies, nint ring, nint total,
        nint iteration, int terms, long rows, int slots)
    {
        void** arguments = stackalloc void*[]
        {
            &energies, &ring, &total, &iteration, &terms, &rows, &slots,
        };
        kernels[s_noteEnergies].Launch(stream, shape, arguments);
    }

    /// <summary>best = x for each row whose energy is below its lowest so far; note_lowest follows. Set lowest to
    /// infinity first. Not-a-number is never kept.</summary>
    public static void KeepLowest(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint best, nint energies, nint lowest,
        long rows, long count)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &best, &energies, &lowest, &rows, &count,
        };
        kernels[s_keepLowest].Launch(stream, shape, arguments);
    }

    public static void NoteLowest(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint energies, nint lowest, long rows)
    {
        void** arguments = stackalloc void*[]
        {
            &energies, &lowest, &rows,
        };
        kernels[s_noteLowest].Launch(stream, shape, arguments);
    }
}
