using System.CommandLine;
using System.Text.Json;
using Preimage.Algorithms.Backtracking;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Cli.Tracking;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage backtrack MODEL IMAGE</c>: which units of the feature maps a class goes back to, and what becomes of it without them.</summary>
internal static class BacktrackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var arguments = new TraceArguments();
        Argument<string> image = new("IMAGE") { Description = "A picture (PNG, PPM, JPEG), or a .npy array that is the network's input as it is." };
        Option<string?> suppress = new("--suppress") { Description = "Of two images, set only these units to zero; without it all sets are tried.", HelpName = "common|unique" };
        Option<ulong> seed = new("--seed") { Description = "The seed of the random units that each set is compared with.", HelpName = "N", DefaultValueFactory = _ => 0 };
        Option<string?> save = new("--save") { Description = "Write the first image's units as .npy: 1 for those that the class goes back to.", HelpName = "NPY" };
        save.Written();
        Option<string?> labels = CommonOptions.Labels();
        Option<bool> json = CommonOptions.Json(BacktrackDocument.Form);
        var command = new Command("backtrack", "Go back from a class through the dense layers to units of the feature maps (Fang 2017), and set them to zero.")
        {
            arguments.Model.Path, arguments.Model.Structure, image, arguments.Compare, suppress, arguments.Literal, arguments.Threshold, arguments.Percentile, arguments.Class, seed, save,
            labels, arguments.Preprocess, arguments.Where.Device, arguments.Where.Precision, json,
        };
        command.SetAction(parsed =>
        {
            string? choice = parsed.GetValue(suppress);
            arguments.Check(parsed, "--suppress", choice);
            using Network network = arguments.Model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(arguments.Preprocess));
            Labels names = Labels.Load(parsed.GetValue(labels), network);
            using Engine engine = arguments.Where.Make(network, parsed);
            string[] paths = parsed.GetValue(arguments.Compare) is { } other ? [parsed.GetRequiredValue(image), other] : [parsed.GetRequiredValue(image)];
            NetworkInput[] inputs = Array.ConvertAll(paths, path => TraceArguments.One(reader, path));
            var backtracking = new DenseBacktracking(engine);
            BacktrackingOptions options = arguments.Options(parsed);
            BacktrackingResult[] traces = Array.ConvertAll(inputs, input => backtracking.Trace(input.Tensor, options, cancellation)[0]);
            using var tail = new DenseTail(backtracking);
            bool pictures = Array.Exists(inputs, i => i.Preprocessing is not null), guessed = pictures && reader.IsGuess;
            var document = new BacktrackDocument(
                ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine), pictures ? reader.Preprocessing.ToString() : null,
                guessed, Rule(options), [.. traces.Select((t, i) => Document(inputs[i].Source, t, names))], traces.Length > 1 ? traces[0].Traced.And(traces[1].Traced).Count : null,
                Suppressed(inputs, traces, tail, choice, parsed.GetValue(seed), cancellation), [.. traces.SelectMany(t => t.Notes).Distinct()]);
            if (parsed.GetValue(save) is { } file)
                traces[0].Traced.Save(file);
            if (guessed)
                Facts.Warn($"no --preprocess was given; '{reader.Preprocessing.Name}' is a guess, and a wrong one makes wrong classes");
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.BacktrackDocument));
            else
                BacktrackReport.Print(document, engine, parsed.GetValue(save));
            return ExitCode.Ok;
        });
        return command;
    }

    static string Rule(BacktrackingOptions options) => options.Literal
        ? "every positive contribution" : $"contributions above percentile {options.Percentile} of those above {options.Threshold}";

    static TracedDocument Document(string image, BacktrackingResult trace, Labels names) => new(
        image, trace.Class, names[trace.Class], trace.Predicted, trace.Probabilities[trace.Class], trace.Positive.Count, trace.Limit,
        [.. trace.Sets.Select(s => new SetDocument(s.Node, s.Count, s.Units))]);

    /// <summary>Every image without its own units, without what both have and without what only it has; beside each as many random positive units.</summary>
    static List<SuppressedDocument> Suppressed(NetworkInput[] inputs, BacktrackingResult[] traces, DenseTail tail, string? choice, ulong seed, CancellationToken cancellation)
    {
        var rows = new List<SuppressedDocument>();
        for (int i = 0; i < traces.Length; i++)
        {
            BacktrackingResult trace = traces[i];
            var sets = new List<(string Name, UnitSet Set)>();
            if (choice is null)
                sets.Add(("traced", trace.Traced));
            if (traces.Length > 1)
            {
                UnitSet other = traces[1 - i].Traced;
                sets.AddRange(new (string, UnitSet)[] { ("common", trace.Traced.And(other)), ("unique", trace.Traced.Except(other)) }.Where(s => choice is null || s.Item1 == choice));
            }

            IReadOnlyList<double[]> after = tail.Probabilities(
                trace.Features, [.. sets.Select(s => s.Set), .. sets.Select(s => trace.Positive.Draw(Math.Min(s.Set.Count, trace.Positive.Count), seed))], cancellation);
            for (int k = 0; k < sets.Count; k++)
            {
                rows.Add(new SuppressedDocument(
                    inputs[i].Source, sets[k].Name, sets[k].Set.Count, trace.Class, trace.Probabilities[trace.Class], after[k][trace.Class],
                    Array.IndexOf(after[k], after[k].Max()), after[sets.Count + k][trace.Class]));
            }
        }

        return rows;
    }
}
