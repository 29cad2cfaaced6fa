using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>A native library that a result was computed with.</summary>
internal sealed record LibraryDocument(string Name, string Version, string Path)
{
    /// <summary>The keys, for help texts.</summary>
    public const string Form = "libraries[{name,version,path}]";

    /// <summary>Those of an engine; none on the processor.</summary>
    public static LibraryDocument[] Of(Engine engine) => Of(engine.Libraries);

    /// <summary>Describes libraries.</summary>
    public static LibraryDocument[] Of(IEnumerable<DeviceLibrary> libraries) => [.. libraries.Select(l => new LibraryDocument(l.Name, l.Version, l.Path))];
}
