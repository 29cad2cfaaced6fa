namespace Preimage.Tests.Shared;

/// <summary>The photos, models and reference arrays beside the repository, which are not part of it; PREIMAGE_DATA names another folder.</summary>
internal static class ReferenceData
{
    const string Required = "PREIMAGE_REQUIRE_DATA", Root = "PREIMAGE_DATA";

    static readonly Lazy<string?> s_root = new(FindRoot);

    /// <summary>
    /// The full path of a file or folder below the data folder. Skips the test when it is absent, or fails it when
    /// PREIMAGE_REQUIRE_DATA=1, so that a run that must see the data cannot pass without it.
    /// </summary>
    public static string Path(string relative)
    {
        if (s_root.Value is { } root)
        {
            string path = System.IO.Path.Combine(root, relative);
            if (File.Exists(path) || Directory.Exists(path)) return path;
        }
        string reason = $"reference data '{relative}' is not here ({s_root.Value ?? $"no ../shared/reference/data, and {Root} names no folder"})";
        Absent(reason);
        return "";
    }

    /// <summary>Skips for something the machine lacks, or fails when everything is required.</summary>
    public static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable(Required) == "1") Assert.Fail($"{reason}, and {Required}=1.");
        Assert.Skip(reason);
    }

    static string? FindRoot()
    {
        // Somebody who names a folder means it.
        if (Environment.GetEnvironmentVariable(Root) is { Length: > 0 } given) return Directory.Exists(given) ? System.IO.Path.GetFullPath(given) : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "Interop.sln"))) continue;
            string data = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "../shared/reference/data"));
            return Directory.Exists(data) ? data : null;
        }
        return null;
    }
}
