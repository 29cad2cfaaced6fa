using System.CommandLine;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Inputs;
using Preimage.Cli.Searching;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage caricature MODEL IMAGE --node NAME</c>: the picture with what the network sees in it exaggerated.</summary>
internal static class CaricatureCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string> image = new("IMAGE") { Description = "A picture (PNG, PPM, JPEG), or an .npy array that is the network's input as it is." };
        Option<string> node = new("--node") { Description = "The node whose values are exaggerated.", HelpName = "NAME", Required = true };
        var search = new SearchArguments();
        var command = new Command("caricature", "Exaggerate in a picture what a node of a network sees in it.") { model.Path, image, model.Structure, node };
        search.AddTo(command);
        command.SetAction(parsed =>
        {
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(search.Preprocess));
            string at = network.Nodes[parsed.GetRequiredValue(node)].Name, file = parsed.GetRequiredValue(image);
            NetworkInput input = reader.Read(file).First();
            using Engine engine = search.Where.Make(network, parsed);
            PreImageOptions options = search.Options(parsed, PreImageOptions.PaperCaricature());
            var run = new SearchRun(engine, search.Files(parsed, $"{Path.GetFileNameWithoutExtension(file)}-caricature-{at}"),
                $"{Path.GetFileNameWithoutExtension(network.Source)}, {at}: caricature of {Path.GetFileName(file)}", input.Shown, reader.IsGuess);
            return run.Execute(progress => input.Prepared is { } prepared
                ? new Caricature(engine).Draw(prepared, at, options, progress, cancellation)
                : new Caricature(engine).Draw(input.Tensor, PixelScale.Of(reader.Preprocessing), at, options, progress, cancellation));
        });
        return command;
    }
}
