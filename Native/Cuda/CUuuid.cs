using System.Runtime.CompilerServices;

namespace Preimage.Native.Cuda;

/// <summary>CUuuid of cuda.h: 16 bytes, most significant first.</summary>
[InlineArray(16)]
internal struct CUuuid
{
    byte _first;
}
