using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>CUgraphExecUpdateResultInfo of cuda.h: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CUgraphExecUpdateResultInfo
{
    public int result;
    public nint errorNode;
    public nint errorFromNode;
}
