using System.Text.Json;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Surface.Tests.Commands;

/// <summary>invert, maximize and caricature: what they leave behind, on a descriptor that is always there and on a small trained network.</summary>
public sealed class SearchTests
{
    const string Lenet = "models/onnx/caffe_lenet_mnist.onnx";

    [Fact]
    public void Invert_ADescriptorLeavesPictureSettingsTraceAndFrames()
    {
        using TemporaryFolder folder = WithPicture();
        string output = CommandLine.Run(folder.Path, "invert", "--representation", "hogb", "house.png", "--iterations", "24", "-C", "50", "--seed", "3",
            "--out", "found.png", "--trace", "energies.csv", "--frames", "frames", "--frame-every", "8", "--save-images", "found.npy").Expect(0).Output;
        Assert.Contains("error", output, StringComparison.Ordinal);
        JsonElement root = Json(folder["found.json"]), settings = root.GetProperty("settings");
        Assert.Equal((50.0, 24, 3, 6.0, 160.0), (settings.GetProperty("c").GetDouble(), settings.GetProperty("iterations").GetInt32(),
            settings.GetProperty("seed").GetInt32(), settings.GetProperty("alpha").GetDouble(), settings.GetProperty("ballRadius").GetDouble()));
        Assert.True(root.GetProperty("completed").GetBoolean());
        Assert.InRange(root.GetProperty("errors")[0].GetDouble(), 0.01, 1);
        Assert.Equal(25, File.ReadAllLines(folder["energies.csv"]).Length);
        Assert.True(Picture.Load(folder["energies.png"]).Width > 200);
        Assert.Equal(["image0-00008.png", "image0-00016.png", "image0-00024.png"], Directory.GetFiles(folder["frames"]).Select(Path.GetFileName).Order());
        Assert.Equal([1, 1, 48, 64], NpyFile.Load(folder["found.npy"]).Lengths.ToArray());
        Assert.True(Picture.Load(folder["found.png"]).Width > 2 * 64);
    }

    [Fact]
    public void Invert_TheSameSeedGivesTheSameBytes()
    {
        using TemporaryFolder folder = WithPicture();
        foreach (string name in (string[])["a", "b"])
        {
            CommandLine.Run(folder.Path, "invert", "--representation", "dsift", "house.png", "--iterations", "17", "--seeds", "2",
                "--out", $"{name}.png", "--save-images", $"{name}.npy").Expect(0);
        }

        Assert.Equal(File.ReadAllBytes(folder["a.npy"]), File.ReadAllBytes(folder["b.npy"]));
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Fact]
    public void Invert_InSpectraUnderViewsSaysSo()
    {
        using TemporaryFolder folder = WithPicture();
        string[] invert = ["invert", "--representation", "hogb", "house.png", "--iterations", "16", "--out", "found.png"];
        string output = CommandLine.Run(folder.Path, [.. invert, "--parameterisation", "fourier", "--optimiser", "adam", "--pad", "4", "--scale", "0.9,1.1", "--rotate", "5"]).Expect(0).Output;
        Assert.Contains("Adam, Fourier, padded by 4, scaled by 0.9 to 1.1, turned by up to 5 degrees", output, StringComparison.Ordinal);
        JsonElement settings = Json(folder["found.json"]).GetProperty("settings"), transforms = settings.GetProperty("transforms");
        Assert.Equal("Fourier", settings.GetProperty("parameterisation").GetString());
        Assert.Equal((4, 0.9, 1.1, 5.0), (transforms.GetProperty("padding").GetInt32(), transforms.GetProperty("minimumScale").GetDouble(),
            transforms.GetProperty("maximumScale").GetDouble(), transforms.GetProperty("rotation").GetDouble()));
        CommandLine.Run(folder.Path, [.. invert, "--optimiser", "lbfgs"]).Expect(0);
        Assert.Equal(JsonValueKind.Null, Json(folder["found.json"]).GetProperty("settings").GetProperty("transforms").ValueKind);
        Assert.Contains("Transforms", CommandLine.Run(folder.Path, [.. invert, "--optimiser", "lbfgs", "--rotate", "5"]).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Contains("--scale 1.1,0.9: two factors above 0", CommandLine.Run(folder.Path, [.. invert, "--scale", "1.1,0.9"]).Expect(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_AreInvertedMaximisedAndCaricatured()
    {
        string model = ReferenceData.Path(Lenet);
        using TemporaryFolder folder = WithPicture();
        string[] rest = ["--preprocess", "mnist", "--iterations", "20"];
        CommandLine.Run(folder.Path, ["invert", model, "house.png", "--node", "conv2", "--mask", "group:0/2", .. rest]).Expect(0);
        Assert.Equal("group 0 of 2 groups of channels", Json(folder["house-conv2.json"]).GetProperty("settings").GetProperty("mask").GetString());
        CommandLine.Run(folder.Path, ["caricature", model, "house.png", "--node", "conv2", .. rest]).Expect(0);
        Assert.Equal("caricature", Json(folder["house-caricature-conv2.json"]).GetProperty("method").GetString());
        CommandLine.Run(folder.Path, ["maximize", model, "--class", "3", .. rest]).Expect(0);
        JsonElement drawn = Json(folder["maximize-class-3.json"]);
        Assert.Contains("library draws", string.Join(' ', drawn.GetProperty("notes").EnumerateArray()), StringComparison.Ordinal);

        CommandLine.Run(folder.Path, "top", model, "--node", "conv1", "--data", ".", "--preprocess", "mnist", "--k", "1", "--json", "top.json", "--out", "top.png").Expect(0);
        // Maps that are never above 0 in the picture have no measure.
        int[] lively = [.. Json(folder["top.json"]).GetProperty("units").EnumerateArray().Where(u => u.GetProperty("maxima")[0].GetProperty("activation").GetSingle() > 0)
            .Select(u => u.GetProperty("unit").GetInt32()).Take(3)];
        CommandLine.Run(folder.Path, ["maximize", model, "--node", "conv1", "--unit", string.Join(',', lively), "--stats", "top.json", "--out", "maps.png", .. rest]).Expect(0);
        Assert.True(File.Exists(folder["maps.png"]));
        Assert.Contains("conv1", CommandLine.Run(folder.Path, ["maximize", model, "--node", "conv2", "--unit", "0", "--stats", "top.json", .. rest]).Expect(1).Errors, StringComparison.Ordinal);
    }

    static TemporaryFolder WithPicture()
    {
        var folder = new TemporaryFolder();
        DrawnPicture.House(64, 48).Save(folder["house.png"]);
        return folder;
    }

    static JsonElement Json(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }
}
