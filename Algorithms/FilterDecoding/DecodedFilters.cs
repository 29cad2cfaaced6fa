using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>Filters of a layer as images, and what is needed to make them again.</summary>
public sealed partial class DecodedFilters
{
    internal DecodedFilters(Tensor<float> filters, string node, IReadOnlyList<int> units, DecodingOptions options, Engine engine)
    {
        (Filters, Node, Units, Options) = (filters, node, units, options);
        Device = engine.Device;
        Precision = engine.Options.Precision;
        Libraries = engine.Libraries;
        Model = engine.Network.Source;
        ModelHash = engine.Network.Hash;
    }

    DecodedFilters(DecodedFilters other, Tensor<float> filters)
    {
        (Filters, Node, Units, Options) = (filters, other.Node, other.Units, other.Options);
        (Device, Precision, Libraries, Model, ModelHash) = (other.Device, other.Precision, other.Libraries, other.Model, other.ModelHash);
    }

    /// <summary>The images: units x channels x rows x columns, as large as the layer's receptive field. Channels are those of the network's input; nothing is scaled.</summary>
    public Tensor<float> Filters { get; }

    /// <summary>The node that was decoded.</summary>
    public string Node { get; }

    /// <summary>The unit of each image.</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>The options.</summary>
    public DecodingOptions Options { get; }

    /// <summary>The device it ran on.</summary>
    public Device Device { get; }

    /// <summary>The arithmetic it ran with.</summary>
    public Precision Precision { get; }

    /// <summary>The native libraries it ran on, with versions and places; none on the processor.</summary>
    public IReadOnlyList<DeviceLibrary> Libraries { get; }

    /// <summary>The model file, or null for a network built in memory.</summary>
    public string? Model { get; }

    /// <summary>SHA-256 of the model file, or empty.</summary>
    public string ModelHash { get; }

    /// <summary>The part of the largest magnitude above which values were kept as signs, where they were: see <see cref="Thresholded"/>.</summary>
    public double? Threshold { get; private init; }

    /// <summary>The node whose values the images are laid over: the network's input, or a constant sum of it such as the picture less a mean.</summary>
    public required string Source { get; init; }

    /// <summary>Channels, rows and columns of an image.</summary>
    public (int Channels, int Height, int Width) Size => ((int)Filters.Lengths[1], (int)Filters.Lengths[2], (int)Filters.Lengths[3]);

    /// <summary>One image: channels x rows x columns values.</summary>
    /// <param name="index">Its place in <see cref="Units"/>.</param>
    /// <exception cref="PreimageException">There is no such image.</exception>
    public ReadOnlySpan<float> Image(int index)
    {
        if ((uint)index >= (uint)Units.Count)
            throw new PreimageException($"there is no image {index}: {Units.Count} filters were decoded, counted from 0");
        int size = (int)(Filters.FlattenedLength / Units.Count);
        return TensorSpans.Dense(Filters).Slice(index * size, size);
    }

    /// <summary>The images on three levels: the sign where the magnitude is above a part of the image's largest, else 0 (spec section 5.5).</summary>
    /// <param name="share">The part, 0 to 1.</param>
    /// <exception cref="PreimageException">The part is out of range.</exception>
    public DecodedFilters Thresholded(double share = 0.5)
    {
        if (!(share is >= 0 and <= 1))
            throw new PreimageException($"a threshold of {share} of the largest magnitude: it must be 0 to 1");
        var levels = new float[Filters.FlattenedLength];
        int size = levels.Length / Units.Count;
        for (int unit = 0; unit < Units.Count; unit++)
        {
            ReadOnlySpan<float> image = Image(unit);
            double least = share * Math.Abs(TensorPrimitives.MaxMagnitude(image));
            for (int i = 0; i < size; i++)
                levels[unit * size + i] = Math.Abs(image[i]) > least ? Math.Sign(image[i]) : 0;
        }

        return new DecodedFilters(this, Tensor.Create(levels, Filters.Lengths)) { Threshold = share, Source = Source };
    }
}
