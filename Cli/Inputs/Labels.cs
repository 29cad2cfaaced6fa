namespace Preimage.Cli.Inputs;

/// <summary>Names of classes, by their index.</summary>
/// <param name="names">The names, class 0 first; empty where there are none.</param>
internal sealed class Labels(string[] names)
{
    /// <summary>Reads a file of one name a line; null gives no names.</summary>
    public static Labels Load(string? path) => new(path is null ? [] : File.ReadAllLines(path));

    /// <summary>The name, or null where there is none.</summary>
    public string? this[int index] => (uint)index < (uint)names.Length && names[index].Trim() is { Length: > 0 } name ? name : null;

    /// <summary>The index with its name: 285 (Egyptian cat).</summary>
    public string Describe(int index) => this[index] is { } name ? $"{index} ({name})" : $"{index}";
}
