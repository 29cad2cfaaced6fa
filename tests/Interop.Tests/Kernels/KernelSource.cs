using System.Text.RegularExpressions;

namespace Preimage.Interop.Tests.Kernels;

/// <summary>A parameter of a kernel.</summary>
/// <param name="Type">Its type in the source: a pointer, int, unsigned, i64, float, double.</param>
/// <param name="Name">Its name in the source.</param>
internal sealed record KernelParameter(string Type, string Name);

/// <summary>A kernel as its source declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Comment">What stands right above it.</param>
/// <param name="Parameters">In order.</param>
internal sealed partial record KernelSource(string Name, string Comment, IReadOnlyList<KernelParameter> Parameters)
{
    /// <summary>Bits of each parameter, with the kind that PTX gives it: u64, u32, f32, f64.</summary>
    public IEnumerable<string> PtxTypes => Parameters.Select(p => p.Type switch
    {
        "int" or "unsigned" => "u32",
        "float" => "f32",
        "double" => "f64",
        _ => "u64",
    });

    /// <summary>The kernels of a .cu file, in order. Parameters that many take may stand in a macro of that file or its headers.</summary>
    public static List<KernelSource> In(string file)
    {
        string text = Read(file);
        var headers = Header().Matches(text).Select(m => Read(Path.Combine(Path.GetDirectoryName(file)!, m.Groups[1].Value)));
        var macros = headers.Append(text).SelectMany(t => Macro().Matches(t)).DistinctBy(m => m.Groups["name"].Value).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["text"].Value);
        return
        [
            .. Kernel().Matches(text).Select(m => new KernelSource(
                m.Groups["name"].Value,
                string.Join(' ', m.Groups["comment"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().TrimStart('/').Trim())),
                [.. m.Groups["takes"].Value.Split(',').SelectMany(p => macros.GetValueOrDefault(p.Trim(), p).Split(',')).Select(Parse)])),
        ];
    }

    /// <summary>The entries of a PTX file with the types of their parameters.</summary>
    public static Dictionary<string, string[]> InPtx(string text) => Entry().Matches(text).ToDictionary(
        m => m.Groups["name"].Value, m => Parameter().Matches(m.Groups["takes"].Value).Select(p => p.Groups[1].Value).ToArray());

    static string Read(string file) => File.ReadAllText(file).ReplaceLineEndings("\n").Replace("\\\n", " ");

    static KernelParameter Parse(string declaration)
    {
        string[] words = [.. Attribute().Replace(declaration, "").Replace("*", "* ").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("const" or "__restrict__" or "RESTRICT"))];
        return new KernelParameter(string.Concat(words[..^1]), words[^1]);
    }

    [GeneratedRegex(@"(?<comment>(?:^//[^\n]*\n)*)^KERNEL (?<name>\w+)\((?<takes>[^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex Kernel();

    [GeneratedRegex(@"^#define (?<name>[A-Z_]+) (?<text>[^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Macro();

    [GeneratedRegex("^#include \"(.*)\"", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"\[\[\w+\]\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\.entry (?<name>\w+)\((?<takes>[^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param \.(\w+) ")]
    private static partial Regex Parameter();
}
