using System.CommandLine;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Inputs;
using Preimage.Cli.Searching;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage maximize MODEL --node NAME --unit I</c>: images that excite units most.</summary>
internal static class MaximizeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Option<string?> node = new("--node") { Description = "The node whose feature maps (or dense units) are to be excited.", HelpName = "NAME" };
        Option<string?> units = new("--unit", "--units") { Description = "Feature maps, such as 3 or 0,3,7-12; several share one image as a mosaic.", HelpName = "LIST" };
        Option<int?> class_ = new("--class") { Description = "A class's logit, by its index, in place of --node and --unit.", HelpName = "N" };
        Option<string?> stats = new("--stats") { Description = "The largest activations of the maps, as preimage top --json writes them.", HelpName = "FILE" };
        Option<string?> calibrate = new("--calibrate") { Description = "Find them in the pictures of a folder; without either, in 16 pictures that the library draws.", HelpName = "DIR" };
        var search = new SearchArguments();
        var command = new Command("maximize", "Search for images that excite units of a network most.") { model.Path, model.Structure, node, units, class_, stats, calibrate };
        search.AddTo(command);
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(node);
            int? index = parsed.GetValue(class_);
            if (index is null ? name is null : name is not null || parsed.GetValue(units) is not null)
                throw new UsageException("maximize takes --node and --unit, or --class");
            if (parsed.GetValue(stats) is not null && parsed.GetValue(calibrate) is not null)
                throw new UsageException("--stats and --calibrate say the same thing: give one of them");
            IReadOnlyList<int> channels = index is { } one ? [one] : UnitList.Parse(parsed.GetValue(units)) ?? throw new UsageException("--unit is missing: which feature maps of the node");
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(search.Preprocess));
            using Engine engine = search.Where.Make(network, parsed);
            string at = name is null ? Logits.Of(network, out _).Name : network.Nodes[name].Name;
            IReadOnlyList<UnitMaxima>? maxima = parsed.GetValue(stats) is { } file ? UnitStatistics.Load(file, network, at)
                : parsed.GetValue(calibrate) is { } folder ? UnitStatistics.Find(engine, at, channels, folder, reader, cancellation)
                : null;
            PreImageOptions options = search.Options(parsed, PreImageOptions.PaperMaximisation());
            string what = index is not null ? $"class-{index}" : $"{at}-{parsed.GetValue(units)}";
            return new SearchRun(engine, search.Files(parsed, $"maximize-{what}"), $"{Path.GetFileNameWithoutExtension(network.Source)}: what excites {what}", null, reader.IsGuess)
                .Execute(progress => new ActivationMaximisation(engine, PixelScale.Of(reader.Preprocessing)).Maximise(at, channels, options, maxima, progress, cancellation));
        });
        return command;
    }
}
