using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Import;
using Preimage.Layers.Resampling;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>The networks that experiments can ask for by name.</summary>
internal static class SubjectCatalogue
{
    /// <summary>SqueezeNet, trained on ImageNet.</summary>
    public const string SqueezeNet = "squeezenet";

    /// <summary>Caffe's full network for CIFAR-10.</summary>
    public const string CifarFull = "cifar10-full";

    /// <summary>Caffe's LeNet, trained on digits.</summary>
    public const string LeNet = "lenet";

    /// <summary>AlexNet with random weights.</summary>
    public const string AlexNet = "alexnet-random";

    /// <summary>The mean colour of the reference implementation's AlexNet, about.</summary>
    static readonly double[] s_imageNetMean = [122.7, 116.7, 104.0];

    /// <summary>Makes a network; one whose weights are not here gets random ones.</summary>
    /// <param name="name">One of the names above.</param>
    /// <param name="data">The reference folder, or null.</param>
    /// <param name="options">Seed and device.</param>
    public static Subject Named(string name, string? data, ReproductionOptions options) => name switch
    {
        SqueezeNet => FromFile(name, data, "models/onnx/squeezenet_v1.0_dc.onnx", Topology.SqueezeNet, _ => Colour(ChannelOrder.Bgr, 104, 117, 123), options),
        CifarFull => FromFile(name, data, "models/caffe_cifar10_full/cifar10_full_iter_70000.caffemodel", seed => Topology.TinyVgg(seed), CifarColours, options),
        LeNet => FromFile(name, data, "models/caffe_lenet_mnist/lenet_iter_10000.caffemodel", Topology.LeNet, _ => Digits, options),
        AlexNet => Random(name, Topology.AlexNet, Colour(ChannelOrder.Rgb, s_imageNetMean), options),
        _ => throw new ArgumentException($"there is no network '{name}'", nameof(name)),
    };

    /// <summary>The owner's network.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="options">How pictures become its input, where that is said.</param>
    public static Subject Owned(string path, ReproductionOptions options)
    {
        Network network = Network.Load(path);
        return new Subject(Path.GetFileNameWithoutExtension(path), network.Hash, true, network, options.Preprocessing ?? Stated(network.Metadata) ?? Guess(network), options.Device)
        {
            Note = options.Preprocessing is null && Stated(network.Metadata) is null ? $"nobody said how pictures become the input of {path}: '{Guess(network).Name}' is a guess" : null,
        };
    }

    /// <summary>Pictures as the paper's program takes them: resized bicubically to the network's size whatever their aspect, less the mean colour.</summary>
    static Preprocessing Colour(ChannelOrder order, params double[] mean) => new()
    {
        Name = "natural pre-images", Filter = ResamplingFilter.Bicubic, Convention = ResizeConvention.Matlab, Order = order, Mean = mean,
    };

    static Preprocessing Digits => Preprocessing.Mnist with { Filter = ResamplingFilter.Bicubic, Convention = ResizeConvention.Matlab };

    /// <summary>The mean image of CIFAR-10, averaged over space as the paper does.</summary>
    static Preprocessing CifarColours(string? data)
    {
        var mean = new float[3 * 32 * 32];
        NpyFile.Load(Path.Combine(data!, "datasets/cifar10/mean_of_train_first4000_chw_rgb.npy")).FlattenTo(mean);
        return Colour(ChannelOrder.Rgb, [.. mean.Chunk(32 * 32).Select(plane => Math.Round(plane.Average(v => (double)v), 3))]);
    }

    static Subject FromFile(string name, string? data, string file, Func<ulong, Network> topology, Func<string?, Preprocessing> preprocessing, ReproductionOptions options)
    {
        string? path = data is null ? null : Path.Combine(data, file);
        if (path is null || !File.Exists(path))
            return Random(name, topology, name == LeNet ? Digits : Colour(ChannelOrder.Rgb, s_imageNetMean), options);
        Network network = Network.Load(path);
        return new Subject(name, network.Hash, true, network, options.Preprocessing ?? preprocessing(data), options.Device);
    }

    static Subject Random(string name, Func<ulong, Network> topology, Preprocessing preprocessing, ReproductionOptions options) =>
        new(name, $"random weights of seed {options.Seed}", false, topology(options.Seed), options.Preprocessing ?? preprocessing, options.Device)
        {
            Note = name.EndsWith("random", StringComparison.Ordinal) ? null : $"{name} is not in a data folder here: a network of its kind with random weights stands in",
        };

    static Preprocessing? Stated(ModelMetadata metadata) => metadata.Normalisation is { ChannelMeans: { Count: > 0 } means } ? Colour(ChannelOrder.Rgb, [.. means]) : null;

    static Preprocessing Guess(Network network) => network.InputShape.C == 1 ? Digits : Preprocessing.Unit with { Filter = ResamplingFilter.Bicubic, Convention = ResizeConvention.Matlab };
}
