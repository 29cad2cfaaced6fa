namespace Preimage.Cli.Documents;

/// <summary>What <c>explain --json</c> prints.</summary>
internal sealed record ExplainDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string? Preprocessing, bool PreprocessingGuessed, string Seed,
    IReadOnlyList<MapDocument> Maps, string? Picture, IReadOnlyDictionary<string, double> Seconds)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", preprocessing, preprocessingGuessed, seed, maps[{image, method, target, node, unit, " +
        "position[channel,row,column], activation, class|null, label, probability|null, notes[], minimum, maximum, l2, file|null}], picture|null, seconds{}}.";
}

/// <summary>One map.</summary>
internal sealed record MapDocument(
    string Image, string Method, string Target, string Node, int Unit, int[] Position, float Activation, int? Class, string? Label,
    double? Probability, IReadOnlyList<string> Notes, float Minimum, float Maximum, double L2, string? File);
