namespace Preimage.Cli.Documents;

/// <summary>What <c>decode --json</c> prints.</summary>
internal sealed record DecodeDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string Node, string Unpooling, double? Threshold, int Channels, int Height, int Width,
    double Seconds, string Sheet, string? Saved, IReadOnlyList<DecodedUnitDocument> Units)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", node, unpooling, threshold|null, channels, height, width, seconds, sheet, saved|null, " +
        "units[{unit, lowest, highest}]}; height and width are those of the node's receptive field.";
}

/// <summary>One decoded filter and the range of its values.</summary>
internal sealed record DecodedUnitDocument(int Unit, float Lowest, float Highest);
