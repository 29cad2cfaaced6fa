namespace Preimage.Surface.Tests;

/// <summary>The source tree the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folders that make up the product, each an assembly.</summary>
    public static readonly string[] Projects = ["Native", "Interop", "Cpu", "Layers", "Algorithms", "Cli"];

    /// <summary>The folder of Interop.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The text of a file.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative)).ReplaceLineEndings("\n");

    /// <summary>Source files of a project with their path inside it, build outputs left out.</summary>
    public static IEnumerable<(string Relative, string Text)> Sources(string project)
    {
        string folder = Path.Combine(Root, project);
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!$"/{relative}".Contains("/bin/", StringComparison.Ordinal) && !$"/{relative}".Contains("/obj/", StringComparison.Ordinal))
                yield return (relative, File.ReadAllText(file));
        }
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interop.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has Interop.sln: these tests read the source tree");
    }
}
