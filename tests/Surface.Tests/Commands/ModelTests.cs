using System.Text.Json;
using Preimage.Algorithms.Imaging;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Surface.Tests.Commands;

/// <summary>The commands on real networks; they skip where the reference data is absent.</summary>
public sealed class ModelTests
{
    const string Lenet = "models/onnx/caffe_lenet_mnist.onnx", Squeezenet = "models/onnx/squeezenet_v1.0_dc.onnx";
    const string Cat = "photos/skimage/chelsea.png";

    [Fact]
    public void Inspect_ListsLeNetsParametersAndFields()
    {
        string model = ReferenceData.Path(Lenet);
        JsonElement root = Json(CommandLine.Run(AppContext.BaseDirectory, "inspect", model, "--json").Expect(0));
        // 20*25+20, 50*20*25+50, 500*800+500, 10*500+10.
        Assert.Equal(520 + 25050 + 400500 + 5010, root.GetProperty("parameters").GetInt64());
        // 24*24*20*25, 8*8*50*500, 800*500, 500*10.
        Assert.Equal(288000 + 1600000 + 400000 + 5000, root.GetProperty("multiplyAdds").GetInt64());
        JsonElement[] convolutions = [.. root.GetProperty("nodes").EnumerateArray().Where(n => n.GetProperty("operator").GetString() == "Conv")];
        Assert.Equal([5, 14], convolutions.Select(n => n.GetProperty("receptiveField").GetProperty("size")[0].GetInt32()));
        Assert.Equal([1, 2], convolutions.Select(n => n.GetProperty("receptiveField").GetProperty("stride")[0].GetInt32()));
        Assert.Contains("431,080", CommandLine.Run(AppContext.BaseDirectory, "inspect", model).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Structure_OfACaffeModelMayLieElsewhere()
    {
        using var folder = new TemporaryFolder();
        string models = ReferenceData.Path("models/caffe_lenet_mnist");
        File.Copy(Path.Combine(models, "lenet_iter_10000.caffemodel"), folder["weights.caffemodel"]);
        File.Copy(Path.Combine(models, "lenet.prototxt"), folder["other.prototxt"]);
        Assert.Contains("--structure", CommandLine.Run(folder.Path, "inspect", "weights.caffemodel").Expect(1).Errors, StringComparison.Ordinal);
        JsonElement root = Json(CommandLine.Run(folder.Path, "inspect", "weights.caffemodel", "--structure", "other.prototxt", "--json").Expect(0));
        Assert.Equal(431080, root.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Profile_TimesEveryOperatorBothWays()
    {
        using var folder = new TemporaryFolder();
        JsonElement root = Json(CommandLine.Run(
            folder.Path, "profile", ReferenceData.Path(Lenet), "--pass", "guided", "--runs", "2", "--trace", "t.json", "--json").Expect(0));
        JsonElement[] nodes = [.. root.GetProperty("nodes").EnumerateArray()];
        foreach (string direction in (string[])["forward", "backward"])
        {
            string[] names =
            [
                .. nodes.Where(n => n.GetProperty("direction").GetString() == direction && n.GetProperty("algorithm").GetString() != "Reorder")
                    .SelectMany(n => n.GetProperty("fused").EnumerateArray().Prepend(n.GetProperty("node"))).Select(n => n.GetString()!).Order(),
            ];
            Assert.Equal(["conv1", "conv2", "ip1", "ip2", "pool1", "pool2", "relu1"], names);
        }

        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(folder["t.json"]));
        Assert.Equal(nodes.Length, trace.RootElement.GetArrayLength());
        Assert.All(trace.RootElement.EnumerateArray(), e => Assert.Equal("X", e.GetProperty("ph").GetString()));
    }

    [Theory, InlineData(Cat, 285, 0.70), InlineData("photos/skimage/coffee.png", 967, 0.96)]
    public void Classify_NamesWhatThePhotoShows(string photo, int expected, double probability)
    {
        JsonElement root = Json(CommandLine.Run(
            AppContext.BaseDirectory, "classify", ReferenceData.Path(Squeezenet), ReferenceData.Path(photo),
            "--preprocess", "imagenet-caffe", "--json").Expect(0));
        JsonElement first = root.GetProperty("images")[0].GetProperty("classes")[0];
        Assert.Equal(expected, first.GetProperty("class").GetInt32());
        Assert.Equal(probability, first.GetProperty("probability").GetDouble(), 0.02);
    }

    [Fact]
    public void Classify_SaysThatThePreprocessingIsAGuess()
    {
        CommandLineResult result = CommandLine.Run(AppContext.BaseDirectory, "classify", ReferenceData.Path(Squeezenet), ReferenceData.Path(Cat)).Expect(0);
        Assert.Contains("guess", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_GuidedAgreesWithTheStoredMap()
    {
        using var folder = new TemporaryFolder();
        string input = ReferenceData.Path("reference/computed_maps/chelsea_input.npy");
        string expected = ReferenceData.Path("reference/computed_maps/squeezenet_chelsea/guided.npy");
        CommandLine.Run(folder.Path, "explain", ReferenceData.Path(Squeezenet), input, "--method", "guided", "--save-map", "g.npy").Expect(0);
        Assert.InRange(Nmse(NpyFile.Load(folder["g.npy"]).ToArray(), NpyFile.Load(expected).ToArray()), 0, 1e-6);
    }

    [Fact]
    public void Explain_DrawsAllMethodsAndSaysWhatItExplained()
    {
        using var folder = new TemporaryFolder();
        CommandLineResult result = CommandLine.Run(
            folder.Path, "explain", ReferenceData.Path(Squeezenet), ReferenceData.Path(Cat), "--preprocess", "imagenet-caffe").Expect(0);
        Assert.Contains("class 285", result.Output, StringComparison.Ordinal);
        Assert.Contains("chelsea-methods.png", result.Output, StringComparison.Ordinal);
        Assert.True(Picture.Load(folder["chelsea-methods.png"]).Width > 5 * 227);
    }

    [Fact]
    public void Explain_SetsTheMethodsThatTakeAnOption()
    {
        using var folder = new TemporaryFolder();
        CommandLineResult result = CommandLine.Run(
            folder.Path, "explain", ReferenceData.Path(Squeezenet), ReferenceData.Path(Cat), "--preprocess", "imagenet-caffe", "--save-map", "m.npy",
            "--method", "integrated-gradients,saliency-smooth,occlusion,grad-cam", "--steps", "2", "--samples", "2", "--window", "120", "--layer", "fire4/concat").Expect(0);
        foreach (string words in (string[])["steps 2", "samples 2", "window 120x120", "layer fire4/concat", "'fire4/concat' (256 maps of"])
            Assert.Contains(words, result.Output, StringComparison.Ordinal);
        Assert.Equal([1, 1, 227, 227], NpyFile.Load(folder["m-grad-cam.npy"]).Lengths.ToArray().Select(l => (int)l));
    }

    [Fact]
    public void Explain_NumbersTheArraysOfSeveralImages()
    {
        using var folder = new TemporaryFolder();
        JsonElement root = Json(CommandLine.Run(
            folder.Path, "explain", ReferenceData.Path(Squeezenet), ReferenceData.Path(Cat), ReferenceData.Path("photos/skimage/coffee.png"),
            "--method", "saliency", "--preprocess", "imagenet-caffe", "--node", "fire4/concat", "--save-map", "m.npy", "--json").Expect(0));
        Assert.Equal(["m-1.npy", "m-2.npy"], root.GetProperty("maps").EnumerateArray().Select(m => m.GetProperty("file").GetString()));
        Assert.Equal([1, 3, 227, 227], NpyFile.Load(folder["m-2.npy"]).Lengths.ToArray().Select(l => (int)l));
    }

    [Fact]
    public void Top_FindsTheStrongestPicturesAndDrawsThem()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(
            folder.Path, "top", ReferenceData.Path(Squeezenet), "--node", "fire4/concat", "--units", "3,5", "--data", ReferenceData.Path("photos/skimage"),
            "--k", "3", "--preprocess", "imagenet-caffe", "--out", "top.png", "--json", "top.json").Expect(0);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(folder["top.json"]));
        foreach (JsonElement unit in document.RootElement.GetProperty("units").EnumerateArray())
        {
            float[] activations = [.. unit.GetProperty("maxima").EnumerateArray().Select(m => m.GetProperty("activation").GetSingle())];
            Assert.Equal(3, activations.Length);
            Assert.Equal(activations.OrderDescending(), activations);
        }

        Assert.True(Picture.Load(folder["top.png"]).Width > 3 * 100);
    }

    static JsonElement Json(CommandLineResult result)
    {
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    static double Nmse(float[] actual, float[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        return difference / size;
    }
}
