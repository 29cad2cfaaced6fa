using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

public sealed partial class AttributionResult
{
    /// <summary>Draws one row of the map of the only input, signed, in the colours of a palette.</summary>
    /// <param name="palette">The palette, or null for the diverging one.</param>
    /// <param name="row">The row: n*K + k for target k of sample n.</param>
    public RenderedMap Render(Palette? palette = null, int row = 0) =>
        Render(palette is null ? MapRenderer.Signed : MapRenderer.Signed with { Palette = palette }, row);

    /// <summary>Draws one row of the map of the only input.</summary>
    /// <param name="renderer">How numbers become colours; a picture whose channels the network takes as BGR is turned.</param>
    /// <param name="row">The row: n*K + k for target k of sample n.</param>
    /// <exception cref="PreimageException">The input is no picture, or the row is not there.</exception>
    public RenderedMap Render(MapRenderer renderer, int row = 0)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        if ((uint)row >= (uint)Units.Count)
            throw new PreimageException($"there is no row {row}: the map has rows 0 to {Units.Count - 1}");
        ReadOnlySpan<nint> lengths = Map.Lengths;
        if (lengths.Length != 4)
            throw new PreimageException($"a map of {lengths.Length} axes is no picture: it has no rows and columns");
        if (Preprocessing is { Order: ChannelOrder.Bgr })
            renderer = renderer with { Order = ChannelOrder.Bgr };
        return renderer.Render(Row(row), (int)lengths[1], (int)lengths[2], (int)lengths[3]);
    }
}
