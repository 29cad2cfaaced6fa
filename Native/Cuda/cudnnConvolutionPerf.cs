using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>cudnnConvolution{Fwd,BwdData,BwdFilter}AlgoPerf_t, which differ in the kind of <c>algo</c> only: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal struct cudnnConvolutionPerf
{
    public int algo;
    public cudnnStatus_t status;
    public float time;
    public nuint memory;
    public int determinism;
    public int mathType;
}
