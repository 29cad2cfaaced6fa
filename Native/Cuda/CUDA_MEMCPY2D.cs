using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>CUDA_MEMCPY2D of cuda.h: 128 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CUDA_MEMCPY2D
{
    public nuint srcXInBytes;
    public nuint srcY;
    public int srcMemoryType;
    public void* srcHost;
    public ulong srcDevice;
    public nint srcArray;
    public nuint srcPitch;
    public nuint dstXInBytes;
    public nuint dstY;
    public int dstMemoryType;
    public void* dstHost;
    public ulong dstDevice;
    public nint dstArray;
    public nuint dstPitch;
    public nuint WidthInBytes;
    public nuint Height;
}
