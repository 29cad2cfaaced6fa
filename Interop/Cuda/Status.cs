using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CUresult;

namespace Preimage.Interop.Cuda;

/// <summary>Turns what native calls return into exceptions that name the call.</summary>
internal static unsafe partial class Status
{
    const int MostText = 512;

    public static void ThrowIfFailed(this CUresult status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CUDA_SUCCESS) Throw(status, call);
    }

    public static void ThrowIfFailed(this cublasStatus_t status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != cublasStatus_t.CUBLAS_STATUS_SUCCESS) Throw(status, call);
    }

    public static void ThrowIfFailed(this cudnnStatus_t status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != cudnnStatus_t.CUDNN_STATUS_SUCCESS) Throw(status, call);
    }

    /// <summary>
    /// Whether the error stays with the context: every later call returns it, only tearing the context down helps.
    /// Running out of time or failing an assertion counts, running out of memory does not.
    /// </summary>
    public static bool IsSticky(this CUresult status) => status
        is CUDA_ERROR_ECC_UNCORRECTABLE or CUDA_ERROR_NVLINK_UNCORRECTABLE or CUDA_ERROR_CONTAINED
        or CUDA_ERROR_ILLEGAL_ADDRESS or CUDA_ERROR_LAUNCH_TIMEOUT or CUDA_ERROR_ASSERT
        or CUDA_ERROR_HARDWARE_STACK_ERROR or CUDA_ERROR_ILLEGAL_INSTRUCTION or CUDA_ERROR_MISALIGNED_ADDRESS
        or CUDA_ERROR_INVALID_ADDRESS_SPACE or CUDA_ERROR_INVALID_PC or CUDA_ERROR_LAUNCH_FAILED
        or CUDA_ERROR_TENSOR_MEMORY_LEAK or CUDA_ERROR_MPS_CLIENT_TERMINATED;

    /// <summary>Whether the error says that something cannot be captured, or that a capture is spoilt.</summary>
    public static bool IsOfCapture(this CUresult status) => status is >= CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED and <= CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;

    /// <summary>Whether an object that could not be destroyed is gone anyway: with its driver, or with its context.</summary>
    public static bool IsGone(this CUresult status) => status.IsSticky()
        || status is CUDA_SUCCESS or CUDA_ERROR_DEINITIALIZED or CUDA_ERROR_CONTEXT_IS_DESTROYED;

    [DoesNotReturn]
    static void Throw(CUresult status, string call)
    {
        byte* name = null, text = null;
        CudaDriver.cuGetErrorName(status, &name);
        CudaDriver.cuGetErrorString(status, &text);
        string said = Utf8(text);
        if (Remedy.Of(status) is { } remedy) said += $"; {remedy}";
        throw new CudaException(name == null ? "CUDA_ERROR" : Utf8(name), (int)status, OneLine(call), said, status.IsSticky());
    }

    [DoesNotReturn]
    static void Throw(cublasStatus_t status, string call)
    {
        bool ran = status is cublasStatus_t.CUBLAS_STATUS_EXECUTION_FAILED or cublasStatus_t.CUBLAS_STATUS_INTERNAL_ERROR;
        throw new CudaException(
            Utf8(CuBlas.cublasGetStatusName(status)), (int)status, OneLine(call), Utf8(CuBlas.cublasGetStatusString(status)), ran && IsContextLost());
    }

    [DoesNotReturn]
    static void Throw(cudnnStatus_t status, string call)
    {
        // The text belongs to this thread and is cleared by reading.
        byte* text = stackalloc byte[MostText];
        text[0] = 0;
        CuDnn.cudnnGetLastErrorString(text, MostText);
        bool ran = status >= cudnnStatus_t.CUDNN_STATUS_INTERNAL_ERROR;
        throw new CudaException(Utf8(CuDnn.cudnnGetErrorString(status)), (int)status, OneLine(call), Utf8(text), ran && IsContextLost());
    }

    // The libraries say only that something did not run; the driver knows whether anything will again. In a capture nothing
    // has run, and asking would spoil it.
    static bool IsContextLost() => !StreamCapture.IsUnderWay && CudaDriver.cuCtxSynchronize().IsSticky();

    static string Utf8(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    static string OneLine(string call) => Spaces().Replace(call, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
