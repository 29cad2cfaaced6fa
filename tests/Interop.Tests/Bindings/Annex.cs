using System.Text.RegularExpressions;
using Preimage.Tests.Shared;

namespace Preimage.Interop.Tests.Bindings;

/// <summary>
/// What the C headers declare, as written down beside the repository. A signature is compacted to the widths of what it takes
/// and returns: p a pointer or handle, s a size_t, 8, 4, 2 and 1 integers of so many bytes (enums have 4), f float, d double, v nothing.
/// </summary>
internal static partial class Annex
{
    static readonly Dictionary<string, char> s_widths = new()
    {
        ["int"] = '4', ["uint"] = '4', ["i32"] = '4', ["u32"] = '4', ["size_t"] = 's', ["float"] = 'f', ["double"] = 'd', ["void"] = 'v',
        ["uchar"] = '1', ["ushort"] = '2', ["ulong64"] = '8', ["long64"] = '8', ["i64"] = '8', ["cuuint64_t"] = '8', ["CUdeviceptr"] = '8',
        ["CUdevice"] = '4', ["cudaDataType"] = '4', ["libraryPropertyType"] = '4',
    };

    // Enums by their last letters; every other name is a handle.
    static readonly string[] s_handles = ["Handle_t", "Descriptor_t", "cudaStream_t"];

    /// <summary>Compact signatures of every function of the headers, by name.</summary>
    public static Dictionary<string, string> Signatures()
    {
        var signatures = new Dictionary<string, string>();
        foreach (string library in (string[])["driver", "cublas", "cudnn"])
        {
            foreach (string line in File.ReadLines(ReferenceData.Path($"../cuda-annex/{library}-signatures.txt")))
            {
                var match = Signature().Match(line);
                Assert.True(match.Success, line);
                string takes = string.Concat(match.Groups["takes"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(p => Width(p.Split(": ", 2)[1])));
                signatures[match.Groups["name"].Value] = $"{takes}:{(match.Groups["gives"].Success ? Width(match.Groups["gives"].Value) : 'v')}";
            }
        }
        return signatures;
    }

    /// <summary>Values of every enumerator of the headers, by name.</summary>
    public static Dictionary<string, int> Constants()
    {
        var constants = new Dictionary<string, int>();
        foreach (string line in File.ReadLines(ReferenceData.Path("../cuda-annex/enums-structs.txt")).Where(l => l.StartsWith("enum ", StringComparison.Ordinal)))
        {
            foreach (Match match in Enumerator().Matches(line))
            {
                if (int.TryParse(match.Groups[2].Value, out int value)) constants.TryAdd(match.Groups[1].Value, value);
            }
        }
        return constants;
    }

    static char Width(string type)
    {
        if (type.StartsWith('*')) return 'p';
        if (s_widths.TryGetValue(type, out char width)) return width;
        if (s_handles.Any(h => type.EndsWith(h, StringComparison.Ordinal)) || type == "CUhostFn") return 'p';
        // Status codes, modes and the like; the driver's handles have no ending of their own.
        return type.EndsWith("_t", StringComparison.Ordinal) || type.Contains('_', StringComparison.Ordinal) || type is "CUresult" or "CUstreamCaptureMode" ? '4' : 'p';
    }

    [GeneratedRegex(@"^(?<name>\w+)\((?<takes>.*?)\)\s*(?:->\s*(?<gives>\S.*?))?\s*\[[^\]]*\]\s*$")]
    private static partial Regex Signature();

    [GeneratedRegex(@"(\w+) = (-?\d+)")]
    private static partial Regex Enumerator();
}
