using Preimage.Algorithms.Experiments.DenseLayers;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>Rows of numbers small enough to be added up by hand.</summary>
public sealed class MistakeTableTests
{
    static readonly UnitResult[] s_units = [Unit([0, 1], [0.9, 0.8], [0.05, 0.3], [0.9, 0.72], [2, 4], [20, 20]), Unit([0], [1], [0], [0.94], [3], [10])];

    static IReadOnlyList<ResultRow> Rows => [.. new MistakeTable(new Labelled([0, 1, 1]), [[0, 2], [1]], s_units).Rows(FaceNumbers.Identity, ["45", "90"], 0.1)];

    [Theory]
    [InlineData("accuracy", 200.0 / 3, null)]
    [InlineData("mistakes, of 3", 1, null)]
    [InlineData("mistakes at 45, of 2", 0, null)]
    [InlineData("mistakes at 90, of 1", 1, null)]
    [InlineData("missed: c1", 1, null)]
    [InlineData("units traced on average, of 100", 3, null)]
    [InlineData("share of all units", 3, null)]
    [InlineData("units traced of the mistakes alone, on average", 3, null)]
    [InlineData("share of the positive units", 20, false)]
    [InlineData("predictions that fall below 0.1 without their units", 200.0 / 3, false)]
    [InlineData("median change without as many positive units drawn at random", 0.06, false)]
    [InlineData("pictures where the units lower it at least 5 times as much as random ones", 100, null)]
    public void Row_IsTheSumByHand(string name, double expected, bool? holds)
    {
        ResultRow row = Rows.Single(r => r.Name == name);
        Assert.Equal(expected, row.Ours, 1e-9);
        Assert.Equal(holds, row.Holds);
    }

    [Fact]
    public void Median_IsTheMiddle() => Assert.Equal((2.0, 2.5, 0.0), (PairTable.Median([3, 1, 2]), PairTable.Median([4, 1, 2, 3]), PairTable.Median([])));

    static UnitResult Unit(double[] predicted, double[] before, double[] after, double[] random, double[] traced, double[] positive) => new()
    {
        Numbers = { ["units"] = 100 },
        Series = { ["predicted"] = predicted, ["before"] = before, ["after"] = after, ["random"] = random, ["traced"] = traced, ["positive"] = positive, ["literal"] = traced },
    };

    sealed class Labelled(int[] labels) : DataSet
    {
        public override string Name => "labels";

        public override Shape SampleShape => new(1, 1, 1, 1);

        public override IReadOnlyList<string> Classes => ["c0", "c1"];

        public override int Count => labels.Length;

        public override int Label(int index) => labels[index];

        public override void Read(int index, Span<byte> values) => values.Clear();
    }
}
