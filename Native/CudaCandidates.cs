namespace Preimage.Native;

/// <summary>A file or name that a library may be loaded by.</summary>
/// <param name="Name">A path, or a name for the system's loader.</param>
/// <param name="Loaded">Whether only a copy that the process has loaded already is meant.</param>
internal sealed record CudaCandidate(string Name, bool Loaded = false)
{
    /// <summary>What is to be loaded first.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];
}

/// <summary>What to try for each of CUDA's libraries, in which order.</summary>
/// <param name="places">The machine.</param>
/// <param name="given">Folders or files, separated as in PATH, that go before everything; null or empty for none.</param>
internal sealed class CudaCandidates(CudaPlaces places, string? given)
{
    readonly string[] _given = (given ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether a file was named that serves them all, which leaves nothing to look for elsewhere.</summary>
    public bool OnlyGiven => _given.Any(e => File.Exists(e) && CudaNames.LibraryOf(e) is null);

    /// <summary>The part of cuDNN that every call of its goes through.</summary>
    public string GraphPart => places.IsWindows ? "cudnn_graph64_9.dll" : "libcudnn_graph.so.9";

    /// <summary>Named places that are not there, in words.</summary>
    public IReadOnlyList<string> Missing() =>
        [.. _given.Where(e => !File.Exists(e) && !Directory.Exists(e)).Select(e => $"{e} (does not exist, but is named in {CudaNames.Variable})")];

    /// <summary>Names of a library's file for a major version of CUDA, best first.</summary>
    public string[] Names(string library, int major) => CudaNames.Of(library, major, places.IsWindows);

    /// <summary>Everything to try.</summary>
    public IEnumerable<CudaCandidate> Of(string library, int major)
    {
        bool exclusive = OnlyGiven;
        foreach (CudaCandidate candidate in FromGiven(library, major))
        {
            exclusive = true;
            yield return candidate;
        }
        if (exclusive) yield break;
        foreach (string name in Names(library, major)) yield return new CudaCandidate(name, Loaded: true);
        foreach (string name in Names(library, major)) yield return new CudaCandidate(name);
        foreach (CudaCandidate candidate in library == Libraries.Cuda ? FromDriversFolders() : FromToolkits(library, major))
        {
            if (!candidate.Name.Replace('\\', '/').Contains("/stubs/", StringComparison.Ordinal)) yield return candidate;
        }
    }

    /// <summary>What a library of a folder opens by name at run time, from that folder: a part already loaded is the one it gets.</summary>
    public IReadOnlyList<string> Before(string library, string folder) => Before(library, folder, folder);

    IEnumerable<CudaCandidate> FromGiven(string library, int major)
    {
        foreach (string entry in _given)
        {
            if (File.Exists(entry))
            {
                string full = Path.GetFullPath(entry), folder = Path.GetDirectoryName(full)!;
                string? named = CudaNames.LibraryOf(full);
                if ((named ?? library) == library) yield return new CudaCandidate(full) { Before = named is null ? [] : Before(library, folder, Compiler(folder)) };
                continue;
            }
            foreach (string name in Names(library, major))
            {
                string folder = Path.GetFullPath(entry), file = Path.Combine(folder, name);
                if (File.Exists(file)) yield return new CudaCandidate(file) { Before = Before(library, folder, Compiler(folder)) };
            }
        }
    }

    /// <summary>The named folder that NVRTC lies in: wheels have it beside cuBLAS, not beside cuDNN.</summary>
    string Compiler(string folder) =>
        _given.Where(Directory.Exists).FirstOrDefault(f => CudaPlaces.Matching(f, places.IsWindows ? "nvrtc64_*" : "libnvrtc.so.*").Length > 0) ?? folder;

    IEnumerable<CudaCandidate> FromDriversFolders() =>
        from folder in places.Driver
        from name in Names(Libraries.Cuda, 0)
        select new CudaCandidate(Path.Combine(folder, name)) { Before = Before(Libraries.Cuda, folder) };

    IEnumerable<CudaCandidate> FromToolkits(string library, int major) =>
        from folders in places.Toolkits(major)
        let folder = library == Libraries.CuDnn ? folders.Dnn : folders.Blas
        from name in Names(library, major)
        select new CudaCandidate(Path.Combine(folder, name)) { Before = Before(library, folder, folders.Nvrtc) };

    string[] Before(string library, string folder, string nvrtc)
    {
        // The driver opens its compiler of PTX by name, where the system's loader looks; a folder found here is none of its.
        if (library == Libraries.Cuda) return CudaPlaces.Matching(folder, "libnvidia-ptxjitcompiler.so.1");
        if (library != Libraries.CuDnn) return [];
        // NVRTC 13.0 does not find its builtins by itself.
        string[] compiler = places.IsWindows
            ? [.. CudaPlaces.Matching(nvrtc, "nvrtc-builtins64_*.dll"), .. CudaPlaces.Matching(nvrtc, "nvrtc64_*_0.dll")]
            : [.. CudaPlaces.Matching(nvrtc, "libnvrtc-builtins.so.*"), .. CudaPlaces.Matching(nvrtc, "libnvrtc.so.*")];
        string[] parts = CudaPlaces.Matching(folder, places.IsWindows ? "cudnn_*64_9.dll" : "libcudnn_*.so.9");
        return [.. compiler.Order(StringComparer.Ordinal), .. parts.OrderBy(Rank).ThenBy(p => p, StringComparer.Ordinal)];
    }

    static int Rank(string part) => Array.FindIndex(
        CudaNames.DnnParts, p => Path.GetFileName(part).Contains($"cudnn_{p}", StringComparison.Ordinal));
}
