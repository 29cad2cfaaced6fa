using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Imaging;

/// <summary>How a picture becomes a network's input; nothing else is done to it.</summary>
/// <remarks>
/// In this order: to grey or RGB, resize, centre crop, channel order, then per sample v = 0..255 the value
/// (v * <see cref="Scale"/> - mean) / std, computed in double and rounded once to float32.
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed partial record Preprocessing
{
    /// <summary>The name under which the settings are known.</summary>
    public string Name { get; init; } = "custom";

    /// <summary>The size before the crop.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.ToNetwork;

    /// <summary>The interpolation of the resize.</summary>
    public ResamplingFilter Filter { get; init; } = ResamplingFilter.Bilinear;

    /// <summary>Whose resize arithmetic.</summary>
    public ResizeConvention Convention { get; init; } = ResizeConvention.Pillow;

    /// <summary>The centred part that is kept.</summary>
    public CropRule Crop { get; init; } = CropRule.None;

    /// <summary>The order of the network's channels.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>What samples of 0..255 are multiplied with.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Subtracted after scaling: one value per channel in the network's order, or one for all.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    /// <summary>Divided by at last: one value per channel in the network's order, or one for all.</summary>
    public IReadOnlyList<double> Std { get; init; } = [1];

    /// <summary>Prepares a picture for an input of 1 x channels x height x width.</summary>
    /// <param name="picture">The picture, of any size and kind.</param>
    /// <param name="channels">The network's input channels, 1 or 3.</param>
    /// <param name="height">The network's input rows.</param>
    /// <param name="width">The network's input columns.</param>
    /// <param name="source">What the result calls the picture, such as its file name.</param>
    /// <exception cref="ArgumentException">The settings do not give that shape; the message says which one does not.</exception>
    public PreparedInput Apply(Picture picture, int channels, int height, int width, string source = "picture")
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (1 or 3))
            throw new ArgumentException($"Pictures feed networks of 1 or 3 input channels, not {channels}.", nameof(channels));
        Validate(channels);

        var shown = Order == ChannelOrder.Grey || channels == 1 ? picture.ToGrey() : picture.ToRgb();
        var (resizedWidth, resizedHeight) = Resize.SizeOf(shown, width, height);
        shown = Crop.ApplyTo(shown.Resize(resizedWidth, resizedHeight, Filter, Convention), width, height);
        if (shown.Width != width || shown.Height != height)
        {
            throw new ArgumentException($"Resize {Resize} and crop {Crop} make {shown.Width}x{shown.Height} of a {picture}, " +
                $"the network takes {width}x{height}; set Resize or Crop to 'network'.");
        }
        var values = new float[channels * height * width];
        for (int channel = 0; channel < channels; channel++)
            Fill(values.AsSpan(channel * height * width, height * width), shown, channel);
        return new PreparedInput(Tensor.Create(values, [1, channels, height, width]), this, shown, source);
    }

    void Fill(Span<float> plane, Picture shown, int channel)
    {
        // Only 256 different samples exist.
        Span<float> values = stackalloc float[256];
        double mean = Of(Mean, channel), std = Of(Std, channel);
        for (int sample = 0; sample < 256; sample++) values[sample] = (float)((sample * Scale - mean) / std);

        int step = shown.Channels, offset = step == 1 ? 0 : Order == ChannelOrder.Bgr ? 2 - channel : channel;
        var pixels = shown.Pixels;
        for (int i = 0; i < plane.Length; i++) plane[i] = values[pixels[i * step + offset]];
    }

    static double Of(IReadOnlyList<double> perChannel, int channel) => perChannel[perChannel.Count == 1 ? 0 : channel];

    void Validate(int? channels = null)
    {
        foreach (var (name, list) in new[] { (nameof(Mean), Mean), (nameof(Std), Std) })
        {
            if (list.Count != 1 && list.Count != (channels ?? 3))
                throw new ArgumentException($"{Name}: {name} has {list.Count} values, {(channels ?? 3) switch { 1 => "a network of one channel needs 1", var many => $"a network of {many} channels needs 1 or {many}" }}.");
            if (!list.All(double.IsFinite)) throw new ArgumentException($"{Name}: {name} has a value that is not finite.");
        }
        if (Std.Contains(0)) throw new ArgumentException($"{Name}: Std has a zero.");
        if (!double.IsFinite(Scale) || Scale == 0) throw new ArgumentException($"{Name}: Scale is {Scale}.");
    }
}
