using System.Globalization;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>The rectangle of a photo that is used, in its pixels.</summary>
internal sealed record FaceCrop(int Top, int Left, int Height, int Width)
{
    /// <summary>Reads T,L,H,W.</summary>
    public static FaceCrop? Read(SourceText text)
    {
        if (text.Text("crop") is not { } value) return null;
        int[] numbers = [.. value.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return numbers.Length == 4 && numbers[0] >= 0 && numbers[1] >= 0 && numbers[2] > 0 && numbers[3] > 0
            ? new FaceCrop(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw text.Error($"crop={value} is not TOP,LEFT,HEIGHT,WIDTH in pixels");
    }

    /// <summary>The part of a picture, or its central square.</summary>
    /// <exception cref="DataFormatException">The rectangle reaches over the picture's border.</exception>
    public static Picture Apply(FaceCrop? crop, Picture picture, string path)
    {
        int side = Math.Min(picture.Width, picture.Height);
        if (crop is null) return picture.Crop((picture.Width - side) / 2, (picture.Height - side) / 2, side, side);
        if (crop.Width > picture.Width - crop.Left || crop.Height > picture.Height - crop.Top)
            throw new DataFormatException(path, $"the crop of {crop.Width}x{crop.Height} at ({crop.Left}, {crop.Top}) does not lie within its {picture.Width}x{picture.Height} pixels.");
        return picture.Crop(crop.Left, crop.Top, crop.Width, crop.Height);
    }
}
