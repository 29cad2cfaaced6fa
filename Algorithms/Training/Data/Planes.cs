using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Between the planes of a sample and the interleaved channels of a picture.</summary>
internal static class Planes
{
    /// <summary>Takes a picture apart.</summary>
    /// <param name="picture">Channels interleaved.</param>
    /// <param name="planes">Receives channel after channel.</param>
    public static void Write(Picture picture, Span<byte> planes)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels;
        int channels = picture.Channels, plane = picture.Width * picture.Height;
        for (int c = 0; c < channels; c++)
        {
            Span<byte> to = planes.Slice(c * plane, plane);
            for (int i = 0; i < to.Length; i++) to[i] = pixels[i * channels + c];
        }
    }

    /// <summary>A sample as a picture.</summary>
    public static Picture Read(DataSet data, int index)
    {
        Shape shape = data.SampleShape;
        int plane = shape.H * shape.W;
        var planes = new byte[shape.C * plane];
        data.Read(index, planes);
        if (shape.C == 1) return new Picture(shape.W, shape.H, 1, planes);
        var pixels = new byte[planes.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = planes[i % shape.C * plane + i / shape.C];
        return new Picture(shape.W, shape.H, shape.C, pixels);
    }
}
