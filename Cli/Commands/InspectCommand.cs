using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage inspect MODEL</c>: what a network is made of.</summary>
internal static class InspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var model = new ModelFile();
        Option<bool> json = CommonOptions.Json(InspectDocument.Form);
        var command = new Command("inspect", "List a network's nodes: operators, shapes, parameters, multiply-adds and receptive fields.") { model.Path, model.Structure, json };
        command.SetAction(parsed =>
        {
            using Network network = model.Load(parsed);
            InspectDocument document = Describe(network);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.InspectDocument));
            else
                Print(document);
            return ExitCode.Ok;
        });
        return command;
    }

    static InspectDocument Describe(Network network)
    {
        IReadOnlyList<NodeSummary> all = NodeSummary.Of(network);
        NodeDocument[] nodes = [.. all.Select(s => new NodeDocument(
            s.Node.Index, s.Node.Name, s.Node.Layer.Operator, [.. s.Node.Inputs.Select(i => i.Name)], Extents(s.Shape),
            s.Parameters, s.MultiplyAdds, FieldDocument.Of(s.Field)))];
        return new InspectDocument(
            ModelDocument.Of(network),
            [.. network.Inputs.Select(i => new ValueDocument(i.Name, Extents(all[i.Index].Shape), [.. ((Input)i.Layer).Free]))],
            [.. network.Outputs.Select(o => new ValueDocument(o.Name, Extents(all[o.Index].Shape), null))],
            network.ParameterCount, all.Sum(s => s.MultiplyAdds), nodes);
    }

    static int[] Extents(Shape shape) => shape.Rank == 0 ? [] : shape.ToArray();

    static void Print(InspectDocument document)
    {
        Facts.Write("model", document.Model.ToString());
        foreach (ValueDocument input in document.Inputs)
            Facts.Write("input", $"{input.Name}  {Crossed(input.Shape)}");
        foreach (ValueDocument output in document.Outputs)
            Facts.Write("output", $"{output.Name}  {Crossed(output.Shape)}");
        Facts.Write("parameters", Grouped(document.Parameters));
        Facts.Write("multiply-adds", Grouped(document.MultiplyAdds));
        Console.Out.WriteLine();
        var table = new Table("node", "operator", "shape", "parameters ", "multiply-adds ", "field ", "stride ", "offset ");
        foreach (NodeDocument node in document.Nodes)
        {
            FieldDocument? field = node.ReceptiveField;
            table.Add(
                node.Name, node.Operator, Crossed(node.Shape), Grouped(node.Parameters), Grouped(node.MultiplyAdds),
                Pair(field?.Size), Pair(field?.Stride), Pair(field?.Offset));
        }

        table.Write();
        Console.Out.WriteLine();
        Console.Out.WriteLine("field, stride, offset: pixels of the input that a unit sees, that lie between neighbours, and the centre of the first unit counted from 1");
    }

    static string Crossed(int[] shape) => shape.Length == 0 ? "-" : string.Join('x', shape);

    static string Grouped(long count) => count == 0 ? "-" : count.ToString("N0", CultureInfo.InvariantCulture);

    static string Pair<T>(T[]? pair) where T : struct => pair is null ? "-" : pair[0].Equals(pair[1]) ? $"{pair[0]}" : $"{pair[0]}x{pair[1]}";
}
