namespace Preimage.Native;

/// <summary>Where CUDA's libraries may lie on a machine. Only looks; never throws.</summary>
/// <param name="Variable">Reads a variable of the environment.</param>
/// <param name="Root">Folder that stands for the root of the file system: "/", or a made-up tree in tests.</param>
/// <param name="Home">The user's folder.</param>
/// <param name="IsWindows">Whether names and folders are those of Windows.</param>
internal sealed record CudaPlaces(Func<string, string?> Variable, string Root, string Home, bool IsWindows)
{
    /// <summary>This machine.</summary>
    public static CudaPlaces Here { get; } = new(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? "" : "/",
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        OperatingSystem.IsWindows());

    /// <summary>A folder each for cuBLAS, NVRTC and cuDNN; in a toolkit they are the same.</summary>
    public sealed record Folders(string Blas, string Nvrtc, string Dnn);

    /// <summary>Folders beside the system's for the driver: containers mount it there.</summary>
    public IEnumerable<string> Driver => IsWindows ? [] : [At("usr/local/nvidia/lib64"), At("usr/lib/wsl/lib")];

    /// <summary>Everything but the driver, best first: conda, the toolkit, wheels of Python.</summary>
    public IEnumerable<Folders> Toolkits(int major)
    {
        foreach (string folder in Conda().Concat(Toolkit())) yield return new Folders(folder, folder, folder);
        foreach (string site in SitePackages().Distinct())
        {
            string nvidia = Path.Combine(site, "nvidia");
            string last = IsWindows ? "bin" : "lib";
            string all = IsWindows ? Path.Combine(nvidia, "cu13", "bin", "x86_64") : Path.Combine(nvidia, "cu13", "lib");
            string dnn = Path.Combine(nvidia, "cudnn", last);
            yield return major >= 13
                ? new Folders(all, all, dnn)
                : new Folders(Path.Combine(nvidia, "cublas", last), Path.Combine(nvidia, "cuda_nvrtc", last), dnn);
        }
    }

    IEnumerable<string> Conda()
    {
        if (Given("CONDA_PREFIX") is { } prefix) yield return IsWindows ? Path.Combine(prefix, "Library", "bin") : Path.Combine(prefix, "lib");
    }

    IEnumerable<string> Toolkit()
    {
        foreach (string? root in (IEnumerable<string?>)[Given("CUDA_PATH"), Given("CUDA_HOME")])
        {
            if (root is null) continue;
            foreach (string below in InToolkit()) yield return Path.Combine(root, below);
        }
        if (IsWindows) yield break;
        // /usr/local/cuda is the chosen one of several; the others follow, newest first.
        foreach (string root in Matching(At("usr/local"), "cuda*").OrderBy(p => Path.GetFileName(p) != "cuda").ThenByDescending(VersionIn))
            yield return Path.Combine(root, "lib64");
    }

    string[] InToolkit() => IsWindows ? [Path.Combine("bin", "x64"), "bin"] : ["lib64", "lib", Path.Combine("targets", "x86_64-linux", "lib")];

    IEnumerable<string> SitePackages()
    {
        foreach (string root in Environments())
        {
            if (IsWindows) yield return Path.Combine(root, "Lib", "site-packages");
            else foreach (string python in Pythons(Path.Combine(root, "lib"))) yield return Path.Combine(python, "site-packages");
        }
        if (IsWindows) yield break;
        foreach (string python in Pythons(Path.Combine(Home, ".local", "lib"))) yield return Path.Combine(python, "site-packages");
        foreach (string python in Pythons(At("usr/local/lib"))) yield return Path.Combine(python, "dist-packages");
        yield return At("usr/lib/python3/dist-packages");
    }

    // A virtual environment's python is a link: followed, it would lead to the system's packages.
    IEnumerable<string> Environments()
    {
        if (Given("VIRTUAL_ENV") is { } active) yield return active;
        foreach (string folder in (Given("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            bool python = IsWindows ? File.Exists(Path.Combine(folder, "python.exe"))
                : File.Exists(Path.Combine(folder, "python3")) || File.Exists(Path.Combine(folder, "python"));
            if (!python) continue;
            bool scripts = !IsWindows || Path.GetFileName(folder).Equals("Scripts", StringComparison.OrdinalIgnoreCase);
            if ((scripts ? Path.GetDirectoryName(folder.TrimEnd('/', '\\')) : folder) is { Length: > 0 } root) yield return root;
        }
    }

    static IEnumerable<string> Pythons(string lib) => Matching(lib, "python3*").OrderByDescending(VersionIn);

    /// <summary>Folders or files below a folder, in no order; none where it is absent or closed to us.</summary>
    public static string[] Matching(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static Version VersionIn(string path)
    {
        string digits = Path.GetFileName(path).TrimStart("cudapython-".ToCharArray());
        return Version.TryParse(digits, out var version) ? version
            : int.TryParse(digits, out int major) ? new Version(major, 0) : new Version(0, 0);
    }

    string? Given(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;

    string At(string path) => Path.Combine(Root, path);
}
