using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>Which model a result is of.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Its hash.</param>
internal sealed record ModelDocument(string Path, string Sha256)
{
    /// <summary>Describes a network.</summary>
    public static ModelDocument Of(Network network) => new(network.Source ?? "", network.Hash);

    /// <summary>The file with the start of its hash.</summary>
    public override string ToString() => Sha256.Length > 0 ? $"{Path} (sha256 {Sha256[..12]})" : Path;
}
