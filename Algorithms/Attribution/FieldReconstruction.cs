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
        var part = new float[channels * field.Height * field.Width];
        for (int row = 0; row < channels * field.Height; row++)
        {
            int from = (row / field.Height * height + field.Top + row % field.Height) * width + field.Left;
            result.Row(0).Slice(from, field.Width).CopyTo(part.AsSpan(row * field.Width));
        }

        MapRenderer renderer = MapRenderer.JointRgb with { Order = picture.Preprocessing.Order, MinimumWidth = 1 };
        return new FieldReconstruction(
            picture.Shown.Crop(field.Left, field.Top, field.Width, field.Height), renderer.Render(part, channels, field.Height, field.Width));
    }
}
