using System.CommandLine;
using System.Numerics.Tensors;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Cli.Tracking;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage track MODEL IMAGE...</c>: what the units that a class goes back to stand for in the image.</summary>
internal static class TrackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var arguments = new TraceArguments();
        Argument<string[]> images = CommonOptions.Images();
        Option<string?> set = new("--set") { Description = "The units to track where there is a second image: those both have (default), or those only the first has.", HelpName = "common|unique" };
        Option<string> look = new("--look") { Description = "clean, or as the paper's figures: paper, and paper-wrapped with the program's 8-bit arithmetic.", HelpName = "LOOK", DefaultValueFactory = _ => "clean" };
        Option<string?> picture = new("--out") { Description = "Where the sheet goes. Without it: IMAGE-track.png in the current folder.", HelpName = "PNG" };
        Option<string?> save = new("--save") { Description = "Write the feature images as an array of images x 1 x rows x columns.", HelpName = "NPY" };
        picture.Written(picture: true);
        save.Written();
        var command = new Command("track", "Show what the units that a class goes back to stand for in the image (Fang 2017): image, maps, reconstruction, feature image.")
        {
            arguments.Model.Path, arguments.Model.Structure, images, arguments.Compare, set, arguments.Literal, arguments.Threshold, arguments.Percentile, arguments.Class, look, picture,
            save, arguments.Preprocess, arguments.Where.Device, arguments.Where.Precision,
        };
        command.SetAction(parsed =>
        {
            FeatureLook drawn = parsed.GetRequiredValue(look) switch
            {
                "clean" => FeatureLook.Clean, "paper" => FeatureLook.Paper, "paper-wrapped" => FeatureLook.PaperWrapped,
                var other => throw new UsageException($"--look {other}: clean, paper or paper-wrapped is wanted"),
            };
            string? choice = parsed.GetValue(set);
            arguments.Check(parsed, "--set", choice);
            using Network network = arguments.Model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(arguments.Preprocess));
            using Engine engine = arguments.Where.Make(network, parsed);
            var backtracking = new DenseBacktracking(engine);
            var tracking = new FeatureTracking(engine, backtracking.Features.Name);
            BacktrackingOptions options = arguments.Options(parsed);
            NetworkInput? second = parsed.GetValue(arguments.Compare) is { } path ? TraceArguments.One(reader, path) : null;
            UnitSet? theirs = second is null ? null : backtracking.Trace(second.Tensor, options, cancellation)[0].Traced;
            Facts.Write("model", network.Source ?? "");
            EngineFacts.Write(engine);
            Facts.Write("preprocessing", reader.Preprocessing.ToString());
            if (reader.IsGuess)
                Facts.Warn($"no --preprocess was given; '{reader.Preprocessing.Name}' is a guess");
            string[] files = parsed.GetRequiredValue(images);
            var found = new List<TrackedFeatures>();
            var sheet = new TrackSheet(drawn, $"{Path.GetFileNameWithoutExtension(network.Source)}: features behind '{backtracking.Features.Name}'");
            foreach (NetworkInput input in files.SelectMany(reader.Read))
            {
                BacktrackingResult trace = backtracking.Trace(input.Tensor, options, cancellation)[0];
                UnitSet units = theirs is null ? trace.Traced : choice == "unique" ? trace.Traced.Except(theirs) : trace.Traced.And(theirs);
                TrackedFeatures features = tracking.Track(input.Tensor, reader.Preprocessing.Order, [units], cancellation)[0];
                sheet.Add(input, trace, features);
                found.Add(features);
                Facts.Write(Path.GetFileName(input.Source), $"class {trace.Class}, {units.Count} of {trace.Positive.Count} positive units of '{units.Node}'");
            }

            string file = parsed.GetValue(picture) ?? $"{Path.GetFileNameWithoutExtension(files[0])}-track.png";
            sheet.Render().Save(file);
            Facts.Write("wrote", file);
            if (parsed.GetValue(save) is { } array)
            {
                NpyFile.Save(array, Together(found));
                Facts.Write("wrote", array);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>All feature images; those of one network have one size.</summary>
    static Tensor<float> Together(List<TrackedFeatures> found)
    {
        (int height, int width) = (found[0].Height, found[0].Width);
        var values = new float[found.Count * height * width];
        for (int i = 0; i < found.Count; i++)
            found[i].Image.CopyTo(values.AsSpan(i * height * width));
        return Tensor.Create(values, [found.Count, 1, height, width]);
    }
}
