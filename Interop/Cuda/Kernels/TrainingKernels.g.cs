// Written by tests/Interop.Tests from Native/Kernels/training.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of training.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class TrainingKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "training";

    static readonly KernelEntry s_softmaxLoss = new(Family, "softmax_loss");
    static readonly KernelEntry s_descentStep = new(Family, "descent_step");
    static readonly KernelEntry s_adagradStep = new(Family, "adagrad_step");
    static readonly KernelEntry s_normFactors = new(Family, "norm_factors");

    /// <summary>The cross-entropy of the softmax of each row of logits against its label: signal = factor (p - onehot),
    /// losses = ln sum - (x[label] - max), the difference in double, predictions = the first place of the maximum, 0
    /// where there is none. A row with label -1 gets +0 and a loss of 0, one with a label that is no class
    /// not-a-number. Sixteen threads a row (sums.h): launch blocks of 256, one per 16 rows, or smaller ones where there
    /// are few.</summary>
    public static void SoftmaxLoss(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint logits, nint labels, nint signal,
        nint losses, nint predictions, float factor, long rows, int classes)
    {
        void** arguments = stackalloc void*[]
        {
            &logits, &labels, &signal, &losses, &predictions, &factor, &rows, &classes,
        };
        kernels[s_softmaxLoss].Launch(stream, shape, arguments);
    }

    /// <summary>d = decay w + g; m = rho m - d; w += rate m, rate = rates[iteration]. Without momentum (null) w -= rate
    /// d.</summary>
    public static void DescentStep(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint w, nint gradient, nint momentum, nint rates,
        nint iteration, float rho, float decay, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &w, &gradient, &momentum, &rates, &iteration, &rho, &decay, &elements,
        };
        kernels[s_descentStep].Launch(stream, shape, arguments);
    }

    /// <summary>s += g^2; w -= rate g / (sqrt(s) + epsilon), rate = rates[iteration].</summary>
    public static void AdagradStep(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint w, nint gradient, nint squares, nint rates,
        nint iteration, float epsilon, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &w, &gradient, &squares, &rates, &iteration, &epsilon, &elements,
        };
        kernels[s_adagradStep].Launch(stream, shape, arguments);
    }

    /// <summary>The factor and the summand of each channel of a batch norm: factors = scale / roots, summands = shift -
    /// mean * that, in double, each rounded once.</summary>
    public static void NormFactors(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint scale, nint shift, nint means, nint roots,
        nint factors, nint summands, int channels)
    {
        void** arguments = stackalloc void*[]
        {
            &scale, &shift, &means, &roots, &factors, &summands, &channels,
        };
        kernels[s_normFactors].Launch(stream, shape, arguments);
    }
}
