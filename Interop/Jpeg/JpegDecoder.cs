using System.Runtime.InteropServices;
using Preimage.Native;
using static Preimage.Native.TurboJpeg.TurboJpeg;

namespace Preimage.Interop.Jpeg;

/// <summary>Decodes JPEG pictures with the system's libjpeg-turbo (accurate DCT, smooth chroma upsampling, as Pillow does).</summary>
/// <remarks>Owns a native decompressor. One thread at a time; give each thread its own.</remarks>
public sealed unsafe class JpegDecoder : IDisposable
{
    const string Advice =
        "Install it (Debian, Ubuntu: apt-get install libturbojpeg0; Fedora: dnf install turbojpeg; macOS: brew install " +
        "jpeg-turbo; Windows: put turbojpeg.dll beside the program), or name its file in PREIMAGE_TURBOJPEG. PNG and PPM need no library.";

    readonly DecompressorHandle _handle;

    /// <summary>Creates a decompressor.</summary>
    /// <exception cref="NativeLibraryMissingException">libturbojpeg is not here; the message lists what was tried.</exception>
    public JpegDecoder()
    {
        if (!Libraries.TryLoad(Libraries.TurboJpeg, out var attempt))
            throw new NativeLibraryMissingException("libturbojpeg", attempt.Tried, Advice);
        _handle = new DecompressorHandle();
        if (_handle.IsInvalid) throw new JpegException(nameof(tjInitDecompress), ErrorText(0));
    }

    /// <summary>Whether libturbojpeg can be loaded here.</summary>
    public static bool IsAvailable => Libraries.TryLoad(Libraries.TurboJpeg, out _);

    /// <summary>Reads size and kind of a picture without decoding it.</summary>
    /// <exception cref="JpegException">The bytes are no JPEG, or one of a kind not decoded.</exception>
    public JpegHeader ReadHeader(ReadOnlySpan<byte> jpeg)
    {
        int width, height, subsampling, colours;
        bool added = false;
        try
        {
            nint native = Borrow(ref added);
            fixed (byte* bytes = jpeg)
            {
                int status = tjDecompressHeader3(
                    native, bytes, new CULong((uint)jpeg.Length), &width, &height, &subsampling, &colours);
                if (status != 0 && tjGetErrorCode(native) != TJERR_WARNING)
                    throw new JpegException(nameof(tjDecompressHeader3), ErrorText(native));
            }
        }
        finally
        {
            if (added) _handle.DangerousRelease();
        }
        if (width < 1 || height < 1)
            throw new JpegException(nameof(tjDecompressHeader3), $"the header gives a size of {width}x{height}");
        return new JpegHeader(width, height, subsampling == TJSAMP_GRAY, colours is TJCS_CMYK or TJCS_YCCK);
    }

    /// <summary>Decodes a picture to rows of 8-bit pixels, top row first, without padding.</summary>
    /// <param name="jpeg">The file's bytes.</param>
    /// <param name="header">What <see cref="ReadHeader"/> said of the same bytes.</param>
    /// <param name="pixels">Receives Width * Height * Channels bytes, interleaved: RGB, or cyan, magenta, yellow and black as they are stored, inverted by most programs.</param>
    /// <returns>The library's warning about damaged data, or null; the pixels are then a guess.</returns>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    /// <exception cref="JpegException">The picture cannot be decoded.</exception>
    public string? Decode(ReadOnlySpan<byte> jpeg, JpegHeader header, Span<byte> pixels)
    {
        long needed = (long)header.Width * header.Height * header.Channels;
        if (pixels.Length != needed)
            throw new ArgumentException($"The span has {pixels.Length} bytes, {needed} are needed.", nameof(pixels));
        // The library would scale to the size it is given: a header of other bytes must not pass for these.
        if (ReadHeader(jpeg) != header) throw new ArgumentException("The header belongs to another picture.", nameof(header));
        bool added = false;
        try
        {
            nint native = Borrow(ref added);
            fixed (byte* bytes = jpeg, destination = pixels)
            {
                int status = tjDecompress2(native, bytes, new CULong((uint)jpeg.Length), destination, header.Width,
                    header.Width * header.Channels, header.Height, header.IsGrey ? TJPF_GRAY : header.IsCmyk ? TJPF_CMYK : TJPF_RGB, TJFLAG_ACCURATEDCT);
                if (status == 0) return null;
                string text = ErrorText(native);
                return tjGetErrorCode(native) == TJERR_WARNING ? text : throw new JpegException(nameof(tjDecompress2), text);
            }
        }
        finally
        {
            if (added) _handle.DangerousRelease();
        }
    }

    /// <summary>Frees the native decompressor.</summary>
    public void Dispose() => _handle.Dispose();

    nint Borrow(ref bool added)
    {
        _handle.DangerousAddRef(ref added);
        return _handle.DangerousGetHandle();
    }

    static string ErrorText(nint native) => Marshal.PtrToStringUTF8((nint)tjGetErrorStr2(native)) ?? "unknown error";
}
