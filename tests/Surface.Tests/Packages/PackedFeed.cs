using System.IO.Compression;
using System.Reflection;
using Preimage.Surface.Tests.Commands;
using Preimage.Tests.Shared;

namespace Preimage.Surface.Tests.Packages;

/// <summary>Both packages, packed once from what was built, in a folder that serves as a feed; without a network.</summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeed : IDisposable, ICollectionFixture<PackedFeed>
{
    readonly TemporaryFolder? _folder;

    /// <summary>Packs them.</summary>
    public PackedFeed()
    {
        if (!DotNet.IsHere)
            return;
        _folder = new TemporaryFolder();
        string configuration = typeof(PackedFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        foreach (string project in new[] { "Algorithms/Package", "Cli" })
            DotNet.Run(Repository.Root, "dotnet", ["pack", project, "-c", configuration, "--no-build", "-o", Folder]).Expect(0);
        Cache = DotNet.Run(Repository.Root, "dotnet", ["nuget", "locals", "global-packages", "--list"]).Expect(0).Output.Split("global-packages:")[1].Trim();
    }

    /// <summary>The feed.</summary>
    public string Folder => _folder!["feed"];

    /// <summary>The machine's packages, from which the repository itself was restored.</summary>
    public string Cache { get; } = "";

    /// <summary>The version of the test's own build, which is that of all projects.</summary>
    public static Version Version { get; } = typeof(PackedFeed).Assembly.GetName().Version!;

    /// <summary>Skips the test where nothing could be packed.</summary>
    public void Require()
    {
        if (_folder is null)
            ReferenceData.Absent("the .NET SDK is not on this machine: there is no `dotnet` that can pack");
    }

    /// <summary>Opens a package.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version.ToString(3)}.{extension}"));

    /// <summary>Makes a folder restore from the feed, and everything that is not ours from the machine's packages.</summary>
    /// <returns>The variables that keep what is restored there out of the machine's packages, where it would pass for the next build's.</returns>
    public (string Name, string Value)[] Offer(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{Folder}" /><add key="cache" value="{Cache}" /></packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="feed"><package pattern="Preimage*" /></packageSource>
                <packageSource key="cache"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        return [("NUGET_PACKAGES", Path.Combine(folder, "packages"))];
    }

    /// <summary>Deletes the feed.</summary>
    public void Dispose() => _folder?.Dispose();
}
