using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>How pictures of a folder are brought to one form: stretched to a square, and grey or colour; null for what the first picture has.</summary>
internal sealed record PictureForm(int? Size, int? Channels)
{
    /// <summary>The largest side that may be asked for.</summary>
    public const int MostSide = 4096;

    public static PictureForm Read(SourceText text)
    {
        int size = text.Number("size", 0, MostSide), colour = text.Choice("colour", "", "grey", "rgb");
        return new PictureForm(size > 0 ? size : null, colour switch { 1 => 1, 2 => 3, _ => null });
    }

    /// <summary>A picture of the kind and size wanted.</summary>
    public static Picture Apply(Picture picture, int width, int height, int channels) =>
        (channels == 1 ? picture.ToGrey() : picture.ToRgb()).Resize(width, height);
}
