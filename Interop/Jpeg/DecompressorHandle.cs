using System.Runtime.InteropServices;
using static Preimage.Native.TurboJpeg.TurboJpeg;

namespace Preimage.Interop.Jpeg;

/// <summary>Owns a tjhandle.</summary>
internal sealed class DecompressorHandle : SafeHandle
{
    public DecompressorHandle()
        : base(0, ownsHandle: true) => SetHandle(tjInitDecompress());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => tjDestroy(handle) == 0;
}
