using System.CommandLine;
using Preimage.Algorithms.Attribution;

namespace Preimage.Cli.Explaining;

/// <summary>How the command line names attribution methods.</summary>
internal static class MethodNames
{
    /// <summary>Names all of them.</summary>
    public const string All = "all";

    /// <summary>The methods of one backward pass, which take no longer together than a picture takes to be looked at.</summary>
    const string Default = "saliency,deconvnet,guided,input-x-gradient";

    /// <summary>The option.</summary>
    /// <param name="standard">What it names where nobody says.</param>
    public static Option<string> Option(string standard = Default)
    {
        string[] names = [.. MethodCatalogue.All.Select(m => m.Name)];
        var option = new Option<string>("--method")
        {
            Description = $"The methods, side by side: {string.Join(", ", names)}; several with commas between, or {All}.", HelpName = "NAME,...", DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            foreach (string name in Split(result.GetRequiredValue(option)).Except(names))
                result.AddError($"--method {name}: there is no such method; there are {string.Join(", ", names)}, and {All}.");
        });
        return option;
    }

    /// <summary>The methods that a text names.</summary>
    public static IReadOnlyList<string> Of(string text) => text == All ? [.. MethodCatalogue.All.Select(m => m.Name)] : [.. Split(text).Distinct()];

    static string[] Split(string text) => text == All ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
