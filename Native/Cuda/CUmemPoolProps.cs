using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>CUmemPoolProps of cuda.h: 88 bytes, the reserved ones zero.</summary>
[StructLayout(LayoutKind.Sequential, Size = 88)]
internal struct CUmemPoolProps
{
    public int allocType;
    public int handleTypes;
    public int locationType;
    public int locationId;
    public nint win32SecurityAttributes;
    public nuint maxSize;
    public ushort usage;
}
