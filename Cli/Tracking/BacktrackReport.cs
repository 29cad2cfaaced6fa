using System.Globalization;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Tracking;

/// <summary>Prints what backtrack found.</summary>
internal static class BacktrackReport
{
    /// <summary>Prints it.</summary>
    public static void Print(BacktrackDocument document, Engine engine, string? saved)
    {
        Facts.Write("model", document.Model.ToString());
        EngineFacts.Write(engine);
        Facts.Write("preprocessing", document.Preprocessing ?? "none: arrays are the network's input as they are");
        Facts.Write("rule", document.Rule);
        foreach (string note in document.Notes)
            Facts.Note(note);
        foreach (TracedDocument image in document.Images)
        {
            Console.Out.WriteLine();
            string name = image.Label is null ? $"{image.Class}" : $"{image.Class} ({image.Label})";
            Console.Out.WriteLine($"{image.Image}: class {name}, probability {Probability(image.Probability)}"
                + (image.Predicted == image.Class ? "" : $"; the network says {image.Predicted}"));
            var sets = new Table("node", "units ", "of ", "share ");
            foreach (SetDocument set in image.Sets)
                sets.Add(set.Node, $"{set.Units}", $"{set.Of}", Share(set.Units, set.Of));
            sets.Write();
            SetDocument traced = image.Sets[0];
            Facts.Write("positive", $"{image.Positive} units of '{traced.Node}'; {Share(traced.Units, image.Positive)} of them traced");
        }

        if (document.Common is { } common)
        {
            Console.Out.WriteLine();
            Facts.Write("in common", $"{common} units; only in the first {document.Images[0].Sets[0].Units - common}, only in the second {document.Images[1].Sets[0].Units - common}");
        }

        Console.Out.WriteLine();
        var table = new Table("image", "set to zero", "units ", "class ", "before ", "after ", "then ", "random ");
        foreach (SuppressedDocument row in document.Suppressed)
        {
            table.Add(Path.GetFileName(row.Image), row.Set, $"{row.Units}", $"{row.Class}", Probability(row.Before), Probability(row.After), $"{row.PredictedAfter}",
                Probability(row.AfterRandom));
        }

        table.Write();
        Facts.Write("", "then: the class predicted afterwards; random: after as many positive units drawn at random");
        if (saved is not null)
            Facts.Write("wrote", saved);
    }

    static string Share(int part, int all) => all == 0 ? "" : (100.0 * part / all).ToString("F2", CultureInfo.InvariantCulture) + " %";

    static string Probability(double value) => value.ToString(value is > 0 and < 0.0005 ? "0.0e0" : "F4", CultureInfo.InvariantCulture);
}
