using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class MetricTableTests
{
    static readonly Shape s_shape = new(1, 1, 2, 2);

    [Fact]
    public void A_table_has_a_row_for_each_method_and_says_what_could_not_be_asked()
    {
        using Network network = Linear.OfPositive(s_shape, [1, 2, 3, 4], [4, 3, 2, 1]);
        using Engine engine = network.On(Device.Cpu);
        var steps = new List<double>();
        MetricTable table = MetricTable.Measure(
            [new ClassSensitivity(), new AdversarialStability()], [new Saliency(engine), new GuidedBackprop(engine)],
            Linear.Images(s_shape, [1, 1, 1, 2], [-1, -1, -1, -1]), new MetricOptions { Seed = 9 }, new Heard(steps));
        Assert.Equal(["saliency", "guided"], table.Results.Select(r => r.Method));
        Assert.Equal(["adversarial-stability", "adversarial-stability"], table.Failures.Select(f => f.Metric));
        Assert.Equal(0.5, steps[^1], 12);
        string page = table.ToMarkdown();
        Assert.Contains("| method | distance ↑ | unit-distance ↑ | cosine ↓ | rank-correlation ↓ |", page, StringComparison.Ordinal);
        // One of two images left out: fewer than nine of ten.
        Assert.Contains("| saliency | not testable, 1 left out |", page, StringComparison.Ordinal);
        Assert.Contains("2 images, 95 % intervals of the mean, seed 9", page, StringComparison.Ordinal);
        Assert.Contains("- adversarial-stability of guided: adversarial-stability: ", page, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(table.ToJson());
        JsonElement series = json.RootElement.GetProperty("results")[0].GetProperty("series")[0];
        Assert.Equal(("distance", "higher", 1), (series.GetProperty("name").GetString(), series.GetProperty("better").GetString(), series.GetProperty("leftOut").GetInt32()));
        Assert.Equal(0.372678, series.GetProperty("mean").GetDouble(), 5);
        Assert.Equal("NaN", series.GetProperty("values")[1].GetString());
    }

    [Fact]
    public void A_cell_has_the_mean_and_its_interval()
    {
        MetricSeries Series(params double[] values) => MetricSeries.Of("x", values, 0.95, Better.Lower);
        Assert.Equal("2.5 [0.446, 4.55]", MetricTable.Cell(Series(1, 2, 3, 4)));
        Assert.Equal("7", MetricTable.Cell(Series(7)));
        Assert.Equal("1 [1, 1], 1 left out", MetricTable.Cell(Series([.. Enumerable.Repeat(1.0, 9), double.NaN])));
    }

    [Fact]
    public void Files_are_written_by_their_extension()
    {
        using Network network = Linear.Of(s_shape, [1, 2, 3, 4], [4, 3, 2, 1]);
        using Engine engine = network.On(Device.Cpu);
        MetricTable table = MetricTable.Measure([new ClassSensitivity()], [new Saliency(engine)], Linear.Images(s_shape, [1, 1, 1, 2]));
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            table.Save(Path.Combine(folder, "a.md"));
            table.Save(Path.Combine(folder, "a.json"));
            Assert.Equal(table.ToMarkdown(), File.ReadAllText(Path.Combine(folder, "a.md")));
            Assert.Equal(table.ToJson() + "\n", File.ReadAllText(Path.Combine(folder, "a.json")));
            Assert.Contains(".md or .json", Assert.Throws<ArgumentException>(() => table.Save(Path.Combine(folder, "a.txt"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Where_nothing_could_be_asked_the_reason_is_an_error()
    {
        using Network network = Linear.Of(s_shape, [1, 2, 3, 4]);
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains("1 logit", Assert.Throws<PreimageException>(() =>
            MetricTable.Measure([new ClassSensitivity()], [new Saliency(engine)], Linear.Images(s_shape, [1, 1, 1, 1]))).Message, StringComparison.Ordinal);
    }

    sealed class Heard(List<double> parts) : IProgress<MetricProgress>
    {
        public void Report(MetricProgress value) => parts.Add(value.Part);
    }
}
