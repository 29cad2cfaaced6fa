namespace Preimage.Native;

/// <summary>
/// Finds driver, cuBLAS and cuDNN that fit each other: what is named explicitly, what the process has loaded, what the
/// system finds, then toolkits and wheels. What was loaded stays loaded; nothing here throws.
/// </summary>
/// <remarks>
/// The driver's version picks the major: 13 then 12, or 12 alone. cuDNN must be 9 or later and built for cuBLAS' major: both
/// builds have one name, and the wrong one fails only when it is used.
/// </remarks>
internal sealed class CudaSearch
{
    const int OldestDnn = 90000;

    readonly CudaPlaces _places;
    readonly NativeLoader _loader;
    readonly string[] _given;
    readonly Dictionary<string, Libraries.Attempt> _found = [];

    /// <param name="places">The machine.</param>
    /// <param name="loader">Its loader.</param>
    /// <param name="given">Folders or files, separated as in PATH, that go before everything; null or empty for none.</param>
    public CudaSearch(CudaPlaces places, NativeLoader loader, string? given)
    {
        _places = places;
        _loader = loader;
        _given = (given ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Looks for one of the libraries, once.</summary>
    public Libraries.Attempt Find(string library)
    {
        lock (_found)
        {
            if (!_found.TryGetValue(library, out var attempt))
                _found[library] = attempt = Search(library);
            return attempt;
        }
    }

    Libraries.Attempt Search(string library)
    {
        var tried = new List<string>();
        if (Missing(tried)) return new Libraries.Attempt(0, tried);
        if (library != Libraries.Cuda && Find(Libraries.Cuda).Handle == 0) return new Libraries.Attempt(0, Find(Libraries.Cuda).Tried);
        // cuBLAS and cuDNN both need cuBLASLt, and theirs must be one.
        if (library is Libraries.CuBlas or Libraries.CuDnn) Find(Libraries.CuBlasLt);
        foreach (Candidate candidate in Candidates(library))
        {
            if (Path.IsPathRooted(candidate.Name) && candidate.Name.Replace('\\', '/').Contains("/stubs/", StringComparison.Ordinal)) continue;
            if (TryTake(library, candidate, tried, out nint handle)) return new Libraries.Attempt(handle, tried, candidate.Name);
        }
        return new Libraries.Attempt(0, tried);
    }

    // Somebody who names a place means it: falling back would hide the mistake.
    bool Missing(List<string> tried)
    {
        foreach (string entry in _given)
        {
            if (!File.Exists(entry) && !Directory.Exists(entry)) tried.Add($"{entry} (does not exist, but is named in {CudaNames.Variable})");
        }
        return tried.Count > 0;
    }

    bool TryTake(string library, Candidate candidate, List<string> tried, out nint handle)
    {
        if (candidate.Loaded)
        {
            if (!_loader.TryFindLoaded(candidate.Name, out handle)) return false;
        }
        else
        {
            if (candidate.Before is { } before) foreach (string part in before) _loader.TryLoad(part, out _);
            if (!_loader.TryLoad(candidate.Name, out handle))
            {
                tried.Add(candidate.Name);
                return false;
            }
        }
        string? objection = Objection(library, handle);
        string how = candidate.Loaded ? "loaded already" : "";
        tried.Add((how, objection) switch
        {
            ("", null) => candidate.Name,
            ("", _) => $"{candidate.Name} ({objection})",
            (_, null) => $"{candidate.Name} ({how})",
            _ => $"{candidate.Name} ({how}; {objection})",
        });
        if (objection is null) return true;
        _loader.Free(handle);
        handle = 0;
        return false;
    }

    string? Objection(string library, nint handle)
    {
        if (!_loader.Exports(handle, CudaNames.MarkOf(library))) return $"has no {CudaNames.MarkOf(library)}";
        if (library != Libraries.CuDnn) return null;
        long version = _loader.Version(handle, CudaNames.DnnVersion);
        if (version < OldestDnn) return $"cuDNN reports version {version}, {OldestDnn} (9.0) is the oldest that will do";
        long runtime = _loader.Version(handle, CudaNames.DnnRuntime) / 1000;
        long blas = Find(Libraries.CuBlas) is { Handle: not 0 } found ? _loader.Version(found.Handle, CudaNames.BlasProperty) : 0;
        return runtime != 0 && blas != 0 && runtime != blas ? $"built for CUDA {runtime}, but cuBLAS is of CUDA {blas}" : null;
    }

    sealed record Candidate(string Name, bool Loaded = false, IReadOnlyList<string>? Before = null);

    IEnumerable<Candidate> Candidates(string library)
    {
        bool exclusive = false;
        foreach (Candidate candidate in FromGiven(library))
        {
            exclusive = true;
            yield return candidate;
        }
        // A file that serves them all leaves nothing to look for elsewhere.
        if (exclusive || _given.Any(e => File.Exists(e) && CudaNames.LibraryOf(e) is null)) yield break;
        foreach (string name in Names(library)) yield return new Candidate(name, Loaded: true);
        foreach (string name in Names(library)) yield return new Candidate(name);
        if (library == Libraries.Cuda)
        {
            foreach (string folder in _places.Driver)
                foreach (string name in Names(library)) yield return new Candidate(Path.Combine(folder, name));
            yield break;
        }
        foreach (int major in Majors())
        {
            foreach (var folders in _places.Toolkits(major))
            {
                string folder = library == Libraries.CuDnn ? folders.Dnn : folders.Blas;
                foreach (string name in CudaNames.Of(library, major, _places.IsWindows))
                    yield return new Candidate(Path.Combine(folder, name), Before: Before(library, folder, folders.Nvrtc));
            }
        }
    }

    IEnumerable<Candidate> FromGiven(string library)
    {
        foreach (string entry in _given)
        {
            if (File.Exists(entry))
            {
                string full = Path.GetFullPath(entry);
                if ((CudaNames.LibraryOf(full) ?? library) != library) continue;
                string[] before = CudaNames.LibraryOf(full) is null ? [] : Before(library, Path.GetDirectoryName(full)!, Path.GetDirectoryName(full)!);
                yield return new Candidate(full, Before: before);
                continue;
            }
            foreach (string name in Names(library))
            {
                string file = Path.GetFullPath(Path.Combine(entry, name));
                if (File.Exists(file)) yield return new Candidate(file, Before: Before(library, Path.GetFullPath(entry), Path.GetFullPath(entry)));
            }
        }
    }

    IEnumerable<string> Names(string library) => library == Libraries.Cuda
        ? CudaNames.Of(library, 0, _places.IsWindows)
        : Majors().SelectMany(m => CudaNames.Of(library, m, _places.IsWindows)).Distinct();

    int[] Majors() => _loader.Version(Find(Libraries.Cuda).Handle, CudaNames.DriverVersion) >= 13000 ? [13, 12] : [12];

    // What a library opens by name at run time, from its own folder: a part already loaded is the one it gets.
    string[] Before(string library, string folder, string nvrtc)
    {
        if (library != Libraries.CuDnn) return [];
        // NVRTC 13.0 does not find its builtins by itself.
        string[] compiler = _places.IsWindows
            ? [.. CudaPlaces.Matching(nvrtc, "nvrtc-builtins64_*.dll"), .. CudaPlaces.Matching(nvrtc, "nvrtc64_*_0.dll")]
            : [.. CudaPlaces.Matching(nvrtc, "libnvrtc-builtins.so.*"), .. CudaPlaces.Matching(nvrtc, "libnvrtc.so.*")];
        string[] parts = CudaPlaces.Matching(folder, _places.IsWindows ? "cudnn_*64_9.dll" : "libcudnn_*.so.9");
        return [.. compiler.Order(StringComparer.Ordinal), .. parts.OrderBy(Rank).ThenBy(p => p, StringComparer.Ordinal)];
    }

    static int Rank(string part) => Array.FindIndex(
        CudaNames.DnnParts, p => Path.GetFileName(part).Contains($"cudnn_{p}", StringComparison.Ordinal));
}
