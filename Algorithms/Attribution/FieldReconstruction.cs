using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The part of a picture that one unit sees, beside what DeconvNet says excites the unit there (Zeiler and Fergus 2013, figure 2).</summary>
/// <param name="Patch">The picture's pixels.</param>
/// <param name="Map">The reconstruction, the same part of it.</param>
public sealed record FieldReconstruction(Picture Patch, RenderedMap Map)
{
    /// <summary>Reconstructs one unit: all other units of the node zero, the signal starting at its activation.</summary>
    /// <param name="method">DeconvNet, or another method to compare it with.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="channel">The feature map.</param>
    /// <param name="unit">The unit, from <see cref="TopActivations"/>.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The picture does not fit the network, or there is no such unit.</exception>
    public static FieldReconstruction Of(
        AttributionMethod method, PreparedInput picture, string node, int channel, UnitMaximum unit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(unit);
        var options = new AttributionOptions { Seed = Seed.Activation };
        AttributionResult result = method.Attribute(picture, Target.Neuron(node, channel, unit.Y, unit.X), options, cancellation);
        int channels = (int)result.Map.Lengths[1], height = (int)result.Map.Lengths[2], width = (int)result.Map.Lengths[3];
        InputBox field = unit.Field;
        // A field larger than the picture would be mostly border.
        if (field.Height > height || field.Width > width)
            field = new InputBox(0, 0, height, width);
        MapRenderer renderer = MapRenderer.SignedRgb with { Order = picture.Preprocessing.Order, MinimumWidth = 1 };
        return new FieldReconstruction(
            Cut(picture.Shown, field), renderer.Render(Cut(result.Row(0), channels, height, width, field), channels, field.Height, field.Width));
    }

    /// <summary>The box out of a picture; white where it reaches over the border.</summary>
    static Picture Cut(Picture picture, InputBox box)
    {
        int channels = picture.Channels;
        var pixels = new byte[box.Height * box.Width * channels];
        pixels.AsSpan().Fill(255);
        (int left, int right) = (Math.Max(box.Left, 0), Math.Min(box.Left + box.Width, picture.Width));
        for (int y = Math.Max(box.Top, 0); y < Math.Min(box.Top + box.Height, picture.Height) && left < right; y++)
        {
            picture.Pixels.Slice((y * picture.Width + left) * channels, (right - left) * channels)
                .CopyTo(pixels.AsSpan(((y - box.Top) * box.Width + left - box.Left) * channels));
        }

        return new Picture(box.Width, box.Height, channels, pixels);
    }

    /// <summary>The box out of every channel of a map; zero, no signal, where it reaches over the border.</summary>
    static float[] Cut(ReadOnlySpan<float> map, int channels, int height, int width, InputBox box)
    {
        var part = new float[channels * box.Height * box.Width];
        (int left, int right) = (Math.Max(box.Left, 0), Math.Min(box.Left + box.Width, width));
        for (int c = 0; c < channels; c++)
        {
            for (int y = Math.Max(box.Top, 0); y < Math.Min(box.Top + box.Height, height) && left < right; y++)
            {
                map.Slice((c * height + y) * width + left, right - left)
                    .CopyTo(part.AsSpan((c * box.Height + y - box.Top) * box.Width + left - box.Left));
            }
        }

        return part;
    }
}
