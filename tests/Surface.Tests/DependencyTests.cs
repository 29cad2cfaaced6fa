using System.Reflection;
using System.Xml.Linq;

namespace Preimage.Surface.Tests;

/// <summary>Who may know whom: nothing points back, and the two backends' grounds do not know each other.</summary>
public sealed class DependencyTests
{
    const string Tensors = "System.Numerics.Tensors";

    // What each assembly may refer to. A direct reference that follows from another one (Algorithms to the tensor types) is listed too.
    static readonly Dictionary<string, (string[] Projects, string[] Packages, string[] Assemblies)> s_allowed = new()
    {
        ["Native"] = ([], [], []),
        ["Interop"] = (["Native"], [], []),
        ["Cpu"] = ([], [Tensors], []),
        ["Layers"] = (["Cpu", "Interop"], [Tensors, "Google.Protobuf", "Grpc.Tools"], []),
        ["Algorithms"] = (["Layers"], [], ["Preimage.Interop", Tensors]),
        ["Cli"] = (["Algorithms"], ["System.CommandLine", "Spectre.Console"], ["Preimage.Layers", Tensors]),
    };

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory, MemberData(nameof(Projects))]
    public void ProjectFile_RefersToWhatTheDesignAllows(string project)
    {
        (string[] projects, string[] packages, _) = s_allowed[project];
        XDocument file = XDocument.Parse(Repository.Read($"{project}/Preimage.{project}.csproj"));
        Assert.Subset(
            projects.ToHashSet(),
            file.Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value.Split('/', '\\')[^2]).ToHashSet());
        Assert.Subset(packages.ToHashSet(), file.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value).ToHashSet());
    }

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_RefersToWhatTheDesignAllows(string project)
    {
        (string[] projects, string[] packages, string[] assemblies) = s_allowed[project];
        string[] ours = [.. projects.Select(Assemblies.NameOf)];
        IEnumerable<string> referred = Assemblies.Load(project).GetReferencedAssemblies().Select(a => a.Name!);
        Assert.Empty(referred.Where(name => !IsRuntime(name)).Except(ours).Except(packages).Except(assemblies));
    }

    [Fact]
    public void Interop_IsUsedByAlgorithmsForPicturesOnly()
    {
        Assert.All(
            Repository.Sources("Algorithms").Where(s => s.Text.Contains("Preimage.Interop", StringComparison.Ordinal)),
            s => Assert.StartsWith("Imaging/", s.Relative));
    }

    [Theory, InlineData("Native"), InlineData("Cpu"), InlineData("Cli")]
    public void Assembly_OffersNothingPublic(string project) =>
        Assert.Empty(Assemblies.Load(project).GetExportedTypes().Select(t => t.FullName));

    // Everything of the shared framework is called System.*, except the package above.
    static bool IsRuntime(string name) => name != Tensors && name != "System.CommandLine"
        && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib" or "System");
}

/// <summary>The product's assemblies, which lie beside the tests.</summary>
internal static class Assemblies
{
    /// <summary>The assembly of a project's folder.</summary>
    public static string NameOf(string project) => project == "Cli" ? "preimage" : $"Preimage.{project}";

    /// <summary>Loads it.</summary>
    public static Assembly Load(string project) => Assembly.Load(NameOf(project));
}
