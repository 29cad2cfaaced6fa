using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Backtracking;

/// <summary>What a set of units stands for in an image.</summary>
public sealed class TrackedFeatures
{
    readonly float[] _whole, _without, _image;

    internal TrackedFeatures(UnitSet set, ChannelOrder order, int channels, int height, int width, float[] whole, float[] without, float[] image)
    {
        (Set, Order, Channels, Height, Width) = (set, order, channels, height, width);
        (_whole, _without, _image) = (whole, without, image);
    }

    /// <summary>The units that were set to zero.</summary>
    public UnitSet Set { get; }

    /// <summary>The order of the channels of the reconstructions.</summary>
    public ChannelOrder Order { get; }

    /// <summary>Channels of the reconstructions: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The image reconstructed from all its maps, C x H x W.</summary>
    public ReadOnlySpan<float> Reconstruction => _whole;

    /// <summary>The image reconstructed with the set at zero, C x H x W.</summary>
    public ReadOnlySpan<float> Suppressed => _without;

    /// <summary>The feature image, H x W: how far the grey reconstructions are apart.</summary>
    public ReadOnlySpan<float> Image => _image;
}
