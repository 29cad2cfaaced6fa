using System.CommandLine;
using Preimage.Algorithms.Backtracking;
using Preimage.Cli.Commands;
using Preimage.Cli.Inputs;
using Preimage.Layers;

namespace Preimage.Cli.Tracking;

/// <summary>The arguments that backtrack and track have in common; each command adds its own instances.</summary>
internal sealed class TraceArguments
{
    /// <summary>The model.</summary>
    public ModelFile Model { get; } = new();

    /// <summary>The second image.</summary>
    public Option<string?> Compare { get; } = new("--compare") { Description = "A second image, whose units are compared with the first one's.", HelpName = "IMAGE" };

    /// <summary>Every positive contribution.</summary>
    public Option<bool> Literal { get; } = new("--literal") { Description = "Keep every positive contribution to the first dense layer, as the paper's text has it; without it the strongest only, as its program." };

    /// <summary>The least contribution.</summary>
    public Option<double> Threshold { get; } = new("--threshold") { Description = "Contributions up to this do not take part.", HelpName = "X", DefaultValueFactory = _ => new BacktrackingOptions().Threshold };

    /// <summary>The percentile.</summary>
    public Option<double> Percentile { get; } = new("--percentile") { Description = "The percentile of the others that a unit's contribution must exceed.", HelpName = "P", DefaultValueFactory = _ => new BacktrackingOptions().Percentile };

    /// <summary>The class.</summary>
    public Option<int?> Class { get; } = new("--class") { Description = "The class to start from; without it the predicted one.", HelpName = "N" };

    /// <summary>How pictures become inputs.</summary>
    public Option<string?> Preprocess { get; } = CommonOptions.Preprocess();

    /// <summary>Where it runs.</summary>
    public EngineArguments Where { get; } = new();

    /// <summary>How the trace is made.</summary>
    public BacktrackingOptions Options(ParseResult parsed) => new()
    {
        Literal = parsed.GetValue(Literal), Threshold = parsed.GetValue(Threshold), Percentile = parsed.GetValue(Percentile), Class = parsed.GetValue(Class),
    };

    /// <summary>Reads an image that is one sample.</summary>
    /// <exception cref="PreimageException">The array holds several.</exception>
    public static NetworkInput One(InputReader reader, string path)
    {
        NetworkInput[] inputs = [.. reader.Read(path)];
        return inputs.Length == 1 ? inputs[0] : throw new PreimageException($"{path} holds {inputs.Length} samples: one image at a time is traced");
    }

    /// <summary>Refuses a choice between common and unique units that nothing was compared for.</summary>
    /// <exception cref="UsageException">It does not go together, or there is no such choice.</exception>
    public void Check(ParseResult parsed, string option, string? choice)
    {
        if (choice is not (null or "common" or "unique"))
            throw new UsageException($"{option} {choice}: common or unique is wanted");
        if (choice is not null && parsed.GetValue(Compare) is null)
            throw new UsageException($"{option} {choice} needs a second image: --compare IMAGE");
    }
}
