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
    public RenderedMap Render(int row = 0) => Render(Natural, row);

    /// <summary>Draws one image.</summary>
    /// <param name="renderer">How numbers become colours; channels that the network takes as BGR are turned.</param>
    /// <param name="row">The restart, from 0.</param>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public RenderedMap Render(MapRenderer renderer, int row = 0)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        return Draw(renderer, Images, row);
    }

    /// <summary>Draws an image on its way as <see cref="Render(int)"/> does.</summary>
    /// <param name="frame">One of <see cref="Frames"/>.</param>
    /// <param name="row">The image of that frame, from 0.</param>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public RenderedMap Render(PreImageFrame frame, int row = 0)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Draw(Natural, frame.Images, row);
    }

    /// <summary>One image as D x H x W values.</summary>
    /// <exception cref="PreimageException">There is no such row.</exception>
    public ReadOnlySpan<float> Row(int row) => RowOf(Images, row);

    static MapRenderer Natural => MapRenderer.JointRgb with { Palette = Palette.Grey, MinimumWidth = 1 };

    RenderedMap Draw(MapRenderer renderer, Tensor<float> images, int row)
    {
        if (Pixels.Order == ChannelOrder.Bgr)
            renderer = renderer with { Order = ChannelOrder.Bgr };
        ReadOnlySpan<nint> lengths = images.Lengths;
        return renderer.Render(RowOf(images, row), (int)lengths[1], (int)lengths[2], (int)lengths[3]);
    }

    static ReadOnlySpan<float> RowOf(Tensor<float> images, int row)
    {
        int rows = (int)images.Lengths[0], size = (int)(images.FlattenedLength / rows);
        if ((uint)row >= (uint)rows)
            throw new PreimageException($"there is no image {row}: there are 0 to {rows - 1}");
        return TensorSpans.Dense(images).Slice(row * size, size);
    }
}
