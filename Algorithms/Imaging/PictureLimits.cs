namespace Preimage.Algorithms.Imaging;

/// <summary>How large a picture file may be before it is refused.</summary>
public sealed record PictureLimits
{
    /// <summary>100 million pixels, files of 1 GiB.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>The most pixels (width times height).</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>The most bytes a file may have.</summary>
    public long MaxFileBytes { get; init; } = 1L << 30;

    internal void Require(long width, long height, string source)
    {
        if (width < 1 || height < 1) throw new ImageFormatException(source, $"a picture of {width}x{height} has no pixels.");
        // By division, because the product of two hostile numbers may not fit.
        if (height > MaxPixels / width)
        {
            throw new ImageFormatException(source,
                $"{width}x{height} is more than the {MaxPixels} pixels allowed; raise PictureLimits.MaxPixels to read it.");
        }
        if (height > Array.MaxLength / 3 / width)
            throw new ImageFormatException(source, $"{width}x{height} pixels do not fit one array.");
    }
}
