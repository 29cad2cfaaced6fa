using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuBlas;

namespace Preimage.Interop.Cuda;

/// <summary>Which arithmetic products may use.</summary>
internal enum BlasMath
{
    /// <summary>float32 throughout; the fastest algorithm of that kind.</summary>
    Default = CUBLAS_DEFAULT_MATH,

    /// <summary>float32 in the plainest way cuBLAS knows.</summary>
    Pedantic = CUBLAS_PEDANTIC_MATH,

    /// <summary>Factors rounded to TF32: 10 bits of fraction.</summary>
    Tf32 = CUBLAS_TF32_TENSOR_OP_MATH,
}

/// <summary>cuBLAS on one stream, with a workspace of its own: same bits on every run, and it may be captured. One thread at a time.</summary>
internal sealed unsafe partial class BlasHandle : ContextChild
{
    readonly DeviceMemory _workspace;

    /// <summary>Creates a handle on a stream.</summary>
    /// <param name="stream">In whose order it works.</param>
    /// <param name="workspaceBytes">Its workspace; 0 takes what cuBLAS' manual asks for: 32 MiB from compute 9.0 on, 4 MiB before.</param>
    /// <exception cref="NativeLibraryMissingException">cuBLAS is not here; the message lists every place tried.</exception>
    public BlasHandle(CudaStream stream, long workspaceBytes = 0)
        : base(stream.Context)
    {
        CudaLibraries.RequireBlas();
        using var current = Context.MakeCurrent();
        nint native;
        cublasCreate_v2(&native).ThrowIfFailed();
        Attach(native, owned: true, Context);
        try
        {
            _workspace = new DeviceMemory(Context, workspaceBytes > 0 ? workspaceBytes : Context.Device.ComputeCapability.Major >= 9 ? 32L << 20 : 4L << 20);
            cublasSetPointerMode_v2(native, CUBLAS_POINTER_MODE_HOST).ThrowIfFailed();
            cublasSetAtomicsMode(native, CUBLAS_ATOMICS_NOT_ALLOWED).ThrowIfFailed();
            Stream = stream;
            SetStream(stream);
        }
        catch
        {
            _workspace?.Dispose();
            Dispose();
            throw;
        }
    }

    /// <summary>In whose order it works.</summary>
    public CudaStream Stream { get; private set; }

    /// <summary>Which arithmetic products may use from now on.</summary>
    public BlasMath Math
    {
        get;
        set
        {
            using var current = Context.MakeCurrent();
            cublasSetMathMode(Handle, (int)value).ThrowIfFailed();
            field = value;
        }
    }

    /// <summary>Goes over to another stream of the context.</summary>
    public void SetStream(CudaStream stream)
    {
        using var current = Context.MakeCurrent();
        // In this order: setting the stream takes the workspace away.
        cublasSetStream_v2(Handle, stream.Handle).ThrowIfFailed();
        cublasSetWorkspace_v2(Handle, _workspace.Handle, (nuint)_workspace.Bytes).ThrowIfFailed();
        Stream = stream;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _workspace?.Dispose();
    }

    private protected override CUresult Destroy() =>
        cublasDestroy_v2(handle) == cublasStatus_t.CUBLAS_STATUS_SUCCESS ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_UNKNOWN;
}
