using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Extents of float32 filters, dense: k of them over c channels of a group, r rows and s columns.</summary>
internal sealed unsafe class FilterDescriptor : DnnDescriptor
{
    public FilterDescriptor(int k, int c, int r, int s)
    {
        nint native;
        cudnnCreateFilterDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetFilter4dDescriptor(native, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, k, c, r, s), $"cudnnSetFilter4dDescriptor({k}, {c}, {r}, {s})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyFilterDescriptor(handle);
}
