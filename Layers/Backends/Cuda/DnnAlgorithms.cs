namespace Preimage.Layers.Backends.Cuda;

/// <summary>cuDNN's numbers of algorithms (cudnnConvolutionFwdAlgo_t and its likes), by name.</summary>
internal static class DnnAlgorithms
{
    static readonly string[] s_forward = ["ImplicitGemm", "PrecomputedGemm", "Gemm", "Direct", "Fft", "FftTiling", "Winograd", "WinogradNonfused"];
    static readonly string[] s_data = ["Atomic", "Gemm", "Fft", "FftTiling", "Winograd", "WinogradNonfused"];
    static readonly string[] s_filter = ["Atomic", "Gemm", "Fft", "AtomicPrecomputed", "Winograd", "WinogradNonfused", "FftTiling"];

    /// <summary>The name of an algorithm.</summary>
    public static string Name(ConvolutionPassKind kind, int algorithm)
    {
        string[] names = Names(kind);
        return (uint)algorithm < (uint)names.Length ? names[algorithm] : $"{algorithm}";
    }

    /// <summary>Whether it adds up products of pixels and weights, rather than of transforms of them.</summary>
    public static bool SumsDirectly(ConvolutionPassKind kind, int algorithm)
    {
        string name = Name(kind, algorithm);
        return !name.StartsWith("Fft", StringComparison.Ordinal) && !name.StartsWith("Winograd", StringComparison.Ordinal);
    }

    /// <summary>Whether it adds up in the same order every time, as NVIDIA's manual of cuDNN says (Reproducibility).</summary>
    public static bool IsReproducible(ConvolutionPassKind kind, int algorithm) => !Name(kind, algorithm).StartsWith("Atomic", StringComparison.Ordinal);

    /// <summary>Those that take nearly every convolution, reproducible and by direct sums, the faster first: tried where nothing that is offered will do.</summary>
    public static ReadOnlySpan<int> Plain(ConvolutionPassKind kind) => kind == ConvolutionPassKind.Forward ? [1, 0, 2] : [1];

    static string[] Names(ConvolutionPassKind kind) => kind switch
    {
        ConvolutionPassKind.Forward => s_forward,
        ConvolutionPassKind.Data => s_data,
        _ => s_filter,
    };
}
