using System.CommandLine;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Documents;
using Preimage.Cli.Explaining;
using Preimage.Cli.Inputs;
using Preimage.Cli.Measuring;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage measure MODEL IMAGE...</c>: how far maps can be trusted.</summary>
internal static class MeasureCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string[]> images = CommonOptions.Images();
        Option<string> metric = MetricNames.Option(), method = MethodNames.Option();
        Option<int?> class_ = new Option<int?>("--class") { Description = "The class whose maps are measured, by its index; without it each image's strongest.", HelpName = "N" };
        Option<string?> preprocess = CommonOptions.Preprocess();
        Option<ulong> seed = new("--seed") { Description = "Where random draws start.", HelpName = "N" };
        var where = new EngineArguments();
        Option<string?> table = new("--out") { Description = "Where the table goes, as Markdown or JSON.", HelpName = "FILE.md|FILE.json" };
        table.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && Path.GetExtension(path) is not (".md" or ".json"))
                result.AddError($"--out {path}: tables are written as .md or .json.");
        });
        table.Written();
        Option<bool> json = CommonOptions.Json(MeasureDocument.Form);
        var command = new Command("measure", "Measure how far the maps of attribution methods can be trusted.")
        {
            model.Path, model.Structure, images, metric, method, class_, preprocess, seed, where.Device, where.Precision, table, json,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<AttributionMetric> metrics = MetricNames.Of(parsed.GetRequiredValue(metric));
            IReadOnlyList<string> methods = MethodNames.Of(parsed.GetRequiredValue(method));
            if (metrics.Count == 0 || methods.Count == 0)
                throw new UsageException(metrics.Count == 0 ? "--metric names no metric" : "--method names no method");
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            using Engine engine = where.Make(network, parsed);
            NetworkInput[] inputs = [.. parsed.GetRequiredValue(images).SelectMany(reader.Read)];
            bool pictures = Array.Exists(inputs, i => i.Preprocessing is not null), known = pictures || !reader.IsGuess;
            var options = new MetricOptions
            {
                Seed = parsed.GetValue(seed),
                Target = parsed.GetValue(class_) is { } index ? Target.Class(index) : Target.Argmax,
                Pixels = known ? PixelScale.Of(reader.Preprocessing) : null,
            };
            MetricTable found = MeasureProgress.Run(progress => MetricTable.Measure(
                metrics, [.. methods.Select(m => MethodCatalogue.ByName(m).Make(engine))], Together(inputs), options, progress, cancellation));
            MeasureDocument document = new MeasureDocument(
                ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine), pictures ? reader.Preprocessing.ToString() : null,
                pictures && reader.IsGuess, [.. inputs.Select(i => i.Source)], default, default).With(found);
            if (parsed.GetValue(table) is { } path)
                File.WriteAllText(path, Path.GetExtension(path) == ".md" ? document.ToMarkdown(found) : document.ToJson() + "\n");
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(document.ToJson());
                return ExitCode.Ok;
            }

            MeasureReport.Write(document, found, engine, options);
            if (parsed.GetValue(table) is { } written)
                Facts.Write("wrote", written);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>All samples as one batch.</summary>
    static Tensor<float> Together(NetworkInput[] inputs)
    {
        nint[] lengths = [.. inputs[0].Tensor.Lengths];
        var values = new float[inputs.Sum(i => i.Tensor.FlattenedLength)];
        int filled = 0;
        foreach (NetworkInput input in inputs)
        {
            if (!input.Tensor.Lengths.SequenceEqual(lengths))
                throw new PreimageException($"{input.Source} is {string.Join('x', input.Tensor.Lengths.ToArray())}, {inputs[0].Source} is {string.Join('x', lengths)}: images are measured together at one size");
            input.Tensor.FlattenTo(values.AsSpan(filled));
            filled += (int)input.Tensor.FlattenedLength;
        }

        lengths[0] = inputs.Length;
        return Tensor.Create(values, lengths);
    }
}
