using System.CommandLine;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Inputs;
using Preimage.Cli.Searching;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage invert MODEL IMAGE --node NAME</c> and <c>preimage invert --representation hog IMAGE</c>: images with the same representation.</summary>
internal static class InvertCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        Argument<string[]> paths = new("MODEL IMAGE")
        {
            Description = "A trained network and a picture (or .npy array); with --representation the picture alone.", Arity = new ArgumentArity(1, 2),
        };
        Option<string?> structure = new ModelFile().Structure;
        Option<string?> node = new("--node") { Description = "The node whose values the images are to share.", HelpName = "NAME" };
        Option<string?> representation = new("--representation") { Description = "A descriptor in place of a network: histograms of gradients, hard, bilinear or by ReLUs, or dense SIFT." };
        representation.AcceptOnlyFromAmong(DescriptorNames.All);
        Option<int> cell = new Option<int>("--cell") { Description = "Pixels along a cell's side, for --representation.", HelpName = "N", DefaultValueFactory = _ => 8 }.AtLeast(2);
        Option<string?> mask = new("--mask")
        {
            Description = "Units that count, the others being free: window:5, box:TOP,LEFT,HEIGHT,WIDTH, channels:0-47, group:0/2, or an .npy array of weights.", HelpName = "MASK",
        };
        var search = new SearchArguments();
        var command = new Command("invert", "Search for images that a network, or a descriptor, represents as it does a picture.") { paths, structure, node, representation, cell, mask };
        search.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] files = parsed.GetRequiredValue(paths);
            return parsed.GetValue(representation) is { } descriptor
                ? Descriptor(files, descriptor)
                : OfNetwork(files);

            int OfNetwork(string[] files)
            {
                if (files.Length != 2)
                    throw new UsageException("invert takes MODEL and IMAGE, or --representation and IMAGE");
                string at = parsed.GetValue(node) ?? throw new UsageException("--node is missing: preimage inspect MODEL lists the nodes");
                using Network network = Network.Load(InputFile.RequireModel(files[0]), new LoadOptions { Structure = parsed.GetValue(structure) });
                var reader = new InputReader(network, parsed.GetValue(search.Preprocess));
                NetworkInput input = reader.Read(files[1]).First();
                using Engine engine = search.Where.Make(network, parsed);
                PreImageOptions options = search.Options(parsed, PreImageOptions.PaperInversion()) with { Mask = MaskText.Parse(parsed.GetValue(mask)) };
                string title = $"{Path.GetFileNameWithoutExtension(files[0])}, {at}: images like {Path.GetFileName(files[1])}";
                return new SearchRun(engine, search.Files(parsed, $"{Path.GetFileNameWithoutExtension(files[1])}-{at}"), title, input.Shown, reader.IsGuess)
                    .Execute(progress => Invert(engine, input, at, options, reader.Preprocessing, progress));
            }

            int Descriptor(string[] files, string name)
            {
                if (files.Length != 1 || parsed.GetValue(node) is not null)
                    throw new UsageException("--representation takes an IMAGE alone, and no --node");
                Picture picture = Picture.Load(InputFile.RequireImage(files[0])).ToGrey();
                using Network network = DescriptorNames.Make(name, picture.Height, picture.Width, parsed.GetValue(cell));
                using Engine engine = search.Where.Make(network, parsed);
                // Descriptors see differences only: grey as it is, without a mean.
                PreparedInput input = new Preprocessing { Name = "grey", Resize = ResizeRule.None, Order = ChannelOrder.Grey }.Apply(picture, 1, picture.Height, picture.Width, files[0]);
                PreImageOptions options = search.Options(parsed, PreImageOptions.PaperDescriptor()) with { Mask = MaskText.Parse(parsed.GetValue(mask)) };
                string title = $"{name}, cells of {parsed.GetValue(cell)}: images like {Path.GetFileName(files[0])}";
                return new SearchRun(engine, search.Files(parsed, $"{Path.GetFileNameWithoutExtension(files[0])}-{name}"), title, picture, preprocessingGuessed: false)
                    .Execute(progress => new Inversion(engine).Invert(input.Tensor, PixelScale.Raw, network.Output.Name, options, progress, cancellation));
            }

            PreImageResult Invert(Engine engine, NetworkInput input, string at, PreImageOptions options, Preprocessing preprocessing, IProgress<PreImageProgress>? progress) =>
                input.Prepared is { } prepared
                    ? new Inversion(engine).Invert(prepared, at, options, progress, cancellation)
                    : new Inversion(engine).Invert(input.Tensor, PixelScale.Of(preprocessing), at, options, progress, cancellation);
        });
        return command;
    }
}
