using System.CommandLine;
using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>The arguments that name a model; each command adds its own.</summary>
internal sealed class ModelFile
{
    /// <summary>The file.</summary>
    public Argument<string> Path { get; } = new("MODEL")
    {
        Description = "A trained network: an ONNX file, a MatConvNet .mat, or a .caffemodel with its .prototxt beside it.",
    };

    /// <summary>The structure, for files that hold weights only.</summary>
    public Option<string?> Structure { get; } = new("--structure")
    {
        Description = "The .prototxt of a .caffemodel, where it is not NAME.prototxt, NAME_deploy.prototxt or deploy.prototxt beside it.", HelpName = "FILE",
    };

    /// <summary>Loads it.</summary>
    public Network Load(ParseResult parsed) => Network.Load(InputFile.RequireModel(parsed.GetRequiredValue(Path)), new LoadOptions { Structure = parsed.GetValue(Structure) });
}
