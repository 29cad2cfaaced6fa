using Preimage.Cli.Documents;

namespace Preimage.Cli.Tracking;

/// <summary>What <c>backtrack --json</c> prints.</summary>
internal sealed record BacktrackDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string? Preprocessing, bool PreprocessingGuessed, string Rule,
    IReadOnlyList<TracedDocument> Images, int? Common, IReadOnlyList<SuppressedDocument> Suppressed, IReadOnlyList<string> Notes)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", preprocessing, preprocessingGuessed, rule, images[{image, class, label, predicted, probability, positive, "
        + "limit, sets[{node,units,of}]}], common, suppressed[{image, set, units, class, before, after, predictedAfter, afterRandom}], notes[]}; afterRandom is for as many positive units, drawn at random.";
}

/// <summary>An image and the units its class goes back to, from the feature maps to the last dense layer.</summary>
internal sealed record TracedDocument(
    string Image, int Class, string? Label, int Predicted, double Probability, int Positive, double Limit, IReadOnlyList<SetDocument> Sets);

/// <summary>How many units of a node.</summary>
internal sealed record SetDocument(string Node, int Units, int Of);

/// <summary>What a class's probability becomes without some units.</summary>
internal sealed record SuppressedDocument(string Image, string Set, int Units, int Class, double Before, double After, int PredictedAfter, double AfterRandom);
