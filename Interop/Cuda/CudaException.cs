using System.Runtime.InteropServices;
using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda;

/// <summary>A call into the CUDA driver, cuBLAS or cuDNN failed.</summary>
/// <remarks>Errors of work on the device arrive late: a call may report what an earlier launch did. Run with
/// PREIMAGE_SYNC=1 to have the guilty one named.</remarks>
public sealed class CudaException : ExternalException
{
    internal CudaException(string name, int code, string call, string? text, bool isSticky)
        : base($"{name} ({code}) at {call}{(string.IsNullOrEmpty(text) ? "" : $": {text}")}{(isSticky ? ". The context is lost: nothing that uses it will work again in this process" : "")}")
    {
        Name = name;
        Code = code;
        Call = call;
        Text = text ?? "";
        IsSticky = isSticky;
    }

    /// <summary>The status' name in the C headers, like CUDA_ERROR_OUT_OF_MEMORY.</summary>
    public string Name { get; }

    /// <summary>The status' number: a CUresult, cublasStatus_t or cudnnStatus_t, as <see cref="Name"/> tells.</summary>
    public int Code { get; }

    /// <summary>The call that returned it.</summary>
    public string Call { get; }

    /// <summary>What the library says about it, beside the name; may be empty.</summary>
    internal string Text { get; }

    /// <summary>Whether the driver has no memory left to give.</summary>
    internal bool IsOutOfMemory => Name == nameof(CUresult.CUDA_ERROR_OUT_OF_MEMORY);

    /// <summary>Whether the context can no longer be used: an illegal address, a failed launch, a time-out.</summary>
    public bool IsSticky { get; }
}
