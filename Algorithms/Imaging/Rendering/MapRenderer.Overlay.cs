using System.Numerics.Tensors;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Imaging.Rendering;

public sealed partial record MapRenderer
{
    // Of the background's contrast; full black and white would compete with the map's colours.
    const double BackgroundContrast = 0.8;

    /// <summary>Draws a map over a picture: the stronger the number, the more its colour covers the picture's grey.</summary>
    /// <remarks>A map of another size than the picture is interpolated bilinearly to the picture's size.</remarks>
    /// <param name="map">channels * height * width values.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="height">The map's rows.</param>
    /// <param name="width">The map's columns.</param>
    /// <param name="background">What the network saw (<see cref="PreparedInput.Shown"/>).</param>
    /// <param name="opacity">How much the strongest number covers, 0 to 1.</param>
    /// <exception cref="ArgumentException">The settings draw several channels, or the span has another length.</exception>
    public RenderedMap Overlay(ReadOnlySpan<float> map, int channels, int height, int width, Picture background, double opacity = 0.85)
    {
        ArgumentNullException.ThrowIfNull(background);
        if (!(opacity is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "must be 0 to 1");
        if (Scale == MapScale.JointMinMax)
            throw new ArgumentException("A joint min-max map has no strength to blend by; set Scale to Signed or Magnitude.");
        var values = Reduce(map, channels, height, width);
        if (values.Planes != 1) throw new ArgumentException("An overlay shows one number per pixel; set Reduction to Sum, MaxAbs or SumAbs.");
        var range = FixedRange ?? values.RangeOf(Scale, Percentile);

        float[] positions = Interpolated(Array.ConvertAll(values.Values, value => Position(value, range)), values, background);
        double zero = Scale == MapScale.Signed ? 0.5 : 0;
        var grey = background.ToGrey();
        var canvas = new Canvas(grey.Width, grey.Height, Colour.White);
        for (int i = 0; i < positions.Length; i++)
        {
            double cover = opacity * Math.Clamp(Math.Abs(positions[i] - zero) / (1 - zero), 0, 1);
            double back = 255 * (1 - BackgroundContrast) + BackgroundContrast * grey.Pixels[i];
            var colour = Palette.At(positions[i]);
            canvas.Set(i % grey.Width, i / grey.Width,
                new Colour(Blend(back, colour.R, cover), Blend(back, colour.G, cover), Blend(back, colour.B, cover)));
        }
        var picture = canvas.ToPicture().AtLeast(MinimumWidth);
        return Finish(values.AllZero ? Captioned(picture) : picture, values, range);
    }

    /// <summary>Draws a tensor whose last three extents are channels, height and width over a picture.</summary>
    /// <inheritdoc cref="Overlay(ReadOnlySpan{float}, int, int, int, Picture, double)"/>
    public RenderedMap Overlay(in ReadOnlyTensorSpan<float> map, Picture background, double opacity = 0.85)
    {
        var (values, channels, height, width) = Flatten(map);
        return Overlay(values, channels, height, width, background, opacity);
    }

    // What is not a number covers nothing; it is counted in the result.
    float Position(double value, DisplayRange range) =>
        double.IsFinite(value) ? (float)PositionOf(range, value) : Scale == MapScale.Signed ? 0.5f : 0;

    static float[] Interpolated(float[] positions, MapValues values, Picture target)
    {
        if (values.Width == target.Width && values.Height == target.Height) return positions;
        var columns = new float[values.Height * target.Width];
        ResamplingTable.Pil(ResamplingFilter.Bilinear, values.Width, target.Width).Apply(positions, columns, values.Height);
        var both = new float[target.Height * target.Width];
        ResamplingTable.Pil(ResamplingFilter.Bilinear, values.Height, target.Height).Apply(columns, both, 1, target.Width);
        return both;
    }

    static byte Blend(double back, byte front, double cover) => (byte)Math.Round(back + (front - back) * cover);
}
