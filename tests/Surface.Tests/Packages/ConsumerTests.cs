using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests.Packages;

/// <summary>The packages as somebody else has them: in a folder of their own, with nothing of the repository in sight.</summary>
[Collection(nameof(PackedFeed))]
public sealed class ConsumerTests(PackedFeed feed)
{
    const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Preimage" Version="VERSION" />
          </ItemGroup>
        </Project>
        """;

    const string Program = """
        using Preimage.Algorithms.Attribution;
        using Preimage.Algorithms.Imaging;
        using Preimage.Layers;

        (string model, string picture, string drawing) = (args[0], args[1], args[2]);
        SAMPLE
        Console.WriteLine(gradient.AsSpan().SequenceEqual(result.Row(0)) ? "the same map" : "two maps");
        Console.WriteLine(System.Reflection.Assembly.Load("Preimage.Native").GetManifestResourceNames().Count(n => n.EndsWith(".ptx")));
        Console.WriteLine(Preimage.Interop.Jpeg.JpegDecoder.IsAvailable);
        """;

    [Fact]
    public void SampleOfTheReadme_RunsAgainstThePackage()
    {
        feed.Require();
        using var folder = new TemporaryFolder();
        (string Name, string Value)[] environment = feed.Offer(folder.Path);
        string sample = Repository.Read("README.md").Split("```csharp\n")[1].Split("```")[0];
        File.WriteAllText(folder["Consumer.csproj"], Project.Replace("VERSION", PackedFeed.Version.ToString(3), StringComparison.Ordinal));
        File.WriteAllText(folder["Program.cs"], Program.Replace("SAMPLE", sample, StringComparison.Ordinal));
        DotNet.Run(folder.Path, "dotnet", ["build", "-c", "Release", "-o", "built", "-warnaserror"], environment).Expect(0);

        string expected = Files(folder);
        string[] printed = DotNet.Run(folder.Path, "dotnet", ["built/Consumer.dll", "model.onnx", "picture.png", "guided.png"]).Expect(0)
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int kernels = Directory.GetFiles(Path.Combine(Repository.Root, "Native/Kernels"), "*.ptx").Length;
        Assert.Equal([expected, "the same map", $"{kernels}", $"{Interop.Jpeg.JpegDecoder.IsAvailable}"], printed);
        Assert.True(Picture.Load(folder["guided.png"]).Width >= 32);
    }

    [Fact]
    public void Tool_InstallsAndRunsWhereNothingElseIs()
    {
        feed.Require();
        using var folder = new TemporaryFolder();
        (string Name, string Value)[] environment = [.. feed.Offer(folder.Path), ("DOTNET_CLI_HOME", folder.Path)];
        DotNet.Run(folder.Path, "dotnet", ["tool", "install", "Preimage.Tool", "--tool-path", "tools"], environment).Expect(0);
        string program = Path.Combine(folder.Path, "tools", OperatingSystem.IsWindows() ? "preimage.exe" : "preimage");
        Assert.Contains("preimage [command]", DotNet.Run(folder.Path, program, ["--help"], environment).Expect(0).Output, StringComparison.Ordinal);
        Files(folder);
        string output = DotNet.Run(folder.Path, program, ["inspect", "model.onnx"], environment).Expect(0).Output;
        Assert.Contains("Conv", output, StringComparison.Ordinal);
        DotNet.Run(folder.Path, program, ["explain", "model.onnx", "picture.png", "--method", "guided", "--preprocess", "unit", "--device", "cpu", "--out", "guided.png"], environment).Expect(0);
        Assert.True(Picture.Load(folder["guided.png"]).Width >= 32);
    }

    /// <summary>A small network and a picture; what the sample prints of them.</summary>
    static string Files(TemporaryFolder folder)
    {
        using Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8);
        network.Save(folder["model.onnx"]);
        DrawnPicture.House(48, 40).Save(folder["picture.png"]);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput input = Preprocessing.Unit.Apply(Picture.Load(folder["picture.png"]), network.Input);
        return $"{new GuidedBackprop(engine).Attribute(input, Target.Argmax).Units[0]}";
    }
}
