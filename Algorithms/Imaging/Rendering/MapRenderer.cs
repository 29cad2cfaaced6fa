using System.Numerics.Tensors;

namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Draws maps of numbers as pictures; every choice is a property, nothing is scaled in secret.</summary>
public sealed partial record MapRenderer
{
    static readonly string[] s_noSignal = ["all zero:", "no signal"];

    static readonly Colour s_nonFinite = new(255, 0, 255);

    /// <summary>Three channels as RGB, from the smallest to the largest number over all of them together.</summary>
    public static MapRenderer JointRgb { get; } = new()
    {
        Scale = MapScale.JointMinMax, Reduction = ChannelReduction.None, Percentile = 100,
    };

    /// <summary>Three channels as RGB about middle grey for zero, clipped at the 99.8th percentile of magnitude: a few extreme values do not fade the rest.</summary>
    public static MapRenderer SignedRgb { get; } = new() { Reduction = ChannelReduction.None, Percentile = 99.8 };

    /// <summary>The sum over channels, blue below and red above zero, clipped at the 99.5th percentile of magnitude.</summary>
    public static MapRenderer Signed { get; } = new();

    /// <summary>The largest magnitude over channels in grey, clipped at its 99th percentile.</summary>
    public static MapRenderer Magnitude { get; } = new()
    {
        Scale = MapScale.Magnitude, Reduction = ChannelReduction.MaxAbs, Percentile = 99, Palette = Palette.Grey,
    };

    /// <summary>As <see cref="Magnitude"/> in the colours of heat, which also show on a picture.</summary>
    public static MapRenderer HeatMap { get; } = Magnitude with { Palette = Palette.Heat };

    /// <summary>How numbers become positions in the palette.</summary>
    public MapScale Scale { get; init; } = MapScale.Signed;

    /// <summary>How channels become one number; <see cref="ChannelReduction.None"/> with 3 channels draws RGB.</summary>
    public ChannelReduction Reduction { get; init; } = ChannelReduction.Sum;

    /// <summary>The percentile, 50 to 100, at which the range ends; further numbers are clipped and counted.</summary>
    public double Percentile { get; init; } = 99.5;

    /// <summary>A range to use instead of one from the map, so that several maps can be compared.</summary>
    public DisplayRange? FixedRange { get; init; }

    /// <summary>The colours of one number per pixel.</summary>
    public Palette Palette { get; init; } = Palette.Diverging;

    /// <summary>What the first and last of three channels are when drawn as colours.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>Smaller maps are enlarged by a whole factor to be at least that wide, in pixels.</summary>
    public int MinimumWidth { get; init; } = 224;

    /// <summary>Draws a map of channels x height x width.</summary>
    /// <exception cref="ArgumentException">The span has another length, or the settings do not go with the channels.</exception>
    public RenderedMap Render(ReadOnlySpan<float> map, int channels, int height, int width)
    {
        var values = Reduce(map, channels, height, width);
        var range = FixedRange ?? values.RangeOf(Scale, Percentile);
        var canvas = new Canvas(width, height, Colour.White);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) canvas.Set(x, y, ColourOf(values, range, y * width + x));
        var picture = canvas.ToPicture().AtLeast(MinimumWidth);
        return Finish(values.AllZero ? Captioned(picture) : picture, values, range);
    }

    /// <summary>Draws a tensor whose last three extents are channels, height and width; those before must be 1.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape, or the settings do not go with the channels.</exception>
    public RenderedMap Render(in ReadOnlyTensorSpan<float> map)
    {
        var (values, channels, height, width) = Flatten(map);
        return Render(values, channels, height, width);
    }

    static (float[] Values, int Channels, int Height, int Width) Flatten(in ReadOnlyTensorSpan<float> map)
    {
        var lengths = map.Lengths;
        if (lengths.Length < 2 || (lengths.Length > 3 && lengths[..^3].ContainsAnyExcept((nint)1)))
        {
            throw new ArgumentException(
                $"A map of shape ({string.Join(", ", lengths.ToArray())}) is not one map; pass channels x height x width.", nameof(map));
        }
        var values = new float[map.FlattenedLength];
        map.FlattenTo(values);
        return (values, lengths.Length > 2 ? (int)lengths[^3] : 1, (int)lengths[^2], (int)lengths[^1]);
    }

    MapValues Reduce(ReadOnlySpan<float> map, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (map.Length != (long)channels * height * width)
            throw new ArgumentException($"{map.Length} values are not {channels}x{height}x{width}.", nameof(map));
        if (!(Percentile is >= 50 and <= 100)) throw new ArgumentException($"Percentile is {Percentile}, not 50 to 100.");
        if (FixedRange is { } range && !(range.High > range.Low)) throw new ArgumentException($"The range {range} is empty.");
        if (Reduction == ChannelReduction.None && channels is not (1 or 3))
            throw new ArgumentException($"{channels} channels are no colours; set Reduction to Sum, MaxAbs or SumAbs.");
        return new MapValues(map, channels, height, width, Reduction, Scale);
    }

    Colour ColourOf(MapValues values, DisplayRange range, int pixel)
    {
        int plane = values.Width * values.Height;
        if (values.Planes == 1)
        {
            double value = values.Values[pixel];
            if (!double.IsFinite(value)) return s_nonFinite;
            // Between extremes there is no zero to mark, so that a diverging palette would mislead.
            var palette = Scale == MapScale.JointMinMax && Palette.IsDiverging ? Palette.Grey : Palette;
            return palette.At(PositionOf(range, value));
        }
        Span<byte> rgb = stackalloc byte[3];
        for (int c = 0; c < 3; c++)
        {
            double value = values.Values[c * plane + pixel];
            if (!double.IsFinite(value)) return s_nonFinite;
            rgb[Order == ChannelOrder.Bgr ? 2 - c : c] = (byte)Math.Round(255 * PositionOf(range, value));
        }
        return new Colour(rgb[0], rgb[1], rgb[2]);
    }

    static RenderedMap Finish(Picture picture, MapValues values, DisplayRange range)
    {
        var result = new RenderedMap(picture, range, values.FractionOutside(range), values.NonFinite, values.AllZero);
        return result with { Picture = picture.WithText([new("Display", result.ToString())]) };
    }

    // An empty range is one number throughout: the middle, or nothing where magnitudes are all zero.
    double PositionOf(DisplayRange range, double value) =>
        range.High > range.Low ? range.Position(value) : Scale == MapScale.Magnitude ? 0 : 0.5;

    static Picture Captioned(Picture picture)
    {
        const int Pad = 4;
        int widest = s_noSignal.Max(line => PixelFont.Measure(line, 1)), high = s_noSignal.Length * PixelFont.Height;
        int scale = Math.Min(3, Math.Min(picture.Width / (widest + 2 * Pad), picture.Height / (high + 2 * Pad)));
        // Too small for letters: the flag in the result has to do.
        if (scale < 1) return picture;
        int width = (widest + 2 * Pad) * scale, height = (high + 2 * Pad) * scale;
        int left = (picture.Width - width) / 2, top = (picture.Height - height) / 2;
        var canvas = new Canvas(picture.Width, picture.Height, Colour.White);
        canvas.Draw(picture, 0, 0);
        canvas.Fill(left, top, width, height, Colour.White);
        for (int i = 0; i < s_noSignal.Length; i++)
            canvas.Text(s_noSignal[i], left + Pad * scale, top + (Pad + i * PixelFont.Height) * scale, scale, Colour.Ink);
        return canvas.ToPicture();
    }
}
