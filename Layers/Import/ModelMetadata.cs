using Preimage.Layers.Weights;

namespace Preimage.Layers.Import;

/// <summary>What a model file says beside its network; empty where it says nothing.</summary>
public sealed record ModelMetadata
{
    /// <summary>The names of the classes by index (of ImageNet: WordNet ids), or none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The classes in words by index, or none.</summary>
    public IReadOnlyList<string> ClassDescriptions { get; init; } = [];

    /// <summary>What else the file says, by name: the metadata_props of an ONNX file, but for the names of the classes.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>How a picture becomes the input, or null.</summary>
    public InputNormalisation? Normalisation { get; init; }
}

/// <summary>How a picture becomes the input of a network of MatConvNet: samples are RGB, 0 to 255, of which an average is subtracted.</summary>
/// <remarks>Nothing of it is done by the network itself. Source: the field meta.normalization (spec section 2.2).</remarks>
public sealed record InputNormalisation
{
    /// <summary>Channels, rows and columns of the input: 1 x C x H x W.</summary>
    public required Shape InputShape { get; init; }

    /// <summary>The average image C x H x W, or C x 1 x 1 for one value per channel; null where nothing is subtracted.</summary>
    public WeightSource? AverageImage { get; init; }

    /// <summary>The average image's mean per channel, empty where there is none.</summary>
    public IReadOnlyList<double> ChannelMeans { get; init; } = [];

    /// <summary>The interpolation of the resize as the file calls it (bilinear, bicubic), or null.</summary>
    public string? Interpolation { get; init; }

    /// <summary>Whether a resize keeps the ratio of rows to columns; null where the file does not say.</summary>
    public bool? KeepAspect { get; init; }

    /// <summary>Rows and columns cut off in all after the resize, or null.</summary>
    public (double Y, double X)? Border { get; init; }

    /// <summary>The part of the resized picture that is kept, rows and columns from 0 to 1, or null.</summary>
    public (double Y, double X)? CropSize { get; init; }
}
