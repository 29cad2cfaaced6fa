using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>An image descriptor that is inverted: its name, and its network for a picture's size.</summary>
/// <param name="Name">Its name in the paper.</param>
/// <param name="Build">Its network for rows and columns.</param>
internal sealed record Descriptor(string Name, Func<int, int, Network> Build)
{
    /// <summary>Pixels along a cell's side.</summary>
    public const int Cell = 8;

    /// <summary>Undirected orientations of HOG.</summary>
    public const int Orientations = 9;

    /// <summary>HOG with hard binning.</summary>
    public static Descriptor Hog { get; } = new("HOG", (h, w) => Descriptors.Hog(h, w, Cell, new HogOptions { Binning = BinningKind.Hard, Orientations = Orientations }));

    /// <summary>HOG with bilinear binning.</summary>
    public static Descriptor HogBilinear { get; } = new("HOGb", (h, w) => Descriptors.Hog(h, w, Cell, new HogOptions { Binning = BinningKind.Bilinear, Orientations = Orientations }));

    /// <summary>HOG binned by rectifiers alone.</summary>
    public static Descriptor HogRectified { get; } = new("HOG by ReLU", (h, w) => Descriptors.Hog(h, w, Cell, new HogOptions { Binning = BinningKind.Rectified, Orientations = Orientations }));

    /// <summary>Dense SIFT.</summary>
    public static Descriptor Sift { get; } = new("DSIFT", (h, w) => Descriptors.DenseSift(h, w, Cell));
}

/// <summary>One inversion of a descriptor of a photo, grey, at the photo's own size (spec 6.5).</summary>
internal sealed record DescriptorTrial(Laboratory Laboratory, Descriptor Descriptor, Photo Photo, double C)
{
    /// <summary>The unit's key.</summary>
    public string Key => ExperimentUnit.KeyOf(Descriptor.Name, Photo.Name, string.Create(CultureInfo.InvariantCulture, $"C{C}"));

    /// <summary>The unit of work.</summary>
    public ExperimentUnit Unit()
    {
        PreImageOptions options = Protocol.Seeded(PreImageOptions.PaperDescriptor(C), Laboratory.Options);
        var settings = new Dictionary<string, string> { ["model"] = Descriptor.Name, ["picture"] = Photo.Hash, ["options"] = Protocol.Text(options) };
        return new ExperimentUnit(Key, settings, watch =>
        {
            Picture grey = Grey(Photo.Picture);
            using Network network = Descriptor.Build(grey.Height, grey.Width);
            using Engine engine = network.On(Laboratory.Options.Device);
            Tensor<float> input = Tensor.Create(Array.ConvertAll(grey.Pixels.ToArray(), v => (float)v), [1, 1, grey.Height, grey.Width]);
            PreImageResult result = Protocol.Whole(new Inversion(engine).Invert(
                input, PixelScale.Raw with { Order = ChannelOrder.Grey }, network.Output.Name, options, Protocol.Progress(watch), watch.Cancellation), watch);
            return Protocol.Keep(result);
        });
    }

    /// <summary>A picture in grey as MATLAB's rgb2gray has it, rounded to bytes.</summary>
    public static Picture Grey(Picture picture)
    {
        if (picture.Channels == 1)
            return picture;
        var grey = new byte[picture.Width * picture.Height];
        for (int i = 0; i < grey.Length; i++)
        {
            ReadOnlySpan<byte> p = picture.Pixels.Slice(3 * i, 3);
            grey[i] = (byte)Math.Round(0.2989 * p[0] + 0.5870 * p[1] + 0.1140 * p[2], MidpointRounding.AwayFromZero);
        }

        return new Picture(picture.Width, picture.Height, 1, grey);
    }
}
