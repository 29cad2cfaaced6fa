using Preimage.Layers;
using Preimage.Layers.Import;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Imaging;

public sealed partial record Preprocessing
{
    /// <summary>The name of the entry of a model file that holds settings as JSON (ONNX: metadata_props).</summary>
    internal const string Property = "preimage.preprocessing";

    /// <summary>What a model's own file says about its input, as MatConvNet's do, and ONNX files of <see cref="Training.Trainer"/>; null where it says nothing.</summary>
    /// <exception cref="System.Text.Json.JsonException">The file holds settings that are none.</exception>
    /// <remarks>
    /// Of MatConvNet: RGB (or grey) of 0 to 255 less the mean colour, resized as MATLAB does: to the input's size whatever the aspect, or, where the file keeps the
    /// aspect, by the shorter side and a centred crop; a border is resized to and cut off. An average image counts by its mean per channel, as Mahendran and
    /// Vedaldi use it (reference specification, section 2.3).
    /// </remarks>
    public static Preprocessing? OfModel(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Metadata.Properties.TryGetValue(Property, out string? json))
            return FromJson(json, $"the entry '{Property}' of {network.Source ?? "the model"}");
        if (network.Metadata.Normalisation is not { } own)
            return null;
        (double borderY, double borderX) = own.Border ?? (0, 0);
        int height = Whole(own.InputShape.H, borderY, own.CropSize?.Y), width = Whole(own.InputShape.W, borderX, own.CropSize?.X);
        bool crops = own.KeepAspect == true || (height, width) != (own.InputShape.H, own.InputShape.W);
        return new Preprocessing
        {
            Name = "the model's own",
            Resize = own.KeepAspect == true ? ResizeRule.ShortSide(Math.Max(height, width)) : crops ? ResizeRule.Exact(width, height) : ResizeRule.ToNetwork,
            Crop = crops ? CropRule.ToNetwork : CropRule.None,
            Filter = own.Interpolation switch { "bicubic" => ResamplingFilter.Bicubic, "nearest" => ResamplingFilter.Nearest, _ => ResamplingFilter.Bilinear },
            Convention = ResizeConvention.Matlab,
            Order = own.InputShape.C == 1 ? ChannelOrder.Grey : ChannelOrder.Rgb,
            Mean = own.ChannelMeans.Count > 0 ? own.ChannelMeans : [0],
        };
    }

    /// <summary>The extent before a border is cut off, or a part kept.</summary>
    static int Whole(int kept, double border, double? part) =>
        part is > 0 and < 1 ? (int)Math.Round(kept / part.Value) : kept + (int)Math.Round(border);
}
