namespace Preimage.Cli.Documents;

/// <summary>What <c>top --json</c> writes.</summary>
internal sealed record TopDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string Preprocessing, bool PreprocessingGuessed, string Node, string Data, int Pictures,
    IReadOnlyList<SkippedDocument> Skipped, IReadOnlyList<UnitDocument> Units)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", preprocessing, preprocessingGuessed, node, data, pictures, skipped[{image,reason}], " +
        "units[{unit, maxima[{image, activation, row, column, field{top,left,height,width}}]}]}; fields are boxes of the network's input, over its borders into the padding at times.";
}

/// <summary>A file that could not be read.</summary>
internal sealed record SkippedDocument(string Image, string Reason);

/// <summary>A feature map and the pictures that excite it most.</summary>
internal sealed record UnitDocument(int Unit, IReadOnlyList<MaximumDocument> Maxima);

/// <summary>One picture's maximum.</summary>
internal sealed record MaximumDocument(string Image, float Activation, int Row, int Column, Algorithms.Attribution.InputBox Field);
