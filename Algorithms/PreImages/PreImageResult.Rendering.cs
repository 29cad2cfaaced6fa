using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

public sealed partial class PreImageResult
{
    /// <summary>Draws one image as the paper does: from the smallest to the largest of its numbers over all channels, so that absolute brightness is lost.</summary>
    /// <param name="row">The restart, from 0.</param>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public RenderedMap Render(int row = 0) => Render(MapRenderer.JointRgb with { Palette = Palette.Grey, MinimumWidth = 1 }, row);

    /// <summary>Draws one image.</summary>
    /// <param name="renderer">How numbers become colours; channels that the network takes as BGR are turned.</param>
    /// <param name="row">The restart, from 0.</param>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public RenderedMap Render(MapRenderer renderer, int row = 0)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        if (Pixels.Order == ChannelOrder.Bgr)
            renderer = renderer with { Order = ChannelOrder.Bgr };
        ReadOnlySpan<nint> lengths = Images.Lengths;
        return renderer.Render(Row(row), (int)lengths[1], (int)lengths[2], (int)lengths[3]);
    }

    /// <summary>One image as D x H x W values.</summary>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public ReadOnlySpan<float> Row(int row)
    {
        int rows = (int)Images.Lengths[0], size = (int)(Images.FlattenedLength / rows);
        if ((uint)row >= (uint)rows)
            throw new PreimageException($"there is no image {row}: there are 0 to {rows - 1}");
        return Images.GetSpan(new nint[4], (int)Images.FlattenedLength).Slice(row * size, size);
    }
}
