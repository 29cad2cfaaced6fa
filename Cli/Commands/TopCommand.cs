using System.CommandLine;
using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Cli.Sheets;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage top MODEL --node NAME --data DIR</c>: the pictures that excite feature maps most.</summary>
internal static class TopCommand
{
    /// <summary>Feature maps drawn where nobody says which.</summary>
    const int DrawnUnits = 4;

    /// <summary>Feature maps drawn at most: more would be a picture nobody can look at.</summary>
    const int MostDrawn = 16;

    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Option<string> node = new("--node") { Description = "The node whose feature maps are asked.", HelpName = "NAME", Required = true };
        Option<string> data = new("--data") { Description = "A folder of pictures, subfolders included.", HelpName = "DIR", Required = true };
        Option<string?> units = new("--units") { Description = "Feature maps, such as 0,3,7-12; without it all are listed and the liveliest drawn.", HelpName = "LIST" };
        Option<int> k = new Option<int>("--k") { Description = "Pictures per feature map.", HelpName = "N", DefaultValueFactory = _ => 9 }.AtLeast(1);
        Option<string?> preprocess = CommonOptions.Preprocess();
        var where = new EngineArguments();
        Option<string?> picture = new("--out")
        {
            Description = "Where the sheet of patches and their DeconvNet reconstructions goes. Without it: top-NODE.png in the current folder.", HelpName = "PNG",
        };
        picture.Written(picture: true);
        Option<string?> json = new("--json") { Description = $"Write the maxima as JSON (- prints it): {TopDocument.Form}", HelpName = "FILE" };
        var command = new Command("top", "Find the pictures of a folder that excite a node's feature maps most.")
        {
            model.Path, model.Structure, node, units, data, k, preprocess, where.Device, where.Precision, picture, json,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<int>? channels = UnitList.Parse(parsed.GetValue(units));
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            string at = network.Nodes[parsed.GetRequiredValue(node)].Name, folder = parsed.GetRequiredValue(data);
            string[] files = PictureFolder.List(folder);
            using Engine engine = where.Make(network, parsed);
            var skipped = new List<SkippedDocument>();
            IReadOnlyList<UnitMaxima> maxima = ProgressLine.Run("looking", files.Length, steps => new TopActivations(engine).Search(
                at, reader.Readable(files, skipped), parsed.GetValue(k), channels, steps, cancellation));
            if (skipped.Count == files.Length)
                throw new PreimageException($"none of the {files.Length} pictures could be read, first {skipped[0].Reason}");

            if (reader.IsGuess)
                Facts.Warn($"no --preprocess was given; '{reader.Preprocessing.Name}' is a guess");
            var document = new TopDocument(
                ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine), reader.Preprocessing.ToString(), reader.IsGuess, at, folder,
                files.Length - skipped.Count, skipped, [.. maxima.Select(Document)]);
            string sheet = parsed.GetValue(picture) ?? $"top-{string.Concat(at.Select(c => char.IsLetterOrDigit(c) ? c : '_'))}.png";
            UnitMaxima[] drawn = channels is null ? Liveliest(maxima) : [.. maxima.Take(MostDrawn)];
            string title = $"{Path.GetFileNameWithoutExtension(network.Source)}, {at}: strongest patches, DeconvNet below";
            TopSheet.Draw(title, at, drawn, new DeconvNet(engine), reader.Prepare, cancellation).Save(sheet);
            Write(document, engine, parsed.GetValue(json), sheet, drawn.Length < maxima.Count ? $" (maps {string.Join(", ", drawn.Select(u => u.Channel))}; --units chooses others)" : "");
            return ExitCode.Ok;
        });
        return command;
    }

    static UnitMaxima[] Liveliest(IReadOnlyList<UnitMaxima> maxima) =>
        [.. maxima.OrderByDescending(u => u.Strongest[0].Activation).Take(DrawnUnits)];

    static UnitDocument Document(UnitMaxima unit) =>
        new(unit.Channel, [.. unit.Strongest.Select(m => new MaximumDocument(m.Source, m.Activation, m.Y, m.X, m.Field))]);

    static void Write(TopDocument document, Engine engine, string? json, string sheet, string remark)
    {
        string? text = json is null ? null : JsonSerializer.Serialize(document, DocumentContext.Default.TopDocument);
        if (json == "-")
        {
            Console.Out.WriteLine(text);
            return;
        }

        if (text is not null)
            File.WriteAllText(json!, text + "\n");
        Facts.Write("model", document.Model.ToString());
        EngineFacts.Write(engine);
        Facts.Write("preprocessing", document.Preprocessing);
        Facts.Write("pictures", $"{document.Pictures} of {document.Data}");
        foreach (SkippedDocument picture in document.Skipped)
            Facts.Write("skipped", picture.Reason);
        var table = new Table("map ", "activation ", "row ", "column ", "strongest in");
        foreach (UnitDocument unit in document.Units)
        {
            MaximumDocument first = unit.Maxima[0];
            table.Add($"{unit.Unit}", $"{first.Activation:G5}", $"{first.Row}", $"{first.Column}", first.Image);
        }

        table.Write();
        if (json is not null)
            Facts.Write("wrote", json);
        Facts.Write("wrote", sheet + remark);
    }
}
