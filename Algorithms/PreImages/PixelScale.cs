using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>What a network takes a pixel of 0 to 255 as: input = factor * (pixel - centre) + shift, channel by channel in the network's order.</summary>
/// <remarks>Searches keep images as pixel - centre, so that their constants mean the same for every network.</remarks>
public sealed record PixelScale
{
    /// <summary>Pixels as they are: for descriptors.</summary>
    public static PixelScale Raw { get; } = new();

    /// <summary>Input units per pixel unit, not 0: one value per channel, or one for all.</summary>
    public IReadOnlyList<double> Factor { get; init; } = [1];

    /// <summary>The colour that regularisers draw images to, in pixel units: one value per channel, or one for all.</summary>
    public IReadOnlyList<double> Centre { get; init; } = [0];

    /// <summary>What the network takes that colour as: one value per channel, or one for all.</summary>
    public IReadOnlyList<double> Shift { get; init; } = [0];

    /// <summary>The order of the channels, for pictures of the result.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>The scale of prepared pictures: factor = scale / std, and the mean colour, mean / scale, as centre.</summary>
    /// <param name="preprocessing">How pictures become inputs.</param>
    /// <param name="centre">The centre of all channels; null for the mean colour, or 127.5 where the settings subtract no mean. Descriptors want 0.</param>
    public static PixelScale Of(Preprocessing preprocessing, double? centre = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        int channels = Math.Max(preprocessing.Mean.Count, preprocessing.Std.Count);
        bool hasMean = preprocessing.Mean.Any(m => m != 0);
        var (factors, centres, shifts) = (new double[channels], new double[channels], new double[channels]);
        for (int c = 0; c < channels; c++)
        {
            double mean = At(preprocessing.Mean, c), std = At(preprocessing.Std, c);
            factors[c] = preprocessing.Scale / std;
            centres[c] = centre ?? (hasMean ? mean / preprocessing.Scale : 127.5);
            // Written so that a centre at the mean gives 0 and no rounding error.
            shifts[c] = centre is null && hasMean ? 0 : (centres[c] * preprocessing.Scale - mean) / std;
        }

        return new PixelScale { Factor = factors, Centre = centres, Shift = shifts, Order = preprocessing.Order };
    }

    /// <summary>The values of a list, one for each channel.</summary>
    internal static double[] Spread(IReadOnlyList<double> list, string name, int channels) => list.Count == 1 || list.Count == channels
        ? [.. Enumerable.Range(0, channels).Select(c => At(list, c))]
        : throw new PreimageException($"PixelScale.{name} has {list.Count} values, a network of {channels} input channels needs 1 or {channels}");

    static double At(IReadOnlyList<double> list, int channel) => list[list.Count == 1 ? 0 : channel];
}
