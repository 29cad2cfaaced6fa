using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>Names of classes, by their index.</summary>
/// <param name="names">The names, class 0 first; empty where there are none.</param>
internal sealed class Labels(string[] names)
{
    /// <summary>Reads a file of one name a line; null gives the names in the model's own file, if it has any.</summary>
    public static Labels Load(string? path, Network network) => new(path is not null ? File.ReadAllLines(InputFile.Require(path, "the file of class names is wanted"))
        : [.. network.Metadata.ClassDescriptions.Count > 0 ? network.Metadata.ClassDescriptions : network.Metadata.ClassNames]);

    /// <summary>All names, class 0 first; empty where there are none.</summary>
    public IReadOnlyList<string> All => names;

    /// <summary>The name, or null where there is none.</summary>
    public string? this[int index] => (uint)index < (uint)names.Length && names[index].Trim() is { Length: > 0 } name ? name : null;

    /// <summary>The index with its name: 285 (Egyptian cat).</summary>
    public string Describe(int index) => this[index] is { } name ? $"{index} ({name})" : $"{index}";
}
