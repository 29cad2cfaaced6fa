using System.CommandLine;
using System.Text.Json;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;
using Preimage.Layers.Files;
using Preimage.Layers.Kinds;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage profile MODEL</c>: where the time of a pass goes, operator by operator.</summary>
internal static class ProfileCommand
{
    // Rules of the pass back by the method they belong to; forward has none.
    static readonly (string Name, BackwardRule? Rule)[] s_passes =
        [("forward", null), ("saliency", BackwardRule.Gradient), ("deconvnet", BackwardRule.Deconvnet), ("guided", BackwardRule.Guided)];

    /// <summary>Makes the command.</summary>
    /// <param name="cancellation">Signalled by Ctrl+C.</param>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Option<string> pass = new("--pass") { Description = "What runs: forward alone, or forward and back by a method's rule.", DefaultValueFactory = _ => "forward" };
        pass.AcceptOnlyFromAmong([.. s_passes.Select(p => p.Name)]);
        Option<int> batch = new Option<int>("--batch") { Description = "Samples per run.", HelpName = "N", DefaultValueFactory = _ => 1 }.AtLeast(1);
        Option<int> seeds = new Option<int>("--seeds") { Description = "Signals carried back per sample.", HelpName = "N", DefaultValueFactory = _ => 1 }.AtLeast(1);
        Option<int> threads = new Option<int>("--threads") { Description = "Threads; 0, which is what is taken unless said, are all there are.", HelpName = "N" }.AtLeast(0);
        Option<int> runs = new Option<int>("--runs") { Description = "Timed runs.", HelpName = "N", DefaultValueFactory = _ => 20 }.AtLeast(1);
        Option<string?> trace = new("--trace") { Description = "Write the times as a Chrome trace (chrome://tracing, Perfetto).", HelpName = "FILE" };
        trace.Written();
        var where = new EngineArguments();
        Option<bool> json = CommonOptions.Json(ProfileDocument.Form);
        var command = new Command("profile", "Time every operator of a network: milliseconds, GFLOP/s, GB/s, chosen algorithm, memory.")
        {
            model.Path, model.Structure, pass, batch, seeds, threads, runs, trace, where.Device, where.Precision, json,
        };
        command.SetAction(parsed =>
        {
            using Network network = model.Load(parsed);
            using Engine engine = network.On(parsed.GetValue(where.Device) ?? Device.Best, where.Options(parsed) with { Threads = parsed.GetValue(threads) });
            (string name, BackwardRule? rule) = Array.Find(s_passes, p => p.Name == parsed.GetRequiredValue(pass));
            using ExecutionPlan plan = engine.Plan(new PlanOptions
            {
                Batch = parsed.GetValue(batch), Seeds = rule is null ? 1 : parsed.GetValue(seeds), Keep = rule is null ? Keep.Nothing : Keep.ForBackward,
            });
            foreach (Node input in network.Inputs)
                plan.SetInput(input, Wave(plan.ShapeOf(input).Count));
            ProfiledNode[] nodes = [.. plan.Profile(parsed.GetValue(runs), rule, cancellation).Select(ProfiledNode.Of)];
            bool onCpu = engine.Device.Kind == DeviceKind.Cpu;
            var document = new ProfileDocument(
                ModelDocument.Of(network), engine.Device.ToString(), onCpu ? $"{Processor.Name}, {Processor.InstructionSet}" : $"{Gpu.Of(engine.Device)}",
                !onCpu ? null : parsed.GetValue(threads) is > 0 and var t ? t : Processor.Threads, EngineFacts.Word(engine.Options.Precision),
                LibraryDocument.Of(engine), Clock(engine), parsed.GetValue(batch), plan.Options.Seeds, name, parsed.GetValue(runs),
                plan.PeakBytes, engine.PackedBytes, nodes.Sum(n => n.Milliseconds), nodes);
            if (parsed.GetValue(trace) is { } file)
                AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, TraceEvent.Of(nodes), DocumentContext.Default.TraceEventArray));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.ProfileDocument));
            else
                Print(document, engine);
            return ExitCode.Ok;
        });
        return command;
    }

    static string Clock(Engine engine) => engine.Device.Kind == DeviceKind.Cpu ? "wall clock"
        : EngineFacts.IsSimulated(engine) ? "CUDA events of the simulator, which are no speed" : "CUDA events, operators launched one by one";

    /// <summary>Values of both signs, so that rectifiers and pooling have something to choose from.</summary>
    static float[] Wave(int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = MathF.Sin(i);
        return values;
    }

    static void Print(ProfileDocument document, Engine engine)
    {
        Facts.Write("model", document.Model.ToString());
        Facts.Write("device", $"{document.Device}: {document.Processor}{(document.Threads is { } threads ? $", {threads} threads" : "")}, precision {document.Precision}");
        foreach (DeviceLibrary library in engine.Libraries)
            Facts.Write("library", library.ToString());
        if (EngineFacts.IsSimulated(engine))
            Facts.Note(EngineFacts.SimulatorNote);
        Facts.Write("pass", $"{document.Pass}, batch {document.Batch}, seeds {document.Seeds}; medians of {document.Runs} runs, {document.Clock}");
        Facts.Write("memory", $"plan {document.PlanBytes / 1e6:F1} MB, packed weights {document.PackedBytes / 1e6:F1} MB");
        Facts.Write("milliseconds", $"{document.Milliseconds:F2} in all");
        Console.Out.WriteLine();
        bool speeds = !EngineFacts.IsSimulated(engine);
        var table = new Table("node", "operator", "way", "algorithm", "ms ", "% ", "GFLOP/s ", "GB/s ");
        foreach (ProfiledNode node in document.Nodes)
        {
            double seconds = node.Milliseconds / 1000;
            table.Add(
                node.Names(), node.Operator, node.Direction, node.Algorithm, $"{node.Milliseconds:F3}", $"{100 * node.Milliseconds / document.Milliseconds:F1}",
                node.MultiplyAdds == 0 || seconds == 0 || !speeds ? "-" : $"{2e-9 * node.MultiplyAdds / seconds:F1}", seconds == 0 || !speeds ? "-" : $"{1e-9 * node.Bytes / seconds:F1}");
        }

        table.Write();
    }
}
