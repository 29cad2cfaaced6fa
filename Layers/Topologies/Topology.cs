namespace Preimage.Layers.Topologies;

/// <summary>Well-known networks with their papers' layer names and seeded random weights; each ends in its logits.</summary>
/// <remarks>Sizes and receptive fields are those of Mahendran and Vedaldi 2016, Tables 1 to 3, where their paper has the network.</remarks>
public static partial class Topology
{
    static readonly (string Name, Func<ulong, Network> Build)[] s_all =
    [
        ("alexnet", AlexNet), ("caffenet", CaffeNet), ("vgg-m", VggM), ("vgg-16", Vgg16), ("vgg-19", Vgg19), ("tiny-vgg", seed => TinyVgg(seed)),
        ("squeezenet", SqueezeNet), ("resnet-18", ResNet18), ("lenet", LeNet),
    ];

    /// <summary>The names <see cref="ByName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(s_all, t => t.Name);

    /// <summary>The network of a name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the names.</exception>
    public static Network ByName(string name, ulong seed = 0) => Array.Find(s_all, t => t.Name == name).Build is { } build
        ? build(seed)
        : throw new PreimageException($"there is no topology '{name}'; there are {string.Join(", ", Names)}");
}
