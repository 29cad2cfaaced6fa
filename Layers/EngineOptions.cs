using Preimage.Interop.Cuda;

namespace Preimage.Layers;

/// <summary>How an engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>What arithmetic it may use.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>The instruction set of the CPU kernels: avx512, avx2, neon or scalar; null takes the widest, or what PREIMAGE_ISA says.</summary>
    public string? Isa { get; init; }

    /// <summary>Threads a run may use; 0 takes all the machine grants this process, or what PREIMAGE_THREADS says.</summary>
    public int Threads { get; init; }

    /// <summary>The CUDA context to run in, so that streams and memory can be shared with it; null takes the device's primary one. Its owner disposes it after the engine and its plans.</summary>
    public CudaContext? Context { get; init; }

    /// <summary>Whether every call to a GPU is waited for, so that an error is reported where it happened; slow. PREIMAGE_SYNC=1 does the same.</summary>
    public bool Synchronise { get; init; }

    /// <summary>Implementations forced by operator: Conv = Reference; PREIMAGE_CONV forces convolutions where nothing is said here. Forcing one that does not support the problem is an error.</summary>
    public IReadOnlyDictionary<string, string> Force { get; init; } = new Dictionary<string, string>();

    /// <summary>Algorithms of a GPU's convolutions that were chosen by timing, or null for those of cuDNN's heuristics; convolutions it does not name take the latter.</summary>
    public ConvolutionTuning? Tuning { get; init; }
}
