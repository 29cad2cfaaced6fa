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
    public const string Cuda = "cuda";
    public const string CuBlasLt = "cublasLt";
    public const string CuBlas = "cublas";
    public const string CuDnn = "cudnn";

    static readonly Dictionary<string, Source> s_sources = new()
    {
        [TurboJpeg] = new("PREIMAGE_TURBOJPEG",
            Linux: ["libturbojpeg.so.0", "libturbojpeg.so"],
            Windows: ["turbojpeg.dll", "libturbojpeg.dll"],
            Mac: ["libturbojpeg.0.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.0.dylib",
                "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.0.dylib"]),
    };

    static readonly ConcurrentDictionary<string, Attempt> s_attempts = new();

    static readonly Lazy<CudaSearch> s_cuda = new(
        () => new CudaSearch(CudaPlaces.Here, new NativeLoader(), s_cudaPath ?? Environment.GetEnvironmentVariable(CudaNames.Variable)));

    static string? s_cudaPath;

    static Libraries() => NativeLibrary.SetDllImportResolver(typeof(Libraries).Assembly, Resolve);

    /// <summary>What a search came to: the handle (0 if none), every name tried, in order, and the one that was taken.</summary>
    public sealed record Attempt(nint Handle, IReadOnlyList<string> Tried, string? Taken = null);

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

    /// <summary>
    /// Folders or files that CUDA's libraries are taken from, separated as in PATH, before everything else; overrides
    /// PREIMAGE_CUDA. False when the search has been made already.
    /// </summary>
    public static bool TrySetCudaPath(string path)
    {
        if (s_cuda.IsValueCreated) return false;
        s_cudaPath = path;
        return true;
    }

    static Attempt Search(string library)
    {
        if (library is Cuda or CuBlasLt or CuBlas or CuDnn) return s_cuda.Value.Find(library);
        if (!s_sources.TryGetValue(library, out var source)) return new Attempt(0, []);
        var tried = new List<string>();
        foreach (string candidate in Candidates(source))
        {
            tried.Add(candidate);
            if (NativeLibrary.TryLoad(candidate, out nint handle)) return new Attempt(handle, tried, candidate);
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

    static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (TryLoad(library, out var attempt)) return attempt.Handle;
        // The runtime's own search would find what ours has refused: a stub, a cuDNN of another CUDA.
        return attempt.Tried.Count == 0 ? 0 : throw new DllNotFoundException($"{library} was not found. Tried: {string.Join(", ", attempt.Tried)}.");
    }
}
