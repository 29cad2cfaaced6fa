using System.Globalization;
using Preimage.Algorithms.Comparison;
using Preimage.Cli.Documents;
using Preimage.Layers;

namespace Preimage.Cli.Output;

/// <summary>Prints a comparison: where the sides part, and what that does to maps.</summary>
internal static class CompareReport
{
    /// <summary>Prints it.</summary>
    public static void Write(CompareDocument document, Engine expected, Engine actual, ComparisonVerdict verdict)
    {
        Facts.Write("model", document.Model.ToString());
        Facts.Write("preprocessing", document.Preprocessing ?? "none: the array is the network's input as it is");
        Facts.Write("image", document.Image);
        Facts.Write("expected", "");
        EngineFacts.Write(expected);
        Facts.Write("actual", "");
        EngineFacts.Write(actual);
        Facts.Write("explained", $"{document.Node}, unit {document.Unit}{(document.AgreesOnUnit ? "" : "; the other side's choice would be another one")}");
        Facts.Note("every node was observed for its values, which may split chains that run fused otherwise: the column 'fused', and all below the table, are of plans as users run them");
        Console.Out.WriteLine();
        WriteNodes(document);
        Console.Out.WriteLine();
        Facts.Write("divergence", document.FirstDivergence is { } first
            ? $"first at {first}: its values are apart by more than {Error(document.Threshold)}" : $"none: no node's values are apart by more than {Error(document.Threshold)}");
        Facts.Write("values", $"{document.Node} apart by {Error(document.ValueError)}");
        Facts.Write("masks", $"{document.Masks} ReLU units flipped");
        Facts.Write("switches", $"{document.Switches} maxima elsewhere");
        Facts.Write("fusing", $"changes {document.ChangedByFusing.Expected:N0} masks and switches on the expected side, {document.ChangedByFusing.Actual:N0} on the other");
        Console.Out.WriteLine();
        WriteMaps(document);
        Console.Out.WriteLine();
        Facts.Write("verdict", Sentence(verdict));
    }

    static void WriteNodes(CompareDocument document)
    {
        var nodes = new Table("node", "operator", "NMSE of values ", "kind", "observed ", "fused ");
        foreach (ComparedNodeDocument node in document.Nodes)
        {
            nodes.Add(
                node.Node, node.Operator, Error(node.Error), (node.Observed ?? node.Fused)?.Kind ?? "",
                node.Observed?.ToString() ?? "-", node.Fused?.ToString() ?? "-");
        }

        nodes.Write();
    }

    static void WriteMaps(CompareDocument document)
    {
        var maps = new Table("map", "NMSE, own masks ", "NMSE, same masks ", "");
        foreach (ComparedMapDocument map in document.Maps)
            maps.Add(map.Method, Error(map.Own), Error(map.Same), map.HasSignal ? "" : "zero everywhere: no signal, which shows nothing");
        maps.Write();
    }

    static string Error(double error) => error == 0 ? "0" : error.ToString("0.#E+0", CultureInfo.InvariantCulture);

    static string Sentence(ComparisonVerdict verdict)
    {
        string same = Error(ComparisonResult.SameBound), own = Error(ComparisonResult.OwnBound), value = Error(ComparisonResult.ValueBound);
        return verdict switch
        {
            ComparisonVerdict.Same => "the same: every number that was compared is equal",
            ComparisonVerdict.Parity => $"parity: maps within {same} over the same masks and switches, and within {own} over their own",
            ComparisonVerdict.Flipped => $"parity over the same masks and switches (within {same}); flipped units or moved maxima take maps over their own further apart than {own}",
            ComparisonVerdict.NotTestable => "not testable: no map has a signal; try --method saliency, or another --class",
            _ => $"different: explained values must be within {value}, maps over the same masks and switches within {same}, and only flips may take maps over their own beyond {own}",
        };
    }
}
