using System.Runtime.InteropServices;

namespace Preimage.Native;

/// <summary>Where CUDA's libraries may lie on a machine. Only looks; never throws.</summary>
/// <param name="Variable">Reads a variable of the environment.</param>
/// <param name="Root">Folder that stands for the root of the file system: "/", or a made-up tree in tests.</param>
/// <param name="Home">The user's folder.</param>
/// <param name="IsWindows">Whether names and folders are those of Windows.</param>
internal sealed record CudaPlaces(Func<string, string?> Variable, string Root, string Home, bool IsWindows)
{
    const int MostLinks = 8;

    /// <summary>This machine.</summary>
    public static CudaPlaces Here { get; } = new(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? "" : "/",
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        OperatingSystem.IsWindows());

    /// <summary>A folder each for cuBLAS, NVRTC and cuDNN; in a toolkit they are the same.</summary>
    public sealed record Folders(string Blas, string Nvrtc, string Dnn);

    /// <summary>Folders beside the system's for the driver: containers, WSL and NixOS have it there.</summary>
    public IEnumerable<string> Driver => IsWindows ? [] : [At("usr/local/nvidia/lib64"), At("usr/lib/wsl/lib"), At("run/opengl-driver/lib")];

    /// <summary>Everything but the driver, best first: conda, the toolkit, wheels of Python.</summary>
    public IEnumerable<Folders> Toolkits(int major)
    {
        foreach (string folder in Conda().Concat(Toolkit()).Concat(Installer(major)).Distinct()) yield return new Folders(folder, folder, folder);
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

    // The active environment, and those whose python is on the path without having been activated.
    IEnumerable<string> Conda()
    {
        IEnumerable<string> roots = Environments().Where(root => Directory.Exists(Path.Combine(root, "conda-meta")));
        if (Given("CONDA_PREFIX") is { } active) roots = roots.Prepend(active);
        foreach (string root in roots)
        {
            string library = IsWindows ? Path.Combine(root, "Library") : root;
            foreach (string below in InToolkit().OrderBy(b => b != "lib")) yield return Path.Combine(library, below);
        }
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
        yield return At("opt/cuda/lib64");
    }

    // NVIDIA's installer of cuDNN for Windows puts it beside no toolkit.
    IEnumerable<string> Installer(int major)
    {
        if (!IsWindows || Given("ProgramFiles") is not { } programs) yield break;
        foreach (string version in Matching(Path.Combine(programs, "NVIDIA", "CUDNN"), "v9*").OrderByDescending(VersionIn))
        {
            foreach (string build in Matching(Path.Combine(version, "bin"), $"{major}*").OrderByDescending(VersionIn))
            {
                yield return Path.Combine(build, "x64");
                yield return build;
            }
        }
    }

    string[] InToolkit() => IsWindows ? [Path.Combine("bin", "x64"), "bin"] : ["lib64", "lib", Path.Combine("targets", Target, "lib")];

    static string Target => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "sbsa-linux" : "x86_64-linux";

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

    // A virtual environment's python is a link: followed to its end it would lead past its packages to the system's.
    IEnumerable<string> Environments()
    {
        if (Given("VIRTUAL_ENV") is { } active) yield return active;
        foreach (string folder in (Given("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string name in IsWindows ? ["python.exe"] : (string[])["python3", "python"])
            {
                foreach (string python in Links(Path.Combine(folder, name)))
                {
                    string bin = Path.GetDirectoryName(python)!;
                    bool below = !IsWindows || Path.GetFileName(bin).Equals("Scripts", StringComparison.OrdinalIgnoreCase);
                    if ((below ? Path.GetDirectoryName(bin) : bin) is { Length: > 0 } root) yield return root;
                }
            }
        }
    }

    /// <summary>A file, what it links to, and so on; nothing where it is absent.</summary>
    static IEnumerable<string> Links(string file)
    {
        string? at = File.Exists(file) ? file : null;
        for (int steps = 0; at is not null && steps < MostLinks; steps++)
        {
            yield return at;
            at = Next(at);
        }
    }

    static string? Next(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
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
        string digits = Path.GetFileName(path).TrimStart("cudapythonv-".ToCharArray());
        return Version.TryParse(digits, out var version) ? version
            : int.TryParse(digits, out int major) ? new Version(major, 0) : new Version(0, 0);
    }

    string? Given(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;

    string At(string path) => Path.Combine(Root, path);
}
