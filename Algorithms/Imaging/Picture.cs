using System.Collections.ObjectModel;

namespace Preimage.Algorithms.Imaging;

/// <summary>An immutable picture of 8-bit grey or RGB pixels.</summary>
/// <remarks>
/// Decoding reduces every file to this: transparency is composited on white, 16-bit samples are rounded to 8 bits, palettes
/// are looked up, inks become RGB, photographs stand upright as their Exif orientation says; gamma and colour profiles are not
/// applied. Safe to share between threads.
/// </remarks>
public sealed partial class Picture
{
    readonly byte[] _pixels;

    /// <summary>Copies pixels into a picture.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for RGB.</param>
    /// <param name="pixels">height * width * channels bytes: top row first, channels interleaved.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public Picture(int width, int height, int channels, ReadOnlySpan<byte> pixels)
        : this(width, height, channels, pixels.ToArray(), ReadOnlyDictionary<string, string>.Empty)
    {
    }

    // Takes the array over: whoever made it must not write to it any more.
    internal Picture(int width, int height, int channels, byte[] pixels, IReadOnlyDictionary<string, string>? text = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3)) throw new ArgumentException($"A picture has 1 or 3 channels, not {channels}.", nameof(channels));
        if (pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"{width}x{height} pixels of {channels} channels are {(long)width * height * channels} bytes, not {pixels.Length}.",
                nameof(pixels));
        }
        (Width, Height, Channels, _pixels) = (width, height, channels, pixels);
        Text = text ?? ReadOnlyDictionary<string, string>.Empty;
    }

    /// <summary>Columns of pixels.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; }

    /// <summary>The pixels: top row first, channels interleaved, no padding.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Remarks that travel with the picture in PNG text chunks, such as the settings it was made with.</summary>
    public IReadOnlyDictionary<string, string> Text { get; }

    /// <summary>The sample of one pixel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the picture.</exception>
    public byte this[int x, int y, int channel]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)Channels, nameof(channel));
            return _pixels[((long)y * Width + x) * Channels + channel];
        }
    }

    /// <summary>The same pixels with other remarks.</summary>
    public Picture WithText(IEnumerable<KeyValuePair<string, string>> text) =>
        new(Width, Height, Channels, _pixels, new Dictionary<string, string>(text));

    /// <summary>A part of the picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches over the border.</exception>
    public Picture Crop(int left, int top, int width, int height)
    {
        if (left < 0 || top < 0 || width < 1 || height < 1 || width > Width - left || height > Height - top)
        {
            throw new ArgumentOutOfRangeException(nameof(width),
                $"A part of {width}x{height} at ({left}, {top}) does not lie within {Width}x{Height}.");
        }
        var part = new byte[width * height * Channels];
        for (int y = 0; y < height; y++)
            Pixels.Slice(((top + y) * Width + left) * Channels, width * Channels).CopyTo(part.AsSpan(y * width * Channels));
        return new Picture(width, height, Channels, part, Text);
    }

    /// <summary>The picture in grey: 0.299 R + 0.587 G + 0.114 B in Pillow's fixed-point arithmetic; itself when grey.</summary>
    public Picture ToGrey()
    {
        if (Channels == 1) return this;
        var grey = new byte[Width * Height];
        for (int i = 0; i < grey.Length; i++)
        {
            var pixel = Pixels.Slice(3 * i, 3);
            // The weights times 65536, rounded; they add up to 65536.
            grey[i] = (byte)((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 32768) >> 16);
        }
        return new Picture(Width, Height, 1, grey, Text);
    }

    /// <summary>The picture with three channels: grey is replicated; itself when RGB.</summary>
    public Picture ToRgb()
    {
        if (Channels == 3) return this;
        var rgb = new byte[Width * Height * 3];
        for (int i = 0; i < _pixels.Length; i++) rgb.AsSpan(3 * i, 3).Fill(_pixels[i]);
        return new Picture(Width, Height, 3, rgb, Text);
    }

    /// <summary>Size and kind, for messages.</summary>
    public override string ToString() => $"{Width}x{Height} {(Channels == 1 ? "grey" : "RGB")}";
}
