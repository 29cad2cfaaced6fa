using System.CommandLine;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage decode MODEL --node NAME</c>: a layer's filters as images.</summary>
internal static class DecodeCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="cancellation">Signalled by Ctrl+C.</param>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Option<string> node = new("--node") { Description = "The convolution or dense layer.", HelpName = "NAME", Required = true };
        Option<string?> units = new("--units") { Description = "Filters, such as 0,3,7-12; without it all.", HelpName = "LIST" };
        Option<string> unpool = new("--unpool") { Description = "What a pool becomes on the way to the pixels.", DefaultValueFactory = _ => Word(Unpooling.Nearest) };
        unpool.AcceptOnlyFromAmong([.. Enum.GetValues<Unpooling>().Select(Word)]);
        Option<string?> picture = new("--out") { Description = "Where the sheet goes. Without it: decode-NODE.png in the current folder.", HelpName = "PNG" };
        Option<string?> save = new("--save") { Description = "Write the images as an array of units x channels x rows x columns.", HelpName = "NPY" };
        picture.Written(picture: true);
        save.Written();
        Option<bool> threshold = new("--threshold") { Description = "Three levels: the sign of what is above half of a filter's largest magnitude, else 0." };
        Option<string?> preprocess = CommonOptions.Preprocess();
        var where = new EngineArguments();
        Option<bool> json = CommonOptions.Json(DecodeDocument.Form);
        var command = new Command("decode", "Show a layer's filters as images, each weight substituted by the filter it weighs, down to the pixels.")
        {
            model.Path, model.Structure, node, units, unpool, picture, save, threshold, preprocess, where.Device, where.Precision, json,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<int>? wanted = UnitList.Parse(parsed.GetValue(units));
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            using Engine engine = where.Make(network, parsed);
            Node at = network.Nodes[parsed.GetRequiredValue(node)];
            var options = new DecodingOptions { Unpooling = Enum.Parse<Unpooling>(parsed.GetRequiredValue(unpool), ignoreCase: true) };
            var clock = Stopwatch.StartNew();
            DecodedFilters found = ProgressLine.Run("decoding", wanted?.Count ?? network.InferShapes()[at.Index].C,
                steps => new FilterDecoder(engine).Decode(at.Name, wanted, options, steps, cancellation));
            double seconds = clock.Elapsed.TotalSeconds;
            if (parsed.GetValue(threshold))
                found = found.Thresholded();

            string sheet = parsed.GetValue(picture) ?? $"decode-{string.Concat(at.Name.Select(c => char.IsLetterOrDigit(c) ? c : '_'))}.png";
            MapRenderer renderer = found.DefaultRenderer with { Order = reader.Preprocessing.Order };
            found.RenderSheet(renderer: renderer).Save(sheet);
            string? saved = parsed.GetValue(save);
            if (saved is not null)
                NpyFile.Save(saved, found.Filters.AsReadOnlyTensorSpan());
            var document = new DecodeDocument(
                ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine), found.Node, Word(options.Unpooling), found.Threshold,
                found.Size.Channels, found.Size.Height, found.Size.Width, seconds, sheet, saved, [.. found.Units.Select((unit, i) => Range(unit, found.Image(i)))]);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.DecodeDocument));
            else
                Print(document, engine, reader.IsGuess && found.Size.Channels == 3);
            return ExitCode.Ok;
        });
        return command;
    }

    static DecodedUnitDocument Range(int unit, ReadOnlySpan<float> image) => new(unit, TensorPrimitives.Min(image), TensorPrimitives.Max(image));

    static void Print(DecodeDocument document, Engine engine, bool guessed)
    {
        Facts.Write("model", document.Model.ToString());
        EngineFacts.Write(engine);
        Facts.Write("node", document.Node);
        Facts.Write("filters", $"{document.Units.Count} of {document.Channels}x{document.Height}x{document.Width}, unpooled by {document.Unpooling}{(document.Threshold is { } share ? $", signs above {share} of the largest magnitude" : "")}");
        Facts.Write("time", Facts.Seconds(TimeSpan.FromSeconds(document.Seconds)));
        if (guessed)
            Facts.Note("nobody said in which order the network takes red, green and blue: RGB is a guess (--preprocess)");
        if (document.Saved is { } saved)
            Facts.Write("wrote", saved);
        Facts.Write("wrote", document.Sheet);
    }

#pragma warning disable CA1308 // As it is written on the command line.
    static string Word(Unpooling unpooling) => unpooling.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
