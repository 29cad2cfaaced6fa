using System.Text.Json;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Surface.Tests.Commands;

/// <summary>train: a model file that classify takes without further words, its curve and sheet, and how it goes on.</summary>
public sealed class TrainTests
{
    static readonly string[] s_small = ["train", "--data", "digits,train=240,test=60", "--batch", "24", "--seed", "3"];

    [Fact]
    public void Train_LeavesAModelThatNeedsNoFurtherWords()
    {
        using var folder = new TemporaryFolder();
        string json = CommandLine.Run(folder.Path, [.. s_small, "--epochs", "6", "--rate", "0.003", "--out", "m.onnx", "--sheet", "sheet.png", "--json"]).Expect(0).Output;
        JsonElement root = JsonDocument.Parse(json).RootElement;
        Assert.Equal(("lenet", 6, 10), (root.GetProperty("network").GetString(), root.GetProperty("epochs").GetArrayLength(), root.GetProperty("classes").GetArrayLength()));
        Assert.Contains("rate 0.003, momentum 0.9", root.GetProperty("recipe").GetString(), StringComparison.Ordinal);
        double best = root.GetProperty("best").GetProperty("testError").GetDouble();
        Assert.InRange(best, 0, 0.5);
        Assert.Equal(["m-curve.csv", "m-curve.png", "m.onnx", "sheet.png"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(7, File.ReadAllLines(folder["m-curve.csv"]).Length);

        // As many of the test's pictures are named rightly as the training said.
        DataSet test = DataSource.Open("digits,train=240,test=60", 3).Test;
        var files = new List<string>();
        for (int n = 0; n < test.Count; n++)
        {
            var values = new byte[28 * 28];
            test.Read(n, values);
            new Picture(28, 28, 1, values).Save(folder[$"{n}.png"]);
            files.Add($"{n}.png");
        }

        JsonElement classified = JsonDocument.Parse(CommandLine.Run(folder.Path, ["classify", "m.onnx", .. files, "--top", "1", "--json"]).Expect(0).Output).RootElement;
        Assert.False(classified.GetProperty("preprocessingGuessed").GetBoolean());
        JsonElement[] images = [.. classified.GetProperty("images").EnumerateArray()];
        int wrong = images.Where((image, n) => image.GetProperty("classes")[0].GetProperty("label").GetString() != test.Classes[test.Label(n)]).Count();
        Assert.Equal(best, wrong / 60.0, 1e-12);
    }

    [Fact]
    public void Resume_GoesOnToTheSameModel()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder.Path, [.. s_small, "--epochs", "2", "--out", "whole.onnx"]).Expect(0);
        CommandLine.Run(folder.Path, [.. s_small, "--epochs", "1", "--out", "part.onnx", "--checkpoint", "state.npz"]).Expect(0);
        string output = CommandLine.Run(folder.Path, [.. s_small, "--epochs", "2", "--out", "part.onnx", "--checkpoint", "state.npz", "--resume"]).Expect(0).Output;
        Assert.Contains("kept", output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(folder["whole.onnx"]), File.ReadAllBytes(folder["part.onnx"]));
        CommandLineResult refused = CommandLine.Run(folder.Path, [.. s_small, "--epochs", "2", "--rate", "0.5", "--checkpoint", "state.npz", "--resume"]).Expect(1);
        Assert.Contains("its optimiser is", refused.Errors, StringComparison.Ordinal);
    }

    /// <summary>Two epochs of four full batches and a partial one, recorded and replayed, of both kinds of steps.</summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void Gpu_TrainsLikeTheProcessor(string optimiser)
    {
        using var folder = new TemporaryFolder();
        var simulated = new Dictionary<string, string> { ["PREIMAGE_CUDA"] = Simulator.FileForChildren() };
        double[] losses = [.. ((string[])["cpu", "cuda"]).Select(device => JsonDocument.Parse(CommandLine.Run(folder.Path, simulated, "train", "--data", "digits,train=70,test=20",
            "--batch", "16", "--epochs", "2", "--optimiser", optimiser, "--initialiser", "he", "--rate", "0.0001", "--device", device, "--out", $"{device}.onnx", "--json").Expect(0).Output)
            .RootElement.GetProperty("epochs")[1].GetProperty("testLoss").GetDouble())];
        Assert.Equal(losses[0], losses[1], 1e-3 * losses[0]);
    }

    [Theory]
    [InlineData("--network", "tea-leaves", "--data", "digits,train=20,test=20")]
    [InlineData("--optimiser", "adam", "--momentum", "0.5", "--data", "digits,train=20,test=20")]
    [InlineData("--rate", "0")]
    [InlineData("--epochs", "0")]
    [InlineData("--optimiser", "newton")]
    [InlineData("--initialiser", "xavier")]
    public void NotUnderstood_ExitsWith2(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Assert.Single(CommandLine.Run(folder.Path, ["train", .. arguments]).Expect(2).Errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("tea-leaves")]
    [InlineData("digits,size=9")]
    [InlineData("mnist:nowhere")]
    public void DataThatAreNotThere_ExitWith1(string data)
    {
        using var folder = new TemporaryFolder();
        CommandLineResult result = CommandLine.Run(folder.Path, "train", "--data", data).Expect(1);
        Assert.DoesNotContain("internal error", result.Errors, StringComparison.Ordinal);
    }
}
