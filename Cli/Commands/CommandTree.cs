using System.CommandLine;
using System.CommandLine.Help;

namespace Preimage.Cli.Commands;

/// <summary>All commands; a new one is a file beside this and a line here.</summary>
internal static class CommandTree
{
    /// <summary>Shows the stack of an error; understood after every command.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where an error comes from.", Recursive = true };

    /// <summary>Builds the command line.</summary>
    /// <param name="cancellation">Signalled by Ctrl+C.</param>
    public static RootCommand Build(CancellationToken cancellation)
    {
        RootCommand root = All(cancellation);
        // One option, which the root's commands share.
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    static RootCommand All(CancellationToken cancellation) => new(
        "Looks inside convolutional networks: which pixels a class or a unit answers to, and which images a representation stands for. Exit codes: 0 done, 1 failed, 2 not understood, 130 interrupted.")
    {
        Verbose,
        DemoCommand.Create(cancellation),
        GalleryCommand.Create(cancellation),
        InspectCommand.Create(),
        ClassifyCommand.Create(cancellation),
        ExplainCommand.Create(cancellation),
        MeasureCommand.Create(cancellation),
        TopCommand.Create(cancellation),
        DecodeCommand.Create(cancellation),
        InvertCommand.Create(cancellation),
        MaximizeCommand.Create(cancellation),
        CaricatureCommand.Create(cancellation),
        BacktrackCommand.Create(cancellation),
        TrackCommand.Create(cancellation),
        TrainCommand.Create(cancellation),
        ProfileCommand.Create(cancellation),
        CompareCommand.Create(cancellation),
        ReproduceCommand.Create(cancellation),
        DevicesCommand.Create(),
    };
}
