using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Cli.Searching;

/// <summary>Descriptors by the names they have on the command line.</summary>
internal static class DescriptorNames
{
    /// <summary>All names.</summary>
    public static string[] All { get; } = ["hog", "hogb", "hog-relu", "dsift"];

    /// <summary>The paper's network of that name.</summary>
    public static Network Make(string name, int height, int width, int cell) => name switch
    {
        "hog" => Descriptors.Hog(height, width, cell),
        "hogb" => Descriptors.Hog(height, width, cell, new HogOptions { Binning = BinningKind.Bilinear }),
        "hog-relu" => Descriptors.Hog(height, width, cell, new HogOptions { Binning = BinningKind.Rectified }),
        "dsift" => Descriptors.DenseSift(height, width, cell),
        _ => throw new UsageException($"there is no descriptor '{name}': {string.Join(", ", All)} are known"),
    };
}
