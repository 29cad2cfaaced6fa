using System.Text.Json;
using Preimage.Algorithms.Experiments;
using Preimage.Layers;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Surface.Tests.Commands;

/// <summary>The verbs on a GPU, which is the simulator here, and where there is none.</summary>
public sealed class DeviceTests : IDisposable
{
    const string Nowhere = "/nowhere/libcuda.so.1", Model = "model.onnx", Image = "house.png";

    static readonly Dictionary<string, string> s_noCuda = new() { ["PREIMAGE_CUDA"] = Nowhere };

    readonly TemporaryFolder _folder = new();

    public DeviceTests()
    {
        using Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8);
        network.Save(_folder[Model]);
        DrawnPicture.House(48, 40).Save(_folder[Image]);
    }

    public static TheoryData<string[]> Verbs =>
    [
        new(["classify", Model, Image]),
        new(["explain", Model, Image, "--method", "guided"]),
        new(["profile", Model, "--runs", "1"]),
        new(["top", Model, "--node", "conv", "--data", "."]),
    ];

    [Theory, MemberData(nameof(Verbs))]
    public void WithoutCuda_AskingForItIsOneErrorWithThePlacesTried(string[] verb) =>
        RequireError(CommandLine.Run(_folder.Path, s_noCuda, [.. verb, "--device", "cuda"]).Expect(1), "cuda:0", Nowhere, "PREIMAGE_CUDA");

    [Fact]
    public void WithoutCuda_ComparingWithItIsTheSameError() =>
        RequireError(CommandLine.Run(_folder.Path, s_noCuda, "compare", Model, Image, "--preprocess", "unit", "--devices", "cpu,cuda:1").Expect(1), "cuda:1", Nowhere);

    [Fact]
    public void WithoutCuda_DevicesListsTheProcessorAndThePlacesTried()
    {
        string text = CommandLine.Run(_folder.Path, s_noCuda, "devices").Expect(0).Output;
        Assert.Contains(Processor.Name, text, StringComparison.Ordinal);
        Assert.Contains(Nowhere, text, StringComparison.Ordinal);
        JsonElement root = Json(CommandLine.Run(_folder.Path, s_noCuda, "devices", "--json"));
        Assert.Equal(Processor.Threads, root.GetProperty("cpu").GetProperty("threads").GetInt32());
        Assert.Equal(0, root.GetProperty("gpus").GetArrayLength());
        Assert.Contains(Nowhere, root.GetProperty("trouble").GetString(), StringComparison.Ordinal);
        JsonElement missing = Assert.Single(root.GetProperty("missing").EnumerateArray());
        Assert.Equal("driver", missing.GetProperty("name").GetString());
        Assert.Contains(Nowhere, Assert.Single(missing.GetProperty("tried").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutCuda_TheBestDeviceIsTheProcessor() =>
        Assert.Equal("cpu", Json(CommandLine.Run(_folder.Path, s_noCuda, "classify", Model, Image, "--device", "best", "--json")).GetProperty("device").GetString());

    [Fact]
    public void Devices_ListsTheGpuAndItsLibraries()
    {
        JsonElement root = Json(CommandLine.Run(_folder.Path, Simulated(), "devices", "--json"));
        JsonElement gpu = Assert.Single(root.GetProperty("gpus").EnumerateArray());
        Assert.Equal("cuda:0", gpu.GetProperty("device").GetString());
        Assert.Equal("9.0", gpu.GetProperty("computeCapability").GetString());
        Assert.True(gpu.GetProperty("memory").GetInt64() > 1 << 30);
        Assert.True(Guid.TryParse(gpu.GetProperty("uuid").GetString(), out _));
        RequireLibraries(root);
        Assert.Contains("simulator", CommandLine.Run(_folder.Path, Simulated(), "devices").Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    [InlineData("best")]
    public void EveryVerb_RunsOnTheGpuAndNamesItsLibraries(string device)
    {
        foreach (string[] verb in Verbs.Select(v => v.Data))
        {
            bool top = verb[0] == "top";
            CommandLineResult result = CommandLine.Run(_folder.Path, Simulated(), [.. verb, "--device", device, "--json", .. top ? ["-"] : Array.Empty<string>()]);
            JsonElement root = Json(result);
            Assert.Equal("cuda:0", root.GetProperty("device").GetString());
            Assert.Equal("single", root.GetProperty("precision").GetString());
            RequireLibraries(root);
        }
    }

    [Fact]
    public void Text_NamesDevicePrecisionAndLibraries()
    {
        string text = CommandLine.Run(_folder.Path, Simulated(), "explain", Model, Image, "--device", "cuda").Expect(0).Output;
        Assert.All(
            new[] { "cuda:0 (Simulated GPU 0), precision single", "driver 13.0 (", "cuBLAS ", "cuDNN 9.", "simulator" },
            word => Assert.Contains(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public void ANumberTooHigh_IsRefusedWithThoseThereAre() =>
        RequireError(CommandLine.Run(_folder.Path, Simulated(), "classify", Model, Image, "--device", "cuda:7").Expect(1), "cuda:7", "0..0");

    /// <summary>3 GB of input, 2 GB of what the filters give and signals as large, on 8 GB; nothing of it is made on the host first.</summary>
    [Fact]
    public void MemoryThatIsNotThere_IsAnErrorOfTheDevice() => RequireError(
        CommandLine.Run(_folder.Path, Simulated(), "profile", Model, "--pass", "guided", "--batch", "250000", "--device", "cuda").Expect(1), "CUDA_ERROR_OUT_OF_MEMORY", "bytes");

    [Fact]
    public void Profile_IsByEventsAndReportsNoSpeedOfTheSimulator()
    {
        string[] verb = ["profile", Model, "--pass", "guided", "--runs", "2", "--device", "cuda"];
        JsonElement root = Json(CommandLine.Run(_folder.Path, Simulated(), [.. verb, "--trace", "t.json", "--json"]));
        Assert.Contains("CUDA events of the simulator", root.GetProperty("clock").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("threads").ValueKind);
        JsonElement[] nodes = [.. root.GetProperty("nodes").EnumerateArray()];
        Assert.Contains(nodes, n => n.GetProperty("algorithm").GetString()!.StartsWith("cuDNN", StringComparison.Ordinal) && n.GetProperty("milliseconds").GetDouble() > 0);
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(_folder["t.json"]));
        Assert.Equal(nodes.Length, trace.RootElement.GetArrayLength());
        string[] rows = [.. CommandLine.Run(_folder.Path, Simulated(), verb).Expect(0).Output.Split('\n').Where(l => l.Contains(" cuDNN ", StringComparison.Ordinal) && l.Contains("ward ", StringComparison.Ordinal))];
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.EndsWith("-", row.TrimEnd()));
    }

    [Theory]
    [InlineData("cpu,cuda:0", "Parity")]
    [InlineData("cuda:0:strict,cpu:strict", "Parity")]
    [InlineData("cpu,cpu", "Same")]
    public void Compare_PrintsNodesMapsAndAVerdict(string devices, string verdict)
    {
        string[] verb = ["compare", Model, Image, "--devices", devices, "--preprocess", "unit"];
        JsonElement root = Json(CommandLine.Run(_folder.Path, Simulated(), [.. verb, "--json"]));
        Assert.Equal(verdict, root.GetProperty("verdict").GetString());
        Assert.Equal(["saliency", "deconvnet", "guided"], root.GetProperty("maps").EnumerateArray().Select(m => m.GetProperty("method").GetString()));
        Assert.All(root.GetProperty("maps").EnumerateArray(), m => Assert.InRange(m.GetProperty("same").GetDouble(), 0, 1e-10));
        Assert.Contains(root.GetProperty("nodes").EnumerateArray(), n => n.GetProperty("operator").GetString() == "Relu" && n.GetProperty("fused").GetProperty("count").GetInt64() > 0);
        string text = CommandLine.Run(_folder.Path, Simulated(), verb).Expect(0).Output;
        Assert.Contains(verdict == "Same" ? "verdict       the same" : "verdict       parity", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_TakesOneMethodAndAClass()
    {
        JsonElement root = Json(CommandLine.Run(
            _folder.Path, "compare", Model, Image, "--devices", "cpu,cpu:strict", "--preprocess", "unit", "--method", "guided", "--class", "3", "--threshold", "-1", "--json"));
        Assert.Equal("guided", Assert.Single(root.GetProperty("maps").EnumerateArray()).GetProperty("method").GetString());
        Assert.Equal(3, root.GetProperty("unit").GetInt32());
        Assert.Equal("strict", root.GetProperty("actual").GetProperty("precision").GetString());
        // Even what is the same is apart by more than -1.
        Assert.Equal(root.GetProperty("nodes")[0].GetProperty("node").GetString(), root.GetProperty("firstDivergence").GetString());
    }

    public void Dispose() => _folder.Dispose();

    static Dictionary<string, string> Simulated() => new() { ["PREIMAGE_CUDA"] = Simulator.FileForChildren() };

    static void RequireLibraries(JsonElement root)
    {
        JsonElement[] libraries = [.. root.GetProperty("libraries").EnumerateArray()];
        Assert.Equal(["driver", "cuBLAS", "cuDNN"], libraries.Select(l => l.GetProperty("name").GetString()));
        Assert.All(libraries, l => Assert.EndsWith("libcusim.so", l.GetProperty("path").GetString()));
        Assert.All(libraries, l => Assert.Matches(@"^\d+\.\d+", l.GetProperty("version").GetString()));
    }

    static void RequireError(CommandLineResult result, params string[] words)
    {
        string line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => !l.Contains("note: ", StringComparison.Ordinal));
        Assert.StartsWith("preimage: ", line);
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
    }

    static JsonElement Json(CommandLineResult result)
    {
        using JsonDocument document = JsonDocument.Parse(result.Expect(0).Output);
        return document.RootElement.Clone();
    }
}
