using System.CommandLine;
using System.CommandLine.Parsing;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training.Data;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage reproduce NAME</c>: makes a paper's table or figure again.</summary>
internal static class ReproduceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        Argument<string?> name = new("NAME") { Description = "The experiment; --list shows all.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> list = new("--list") { Description = "List the experiments." };
        Option<string?> folder = new("--out") { Description = "The folder of the results. Without it: NAME in the current folder.", HelpName = "DIR" };
        Option<string?> model = new("--model") { Description = "A trained network in the place of the experiment's own.", HelpName = "FILE" };
        Option<string?> preprocess = CommonOptions.Preprocess();
        Option<string?> images = new("--images") { Description = "A folder of pictures in the place of the experiment's own.", HelpName = "DIR" };
        Option<int?> count = new("--count") { Description = "Pictures at most; without it as many as the paper takes.", HelpName = "N" };
        Option<string?> data = new("--data") { Description = "The folder of reference models and photos; without it PREIMAGE_DATA, or shared/reference/data here or further up. Or a data set, as --samples has it.", HelpName = "DIR|SPEC" };
        Option<string?> samples = new("--samples") { Description = "The data set of an experiment that takes one, such as faces,size=224 or mnist:DIR; without it the experiment's own.", HelpName = "SPEC" };
        Option<string[]> nodes = new("--node") { Description = "A node in the place of the experiment's own; may be given several times.", HelpName = "NAME" };
        Option<int?> iterations = new("--iterations") { Description = "Iterations of a search; without it the paper's 300.", HelpName = "N" };
        Option<ulong> seed = new("--seed") { Description = "The seed of noise, jitter and random weights.", HelpName = "N", DefaultValueFactory = _ => 0 };
        Option<Shard> shard = new("--shard")
        {
            Description = "Do every N-th unit of work from the I-th on, so that N machines with one folder share the work.",
            HelpName = "I/N", DefaultValueFactory = _ => Shard.All, CustomParser = ShardOf,
        };
        Option<bool> merge = new("--merge") { Description = "Run nothing: make the results of units that are all there." };
        Option<Device?> device = CommonOptions.OnDevice();
        var command = new Command("reproduce", "Make a paper's table or figure again: units of work that can be stopped, resumed and shared.")
        {
            name, list, folder, model, preprocess, images, count, data, samples, nodes, iterations, seed, shard, merge, device,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
                return List();
            string experiment = parsed.GetValue(name) ?? throw new UsageException("which experiment? --list shows all");
            if (PaperExperiments.All.All(e => e.Name != experiment))
                throw new UsageException($"there is no experiment '{experiment}'{Closest.Question(experiment, PaperExperiments.All.Select(e => e.Name))} --list shows all");
            var options = new ReproductionOptions
            {
                Out = parsed.GetValue(folder) ?? experiment,
                Model = parsed.GetValue(model),
                Preprocessing = parsed.GetValue(preprocess) is { } text ? InputReader.Find(text) : null,
                Images = parsed.GetValue(images),
                Count = parsed.GetValue(count),
                Data = parsed.GetValue(data) is { } place && !DataSource.IsNamedBy(place) ? place : null,
                Samples = parsed.GetValue(samples) ?? (parsed.GetValue(data) is { } set && DataSource.IsNamedBy(set) ? set : null),
                Nodes = parsed.GetValue(nodes) ?? [],
                Iterations = parsed.GetValue(iterations),
                Seed = parsed.GetValue(seed),
                Shard = parsed.GetValue(shard),
                MergeOnly = parsed.GetValue(merge),
                Device = parsed.GetValue(device) ?? Device.Best,
            };
            Print(UnitProgress.Run(experiment, progress => PaperExperiments.Run(experiment, options, progress, cancellation)), options);
            return ExitCode.Ok;
        });
        return command;
    }

    static int List()
    {
        var table = new Table("experiment", "shows");
        foreach (ExperimentDescription experiment in PaperExperiments.All)
            table.Add(experiment.Name, experiment.Shows);
        table.Write();
        return ExitCode.Ok;
    }

    static void Print(ReproductionResult result, ReproductionOptions options)
    {
        Facts.Write("experiment", result.Experiment);
        Facts.Write("units", $"{result.Ran} done, {result.Found} found done, {result.Missing} still to do");
        Facts.Write("device", EngineFacts.Describe(options.Device));
        foreach (string note in result.Notes)
            Facts.Note(note);
        foreach (string file in result.Files)
            Facts.Write("wrote", Path.GetFullPath(file));
        if (result.Rows.Count == 0)
            return;
        Console.Out.WriteLine();
        var table = new Table("what", "paper", "here ", "unit", "holds");
        foreach (ResultRow row in result.Rows)
            table.Add(row.Name, row.Paper, ResultRow.Text(row.Ours), row.Unit, ResultRow.Verdict(row.Holds));
        table.Write();
    }

    static Shard ShardOf(ArgumentResult result)
    {
        if (Shard.TryParse(result.Tokens[0].Value, null, out Shard shard))
            return shard;
        result.AddError($"--shard {result.Tokens[0].Value}: I/N is wanted, such as 3/16, with I from 1 to N.");
        return default;
    }
}
