using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Building;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Explaining;
using Preimage.Cli.Inputs;
using Preimage.Cli.Measuring;
using Preimage.Cli.Output;
using Preimage.Cli.Showing;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage gallery MODEL IMAGE...</c>: a page that shows a network by all methods.</summary>
internal static class GalleryCommand
{
    /// <summary>The metrics that ask for a map or two of each picture; the others ask for ten and more.</summary>
    const string QuickMetrics = "class-sensitivity,deletion,insertion,image-recovery";

    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string[]> images = CommonOptions.Images();
        Option<string> folder = new("--out", "-o") { Description = "The folder for index.html; made where it is not there.", HelpName = "DIR", DefaultValueFactory = _ => "gallery" };
        Option<int> classes = new Option<int>("--classes") { Description = "How many of the strongest classes each picture is explained for.", HelpName = "N", DefaultValueFactory = _ => 3 }.AtLeast(1);
        Option<string> methods = MethodNames.Option(MethodNames.All), metrics = MetricNames.Option(QuickMetrics);
        Option<string?> node = new("--invert-node") { Description = "The node whose representation of the first picture is inverted; without it one in the middle.", HelpName = "NAME" };
        Option<int> iterations = new Option<int>("--iterations") { Description = "Iterations of the inversion.", HelpName = "N", DefaultValueFactory = _ => new NetworkGalleryOptions().InversionIterations }.AtLeast(1);
        Option<bool> noMetrics = new("--no-metrics") { Description = "Do not measure the methods." }, noDecoding = new("--no-filters") { Description = "Do not decode filters." };
        Option<bool> noTracking = new("--no-backtracking") { Description = "Do not trace classes back through dense layers." }, noInversion = new("--no-inversion") { Description = "Do not invert a representation." };
        Option<ulong> seed = new("--seed") { Description = "What noise and random choices are drawn from.", HelpName = "N", DefaultValueFactory = _ => 0 };
        Option<string?> preprocess = CommonOptions.Preprocess(), labels = CommonOptions.Labels();
        var where = new EngineArguments();
        var command = new Command("gallery", "Make a page for the browser that shows a network by all methods: classes and methods to switch and compare, filters, traces, an inversion, metrics.")
        {
            model.Path, model.Structure, images, folder, preprocess, labels, classes, methods, metrics, node, iterations, noMetrics, noDecoding, noTracking, noInversion, seed, where.Device, where.Precision,
        };
        command.SetAction(parsed =>
        {
            var clock = Stopwatch.StartNew();
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            Labels names = Labels.Load(parsed.GetValue(labels), network);
            PreparedInput[] inputs = [.. parsed.GetRequiredValue(images).Select(path => GalleryInputs.Read(reader, path))];
            using Engine engine = where.Make(network, parsed);
            var options = new NetworkGalleryOptions
            {
                Classes = parsed.GetValue(classes),
                Methods = MethodNames.Of(parsed.GetRequiredValue(methods)),
                Labels = names.All,
                InversionNode = parsed.GetValue(node),
                InversionIterations = parsed.GetValue(noInversion) ? 0 : parsed.GetValue(iterations),
                Metrics = parsed.GetValue(noMetrics) ? [] : [.. MetricNames.Of(parsed.GetRequiredValue(metrics)).Select(m => m.Name)],
                Decoding = !parsed.GetValue(noDecoding),
                Backtracking = !parsed.GetValue(noTracking),
                Seed = parsed.GetValue(seed),
                Commands = new GalleryCommands
                {
                    Model = parsed.GetRequiredValue(model.Path), Structure = parsed.GetValue(model.Structure), Preprocess = parsed.GetValue(preprocess), Labels = parsed.GetValue(labels),
                    Device = parsed.GetResult(where.Device) is { Implicit: false, Tokens: [var token] } ? token.Value : null,
                    Precision = parsed.GetResult(where.Precision) is { Implicit: false } ? parsed.GetValue(where.Precision) : null, Whole = Line(parsed),
                },
            };
            GalleryDocument document = GalleryLine.Run(progress => NetworkGallery.Build(engine, inputs, options, progress, cancellation));
            bool guessed = reader.IsGuess && Array.Exists(inputs, i => i.Preprocessing == reader.Preprocessing);
            string guess = $"No --preprocess was given: '{reader.Preprocessing.Name}' is a guess, and a wrong one explains wrong classes.";
            cancellation.ThrowIfCancellationRequested();
            string place = parsed.GetRequiredValue(folder), page = Path.Combine(place, "index.html");
            Directory.CreateDirectory(place);
            GalleryPageSummary summary = GalleryPage.Write(guessed ? document with { Notes = [guess, .. document.Notes] } : document, page);
            Facts.Write("model", $"{options.Commands.Model}, {network.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)} parameters");
            EngineFacts.Write(engine);
            Facts.Write("preprocessing", reader.Preprocessing.ToString());
            if (guessed)
                Facts.Warn(guess);
            foreach (string note in document.Notes)
                Facts.Note(note);
            Facts.Write("time", Facts.Seconds(clock.Elapsed));
            Facts.Write("wrote", Describe(page, summary));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The command line as it was given.</summary>
    internal static string Line(ParseResult parsed) => GalleryCommands.Line(["preimage", .. parsed.Tokens.Select(t => t.Value)]);

    /// <summary>A page that was written.</summary>
    internal static string Describe(string page, GalleryPageSummary summary) => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFullPath(page)} ({summary.Bytes / 1e6:F1} MB, {summary.Maps} maps, {summary.Pictures} pictures): open it in a browser");
}
