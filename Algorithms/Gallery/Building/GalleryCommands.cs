using System.Globalization;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>What the command lines beside the pictures of a gallery have in common.</summary>
public sealed record GalleryCommands
{
    /// <summary>The model's file, as a command line names it.</summary>
    public required string Model { get; init; }

    /// <summary>The value of <c>--structure</c>, or null.</summary>
    public string? Structure { get; init; }

    /// <summary>The value of <c>--preprocess</c>, or null where the model's file says it or it is guessed.</summary>
    public string? Preprocess { get; init; }

    /// <summary>The value of <c>--labels</c>, or null.</summary>
    public string? Labels { get; init; }

    /// <summary>The value of <c>--device</c>, or null for the best.</summary>
    public string? Device { get; init; }

    /// <summary>The value of <c>--precision</c>, or null for single.</summary>
    public string? Precision { get; init; }

    /// <summary>The command line that makes everything, or null.</summary>
    public string? Whole { get; init; }

    /// <summary>Words as one line that a shell takes apart into them again.</summary>
    public static string Line(IEnumerable<string> words) => CommandText.Of(words);

    /// <summary>One map.</summary>
    internal string Explain(string image, int index, string method) => CommandText.Of(
        ["preimage", "explain", .. Network(image), "--class", Text(index), "--method", method, .. Option("--labels", Labels), .. Shared(), "--out", $"{Stem(image)}-{index}-{method}.png"]);

    /// <summary>All maps of some images, at their strongest class.</summary>
    internal string ExplainAll(IEnumerable<string> images, IEnumerable<string> methods) => CommandText.Of(
        ["preimage", "explain", .. Network([.. images]), "--method", string.Join(',', methods), .. Option("--labels", Labels), .. Shared(), "--out", "maps.png"]);

    /// <summary>Decoded filters.</summary>
    internal string Decode(string node, IReadOnlyList<int> units) => CommandText.Of(
        ["preimage", "decode", .. Network(), "--node", node, "--units", UnitText(units), .. Shared(), "--out", $"decode-{CommandText.Word(node)}.png"]);

    /// <summary>What the units behind a class stand for.</summary>
    internal string Track(string image) => CommandText.Of(["preimage", "track", .. Network(image), .. Shared(), "--out", $"{Stem(image)}-track.png"]);

    /// <summary>A metric of some methods.</summary>
    internal string Measure(IEnumerable<string> images, string metric, IEnumerable<string> methods, ulong seed) => CommandText.Of(
        ["preimage", "measure", .. Network([.. images]), "--metric", metric, "--method", string.Join(',', methods), "--seed", seed.ToString(CultureInfo.InvariantCulture), .. Shared()]);

    /// <summary>An inversion with its frames.</summary>
    internal string Invert(string image, string node, double c, int iterations, int second, int every, ulong seed) => CommandText.Of(
    [
        "preimage", "invert", .. Network(image), "--node", node, "-C", c.ToString(CultureInfo.InvariantCulture), "--iterations", Text(iterations), "--second-phase", Text(second),
        "--seed", seed.ToString(CultureInfo.InvariantCulture), .. Shared(), "--frames", "frames", "--frame-every", Text(every), "--out", $"{Stem(image)}-{CommandText.Word(node)}.png",
    ]);

    string[] Network(params string[] images) => [CommandText.File(Model), .. images.Select(CommandText.File), .. Option("--structure", Structure)];

    string[] Shared() => [.. Option("--preprocess", Preprocess), .. Option("--device", Device), .. Option("--precision", Precision)];

    static string[] Option(string name, string? value) => value is null ? [] : [name, CommandText.File(value)];

    static string Stem(string image) => CommandText.Word(Path.GetFileNameWithoutExtension(image));

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Units as <c>--units</c> takes them: 0-15, or 3,17,40.</summary>
    static string UnitText(IReadOnlyList<int> units) => units.Count > 2 && units[^1] - units[0] == units.Count - 1 ? $"{units[0]}-{units[^1]}" : string.Join(',', units);
}
