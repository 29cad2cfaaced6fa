namespace Preimage.Cli.Documents;

/// <summary>What <c>classify --json</c> prints.</summary>
internal sealed record ClassifyDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string? Preprocessing, bool PreprocessingGuessed, IReadOnlyList<ClassifiedDocument> Images)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", preprocessing, preprocessingGuessed, images[{image, classes[{class,label,probability,logit}]}]}.";
}

/// <summary>The classes of one image, the strongest first.</summary>
internal sealed record ClassifiedDocument(string Image, IReadOnlyList<ClassDocument> Classes);

/// <summary>A class.</summary>
internal sealed record ClassDocument(int Class, string? Label, double Probability, float Logit);
