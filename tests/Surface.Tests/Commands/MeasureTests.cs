using System.Numerics.Tensors;
using System.Text.Json;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Surface.Tests.Commands;

/// <summary><c>preimage measure</c>; on networks it skips where the reference data is absent.</summary>
public sealed class MeasureTests
{
    const string Lenet = "models/onnx/caffe_lenet_mnist.onnx";

    [Fact]
    public void A_table_goes_where_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string model = ReferenceData.Path(Lenet);
        NpyFile.Save(folder["digits.npy"], Tensor.Create([.. Enumerable.Range(0, 2 * 784).Select(i => i * i % 97 / 97f)], (ReadOnlySpan<nint>)[2, 1, 28, 28]));
        string[] arguments = ["measure", model, "digits.npy", "--metric", "class-sensitivity,deletion", "--method", "saliency,guided", "--seed", "4"];
        CommandLineResult printed = CommandLine.Run(folder.Path, [.. arguments, "--out", "table.md"]).Expect(0);
        Assert.Contains("unit-distance+", printed.Output, StringComparison.Ordinal);
        Assert.Contains("left", printed.Errors, StringComparison.Ordinal);
        Assert.Contains("| method | area ↓ | random-area | gain ↑ |", File.ReadAllText(folder["table.md"]), StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(CommandLine.Run(folder.Path, [.. arguments, "--out", "table.json", "--json"]).Expect(0).Output);
        Assert.Equal(["digits.npy[0]", "digits.npy[1]"], json.RootElement.GetProperty("images").EnumerateArray().Select(i => i.GetString()));
        JsonElement[] results = [.. json.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(["saliency", "guided", "saliency", "guided"], results.Select(r => r.GetProperty("method").GetString()));
        Assert.Equal(33, results[2].GetProperty("curves")[0].GetProperty("points").GetArrayLength());
        Assert.Equal(2, results[0].GetProperty("series")[0].GetProperty("values").GetArrayLength());
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(folder["table.json"]));
        Assert.Equal("class-sensitivity", file.RootElement.GetProperty("results")[0].GetProperty("metric").GetString());
    }

    [Fact]
    public void Arrays_say_nothing_of_grey_levels_without_a_preprocessing()
    {
        using var folder = new TemporaryFolder();
        string model = ReferenceData.Path(Lenet);
        NpyFile.Save(folder["digit.npy"], Tensor.Create(new float[784], (ReadOnlySpan<nint>)[1, 1, 28, 28]));
        string[] arguments = ["measure", model, "digit.npy", "--metric", "adversarial-stability", "--method", "saliency"];
        Assert.Contains("MetricOptions.Pixels", CommandLine.Run(folder.Path, arguments).Expect(1).Errors, StringComparison.Ordinal);
        CommandLine.Run(folder.Path, [.. arguments, "--preprocess", "mnist"]).Expect(0);
    }

    [Fact]
    public void Names_that_are_none_are_not_understood()
    {
        string folder = AppContext.BaseDirectory;
        Assert.Contains("there are class-sensitivity, ", CommandLine.Run(folder, "measure", "m.onnx", "a.png", "--metric", "beauty").Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains(".md or .json", CommandLine.Run(folder, "measure", "m.onnx", "a.png", "--out", "t.txt").Expect(2).Errors, StringComparison.Ordinal);
    }
}
