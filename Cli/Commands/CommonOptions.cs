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
    // No default here: the help would name what the machine has in place of the word.
    public static Option<Device?> OnDevice() => new("--device")
    {
        Description = "Where to run: cpu, cuda (the first GPU), cuda:N, or best, a GPU where there is one; best unless said.",
        HelpName = "cpu|cuda|best",
        CustomParser = result => DeviceName.TryParse(result.Tokens[0].Value, out Device device) ? device : Refuse(result),
    };

    /// <summary>The arithmetic.</summary>
    public static Option<string> Arithmetic(string description = "The arithmetic: single is float32 by the fastest algorithms, strict leaves out what sums in another order than documented (Winograd), fast takes TF32 where the device gains by it.")
    {
        var option = new Option<string>("--precision") { Description = description, DefaultValueFactory = _ => ComparedSide.PrecisionNames[0] };
        option.AcceptOnlyFromAmong(ComparedSide.PrecisionNames);
        return option;
    }

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

    /// <summary>Refuses a file that could not be written in the end, before any time is spent: one in a folder that is not there, or of an extension no picture is written in.</summary>
    /// <param name="option">The option.</param>
    /// <param name="picture">Whether a picture goes there.</param>
    public static Option<string?> Written(this Option<string?> option, bool picture = false)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var path }])
                return;
            string[] extensions = [.. ImageCodec.All.Where(c => c.CanEncode).SelectMany(c => c.Extensions)];
            if (picture && !extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                result.AddError($"{option.Name} {path}: pictures are written as {string.Join(", ", extensions)}.");
            else if (Directory.Exists(path))
                result.AddError($"{option.Name} {path}: that is a folder, and a file is to be written.");
            else if (path.Length > 0 && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
                result.AddError($"{option.Name} {path}: there is no folder {folder}.");
        });
        return option;
    }

    static Device? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"There is no device '{result.Tokens[0].Value}': cpu, cuda, cuda:N and best are known.");
        return null;
    }
}
