using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Preimage.Native;

/// <summary>
/// The one place that finds native libraries: their names, an environment variable each that overrides the search, and
/// what was tried. Looking never throws; whoever needs a library turns the attempts into an error.
/// </summary>
internal static class Libraries
{
    public const string TurboJpeg = "turbojpeg";

    static readonly Dictionary<string, Source> s_sources = new()
    {
        [TurboJpeg] = new("PREIMAGE_TURBOJPEG",
            Linux: ["libturbojpeg.so.0", "libturbojpeg.so"],
            Windows: ["turbojpeg.dll", "libturbojpeg.dll"],
            Mac: ["libturbojpeg.0.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.0.dylib",
                "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.0.dylib"]),
    };

    static readonly ConcurrentDictionary<string, Attempt> s_attempts = new();

    static Libraries() => NativeLibrary.SetDllImportResolver(typeof(Libraries).Assembly, Resolve);

    /// <summary>What a search came to: the handle (0 if none) and every name tried, in order.</summary>
    public sealed record Attempt(nint Handle, IReadOnlyList<string> Tried);

    sealed record Source(string Variable, string[] Linux, string[] Windows, string[] Mac)
    {
        public string[] Names => OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? Mac : Linux;
    }

    /// <summary>Loads a library once per process; false when no name worked. Never throws.</summary>
    public static bool TryLoad(string library, out Attempt attempt)
    {
        attempt = s_attempts.GetOrAdd(library, Search);
        return attempt.Handle != 0;
    }

    /// <summary>The environment variable that names a library's file.</summary>
    public static string VariableOf(string library) => s_sources[library].Variable;

    static Attempt Search(string library)
    {
        if (!s_sources.TryGetValue(library, out var source)) return new Attempt(0, []);
        var tried = new List<string>();
        foreach (string candidate in Candidates(source))
        {
            tried.Add(candidate);
            if (NativeLibrary.TryLoad(candidate, out nint handle)) return new Attempt(handle, tried);
        }
        return new Attempt(0, tried);
    }

    static IEnumerable<string> Candidates(Source source)
    {
        // Somebody who names a file means that file: falling back would hide the mistake.
        if (Environment.GetEnvironmentVariable(source.Variable) is { Length: > 0 } given)
        {
            yield return given;
            yield break;
        }
        foreach (string name in source.Names)
        {
            if (!Path.IsPathRooted(name)) yield return Path.Combine(AppContext.BaseDirectory, name);
            yield return name;
        }
    }

    static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        TryLoad(library, out var attempt) ? attempt.Handle : 0;
}
