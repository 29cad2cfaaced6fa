using Preimage.Native;

namespace Preimage.Interop.Tests.Search;

/// <summary>
/// A loader of made-up libraries: files of text in a temporary folder, whose lines name what they export and which version each
/// function reports, like "cudnnGetVersion=91900".
/// </summary>
internal sealed class FakeLoader : NativeLoader
{
    readonly List<Dictionary<string, long>> _libraries = [];

    /// <summary>Everything loaded, in order, by the path or name it was loaded by; freed ones too.</summary>
    public List<string> Loads { get; } = [];

    /// <summary>What was freed.</summary>
    public List<string> Freed { get; } = [];

    /// <summary>What the system's own search finds, by name.</summary>
    public Dictionary<string, string> System { get; } = [];

    /// <summary>The file that a name led to, where the system says so.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>What somebody in the process has loaded, by name.</summary>
    public Dictionary<string, string> Resident { get; } = [];

    public override bool TryLoad(string nameOrPath, out nint handle)
    {
        string? text = Path.IsPathRooted(nameOrPath) ? (File.Exists(nameOrPath) ? File.ReadAllText(nameOrPath) : null) : System.GetValueOrDefault(nameOrPath);
        handle = text is null or "broken" ? 0 : Add(text);
        if (handle != 0) Loads.Add(nameOrPath);
        return handle != 0;
    }

    public override bool TryFindLoaded(string name, out nint handle)
    {
        handle = Resident.TryGetValue(name, out string? text) ? Add(text) : 0;
        if (handle != 0) Loads.Add($"resident {name}");
        return handle != 0;
    }

    public override string? FileOf(nint handle, string symbol) => Files.GetValueOrDefault(Loads[(int)handle - 1]);

    public override void Free(nint handle) => Freed.Add(Loads[(int)handle - 1]);

    public override bool Exports(nint handle, string symbol) => _libraries[(int)handle - 1].ContainsKey(symbol);

    /// <summary>Functions that were called for a version, with what they were called in.</summary>
    public List<string> Asked { get; } = [];

    public override long Version(nint handle, string function)
    {
        if (handle == 0) return 0;
        Asked.Add($"{function} of {Loads[(int)handle - 1]}");
        return _libraries[(int)handle - 1].GetValueOrDefault(function);
    }

    nint Add(string text)
    {
        _libraries.Add(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('=')).ToDictionary(e => e[0], e => e.Length > 1 ? long.Parse(e[1]) : 0));
        return _libraries.Count;
    }
}
