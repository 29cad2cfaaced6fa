namespace Preimage.Native;

/// <summary>
/// Finds driver, cuBLAS and cuDNN that fit each other: what is named explicitly, what the process has loaded, what the
/// system finds, then toolkits and wheels. What was loaded stays loaded; nothing here throws.
/// </summary>
/// <remarks>
/// cuBLAS and cuDNN are looked for as a set of one major of CUDA: both builds of cuDNN have one name, and the wrong one fails
/// only when it is used. The driver's version says which majors will do, 13 then 12, or 12 alone; the first that is complete is
/// taken, that which the process uses already before the others.
/// </remarks>
internal sealed class CudaSearch
{
    const int OldestDnn = 90000, OldestDriver = 12000;

    static readonly Libraries.Attempt s_none = new(0, []);

    readonly CudaCandidates _candidates;
    readonly NativeLoader _loader;
    readonly Lock _gate = new();
    Libraries.Attempt? _driver;
    Set? _set;

    /// <param name="places">The machine.</param>
    /// <param name="loader">Its loader.</param>
    /// <param name="given">Folders or files, separated as in PATH, that go before everything; null or empty for none.</param>
    public CudaSearch(CudaPlaces places, NativeLoader loader, string? given)
    {
        _candidates = new CudaCandidates(places, given);
        _loader = loader;
    }

    /// <summary>The libraries beside the driver, of one major.</summary>
    sealed record Set(int Major, Libraries.Attempt Lt, Libraries.Attempt Blas, Libraries.Attempt Dnn)
    {
        public bool IsComplete => Blas.Handle != 0 && Dnn.Handle != 0;
    }

    /// <summary>Looks for one of the libraries, once.</summary>
    public Libraries.Attempt Find(string library)
    {
        lock (_gate)
        {
            Libraries.Attempt driver = _driver ??= FindDriver();
            if (library == Libraries.Cuda || driver.Handle == 0) return driver;
            Set set = _set ??= FindSet();
            return library switch { Libraries.CuBlasLt => set.Lt, Libraries.CuBlas => set.Blas, _ => set.Dnn };
        }
    }

    // Somebody who names a place means it: falling back would hide the mistake.
    Libraries.Attempt FindDriver() => _candidates.Missing() is { Count: > 0 } missing ? new Libraries.Attempt(0, missing) : Look(Libraries.Cuda, 0, s_none);

    Set FindSet()
    {
        Set? best = null;
        foreach (int major in Majors())
        {
            // cuBLAS and cuDNN both need cuBLASLt, and theirs must be one.
            Libraries.Attempt lt = Look(Libraries.CuBlasLt, major, s_none), blas = Look(Libraries.CuBlas, major, s_none);
            // No cuDNN is tried for a major that cannot be taken: the parts it opens would stay, in the way of the right one's.
            var set = new Set(major, lt, blas, blas.Handle != 0 ? Look(Libraries.CuDnn, major, blas) : s_none);
            if (set.IsComplete) return set;
            best = best is null ? set : best.Blas.Handle == 0 && blas.Handle != 0 ? Joined(set, best) : Joined(best, set);
        }
        // For the list of what is missing.
        return best!.Blas.Handle != 0 ? best : best with { Dnn = Look(Libraries.CuDnn, best.Major, s_none) };
    }

    /// <summary>A set that also tells what was tried for another.</summary>
    static Set Joined(Set set, Set other) => new(set.Major, Both(set.Lt, other.Lt), Both(set.Blas, other.Blas), Both(set.Dnn, other.Dnn));

    static Libraries.Attempt Both(Libraries.Attempt taken, Libraries.Attempt other) =>
        taken.Handle != 0 ? taken : taken with { Tried = [.. taken.Tried.Union(other.Tried)] };

    // What somebody in the process uses comes first: two cuDNN in one process would take each other's parts.
    int[] Majors()
    {
        int[] possible = _loader.Version(_driver!.Handle, CudaNames.DriverVersion) >= 13000 ? [13, 12] : [12];
        int used = 0;
        if (!_candidates.OnlyGiven)
        {
            foreach (string name in _candidates.Names(Libraries.CuDnn, 0))
                if (used == 0 && _loader.TryFindLoaded(name, out nint dnn)) used = (int)(_loader.Version(dnn, CudaNames.DnnRuntime) / 1000);
            foreach (int major in possible)
                foreach (string name in _candidates.Names(Libraries.CuBlas, major))
                    if (used == 0 && _loader.TryFindLoaded(name, out _)) used = major;
        }
        return [.. possible.OrderByDescending(m => m == used)];
    }

    Libraries.Attempt Look(string library, int major, Libraries.Attempt blas)
    {
        var tried = new List<string>();
        foreach (CudaCandidate candidate in _candidates.Of(library, major))
        {
            if (TryTake(library, major, blas, candidate, tried) is { } taken) return taken;
        }
        return new Libraries.Attempt(0, tried);
    }

    Libraries.Attempt? TryTake(string library, int major, Libraries.Attempt blas, CudaCandidate candidate, List<string> tried)
    {
        var parts = new List<(string File, nint Handle)>();
        nint handle;
        if (candidate.Loaded)
        {
            if (!_loader.TryFindLoaded(candidate.Name, out handle)) return null;
        }
        else
        {
            Load(candidate.Before, parts);
            if (!_loader.TryLoad(candidate.Name, out handle))
            {
                tried.Add(candidate.Name);
                Free(parts);
                return null;
            }
        }
        string file = _loader.FileOf(handle, CudaNames.MarkOf(library)) ?? candidate.Name;
        bool shim = library == Libraries.CuDnn && !candidate.Loaded && CudaNames.LibraryOf(file) == Libraries.CuDnn;
        // The one that the system's loader found has its parts beside it too: left to itself it takes them from wherever that loader looks first.
        if (shim && candidate.Before.Count == 0) Load(_candidates.Before(library, Path.GetDirectoryName(file) ?? ""), parts);
        bool hasParts = !shim || parts.Any(p => Path.GetFileName(p.File) == _candidates.GraphPart) || _loader.TryLoad(_candidates.GraphPart, out _);
        string? objection = Objection(library, major, handle, hasParts, blas);
        string how = candidate.Loaded ? "loaded already" : "";
        tried.Add((how, objection) switch
        {
            ("", null) => candidate.Name,
            ("", _) => $"{candidate.Name} ({objection})",
            (_, null) => $"{candidate.Name} ({how})",
            _ => $"{candidate.Name} ({how}; {objection})",
        });
        if (objection is null) return new Libraries.Attempt(handle, tried, file);
        if (candidate.Loaded) return null;
        _loader.Free(handle);
        Free(parts);
        return null;
    }

    void Load(IEnumerable<string> files, List<(string File, nint Handle)> loaded)
    {
        foreach (string file in files)
            if (_loader.TryLoad(file, out nint handle)) loaded.Add((file, handle));
    }

    // Last in, first out, as they lean on each other.
    void Free(List<(string File, nint Handle)> loaded)
    {
        for (int i = loaded.Count - 1; i >= 0; i--) _loader.Free(loaded[i].Handle);
    }

    string? Objection(string library, int major, nint handle, bool hasParts, Libraries.Attempt blas)
    {
        if (!_loader.Exports(handle, CudaNames.MarkOf(library))) return $"has no {CudaNames.MarkOf(library)}";
        switch (library)
        {
            case Libraries.Cuda:
                long driver = _loader.Version(handle, CudaNames.DriverVersion);
                return driver == 0 ? "reports no version: a library that only serves linking"
                    : driver < OldestDriver ? $"is a driver of CUDA {driver / 1000}.{driver % 1000 / 10}, 12.0 is the oldest that will do" : null;
            case Libraries.CuBlas:
                return _loader.Version(handle, CudaNames.BlasProperty) is var own and not 0 && own != major ? $"is of CUDA {own}, not {major}" : null;
            case Libraries.CuDnn:
                // Asked for its version, a cuDNN that cannot load its parts ends the process.
                if (!hasParts) return $"its part {_candidates.GraphPart} is neither beside it nor found by the system";
                long version = _loader.Version(handle, CudaNames.DnnVersion), runtime = _loader.Version(handle, CudaNames.DnnRuntime) / 1000;
                return version < OldestDnn ? $"cuDNN reports version {version}, {OldestDnn} (9.0) is the oldest that will do"
                    : runtime != 0 && blas.Handle != 0 && runtime != major ? $"built for CUDA {runtime}, but cuBLAS is of CUDA {major}" : null;
            default:
                return null;
        }
    }
}
