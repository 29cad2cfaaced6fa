using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Preimage.Surface.Tests.Packages;

/// <summary>What is inside the packages.</summary>
[Collection(nameof(PackedFeed))]
public sealed class PackageTests(PackedFeed feed)
{
    static readonly string[] s_assemblies = ["Preimage.Algorithms", "Preimage.Cpu", "Preimage.Interop", "Preimage.Layers", "Preimage.Native"];

    // What stands for the package itself, made by NuGet.
    static readonly string[] s_container = ["_rels/.rels", "[Content_Types].xml", "package/services/metadata/core-properties/nuget.psmdcp"];

    [Fact]
    public void Library_HoldsFiveAssembliesAndTheirDocumentation()
    {
        feed.Require();
        using ZipArchive package = feed.Open("Preimage");
        // Native and Cpu offer nothing public: there is nothing to document.
        string[] documented = ["Preimage.Algorithms", "Preimage.Interop", "Preimage.Layers"];
        Assert.Equal(
            [.. new[] { "LICENSE", "Preimage.nuspec", "README.md" }
                .Concat(s_assemblies.Select(a => $"lib/net10.0/{a}.dll")).Concat(documented.Select(a => $"lib/net10.0/{a}.xml")).Order(StringComparer.Ordinal)],
            Files(package));
        foreach (string name in documented)
        {
            XDocument documentation = XDocument.Load(package.GetEntry($"lib/net10.0/{name}.xml")!.Open());
            HashSet<string> members = [.. documentation.Descendants("member").Select(m => m.Attribute("name")!.Value)];
            Assert.Empty(Assemblies.Load(name["Preimage.".Length..]).GetExportedTypes().Select(t => $"T:{t.FullName!.Replace('+', '.')}").Except(members));
        }
    }

    [Fact]
    public void Library_AsksForTwoPackages()
    {
        feed.Require();
        using ZipArchive package = feed.Open("Preimage");
        XElement metadata = Metadata(package);
        XNamespace names = metadata.Name.Namespace;
        XDocument central = XDocument.Parse(Repository.Read("Directory.Packages.props"));
        Assert.Equal(
            new[] { "Google.Protobuf", "System.Numerics.Tensors" }.Select(p => (p, central.Descendants("PackageVersion").Single(v => v.Attribute("Include")!.Value == p).Attribute("Version")!.Value)),
            metadata.Descendants(names + "dependency").Select(d => (d.Attribute("id")!.Value, d.Attribute("version")!.Value)).Order());
        Assert.Equal("MIT", metadata.Element(names + "license")!.Value);
        Assert.Equal("README.md", metadata.Element(names + "readme")!.Value);
        Assert.NotEmpty(metadata.Element(names + "tags")!.Value);
    }

    [Fact]
    public void Versions_Agree()
    {
        feed.Require();
        using ZipArchive package = feed.Open("Preimage"), tool = feed.Open("Preimage.Tool");
        Assert.All([Metadata(package), Metadata(tool)], m => Assert.Equal(PackedFeed.Version.ToString(3), m.Element(m.Name.Namespace + "version")!.Value));
        Assert.All(
            package.Entries.Concat(tool.Entries).Where(e => e.Name.StartsWith("Preimage.", StringComparison.OrdinalIgnoreCase) && e.Name.EndsWith(".dll", StringComparison.Ordinal)),
            e => Assert.Equal(PackedFeed.Version, VersionOf(e)));
    }

    [Fact]
    public void Symbols_LieWhereTheirAssembliesDo()
    {
        feed.Require();
        using ZipArchive symbols = feed.Open("Preimage", "snupkg");
        Assert.Equal(["Preimage.nuspec", .. s_assemblies.Select(a => $"lib/net10.0/{a}.pdb")], Files(symbols).OrderByDescending(f => f.EndsWith(".nuspec", StringComparison.Ordinal)));
        // A pdb that holds its source holds all of it: the file with the assembly's name in it is one of some dozens.
        Assert.All(symbols.Entries.Where(e => e.Name.EndsWith(".pdb", StringComparison.Ordinal)), e => Assert.InRange(EmbeddedSources(e), 10, int.MaxValue));
    }

    [Fact]
    public void Nothing_NamesTheFolderItWasBuiltIn()
    {
        feed.Require();
        byte[] narrow = Encoding.UTF8.GetBytes(Repository.Root), wide = Encoding.Unicode.GetBytes(Repository.Root);
        foreach ((string id, string extension) in new[] { ("Preimage", "nupkg"), ("Preimage", "snupkg"), ("Preimage.Tool", "nupkg") })
        {
            using ZipArchive package = feed.Open(id, extension);
            foreach (ZipArchiveEntry entry in package.Entries)
            {
                byte[] bytes = Bytes(entry);
                Assert.True(bytes.AsSpan().IndexOf(narrow) < 0 && bytes.AsSpan().IndexOf(wide) < 0, $"{id}.{extension}: {entry.FullName} names {Repository.Root}");
            }
        }
    }

    [Fact]
    public void Tool_HoldsTheProgramAndWhatItNeeds()
    {
        feed.Require();
        using ZipArchive tool = feed.Open("Preimage.Tool");
        Assert.Equal(
            [.. s_assemblies.Concat(["Google.Protobuf", "Spectre.Console", "System.CommandLine", "System.Numerics.Tensors", "preimage"]).Select(a => $"tools/net10.0/any/{a}.dll").Order(StringComparer.Ordinal)],
            Files(tool).Where(f => f.EndsWith(".dll", StringComparison.Ordinal)));
        XDocument settings = XDocument.Load(tool.GetEntry("tools/net10.0/any/DotnetToolSettings.xml")!.Open());
        Assert.Equal(("preimage", "preimage.dll"), settings.Descendants("Command").Select(c => (c.Attribute("Name")!.Value, c.Attribute("EntryPoint")!.Value)).Single());
    }

    static string[] Files(ZipArchive package) => [.. package.Entries.Select(e => e.FullName).Except(s_container).Order(StringComparer.Ordinal)];

    static XElement Metadata(ZipArchive package) => XDocument.Load(package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open()).Root!.Elements().Single();

    static Version VersionOf(ZipArchiveEntry entry)
    {
        using var reader = new PEReader(new MemoryStream(Bytes(entry)));
        return reader.GetMetadataReader().GetAssemblyDefinition().Version;
    }

    static int EmbeddedSources(ZipArchiveEntry entry)
    {
        // The kind of record that holds a document's source, of the portable pdb's format.
        var source = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(entry)));
        MetadataReader reader = provider.GetMetadataReader();
        return reader.CustomDebugInformation.Count(c => reader.GetGuid(reader.GetCustomDebugInformation(c).Kind) == source);
    }

    static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
