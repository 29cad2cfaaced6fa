using System.CommandLine;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Inputs;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary>Arguments that several commands take; each command adds its own instances.</summary>
internal static class CommonOptions
{
    /// <summary>Pictures, at least one.</summary>
    public static Argument<string[]> Images() => new("IMAGE")
    {
        Description = "Pictures (PNG, PPM, JPEG), or .npy arrays that are the network's input as they are.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>How pictures become inputs.</summary>
    public static Option<string?> Preprocess() => new("--preprocess")
    {
        Description = "How a picture becomes the network's input: " + string.Join(", ", Preprocessing.Presets.Select(p => p.Name))
            + ", or a .json file of settings. Without it one is guessed from the input's channels, and the guess is printed.",
        HelpName = "PRESET|FILE",
    };

    /// <summary>The names of the classes.</summary>
    public static Option<string?> Labels() => new("--labels")
    {
        Description = "Names of the classes, one a line, class 0 first.",
        HelpName = "FILE",
    };

    /// <summary>The device.</summary>
    public static Option<Device> OnDevice() => new("--device")
    {
        Description = "Where to run: cpu, cuda, cuda:N or best.",
        HelpName = "cpu|cuda|best",
        DefaultValueFactory = _ => Device.Best,
        CustomParser = result => DeviceName.TryParse(result.Tokens[0].Value, out Device device) ? device : Refuse(result),
    };

    /// <summary>Whether JSON is wanted.</summary>
    /// <param name="form">The keys, for the help text.</param>
    public static Option<bool> Json(string form) => new("--json") { Description = $"Print JSON instead of text: {form}" };

    /// <summary>Refuses values below a least one.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < least)
                result.AddError($"{option.Name} is {value}: it must be at least {least}.");
        });
        return option;
    }

    static Device Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"There is no device '{result.Tokens[0].Value}': cpu, cuda, cuda:N and best are known.");
        return default;
    }
}
