using System.Runtime.InteropServices;

namespace Preimage.Native.TurboJpeg;

/// <summary>The part of libjpeg-turbo's TurboJPEG API (2.x, kept by 3.x) that decodes. Load the library first.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int TJPF_RGB = 0;
    public const int TJPF_GRAY = 6;
    public const int TJPF_CMYK = 11;
    public const int TJSAMP_GRAY = 3;
    public const int TJCS_CMYK = 3;
    public const int TJCS_YCCK = 4;
    public const int TJFLAG_ACCURATEDCT = 4096;
    public const int TJERR_WARNING = 0;

    [LibraryImport(Libraries.TurboJpeg)]
    public static partial nint tjInitDecompress();

    // unsigned long: 32 bits on Windows, the pointer's width elsewhere.
    [LibraryImport(Libraries.TurboJpeg)]
    public static partial int tjDecompressHeader3(
        nint handle, byte* jpegBuf, CULong jpegSize, int* width, int* height, int* jpegSubsamp, int* jpegColorspace);

    [LibraryImport(Libraries.TurboJpeg)]
    public static partial int tjDecompress2(
        nint handle, byte* jpegBuf, CULong jpegSize, byte* dstBuf, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Libraries.TurboJpeg)]
    public static partial byte* tjGetErrorStr2(nint handle);

    [LibraryImport(Libraries.TurboJpeg)]
    public static partial int tjGetErrorCode(nint handle);

    [LibraryImport(Libraries.TurboJpeg)]
    public static partial int tjDestroy(nint handle);
}
