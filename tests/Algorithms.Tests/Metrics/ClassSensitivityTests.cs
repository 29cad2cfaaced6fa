using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class ClassSensitivityTests
{
    static readonly Shape s_shape = new(1, 1, 2, 2);

    [Fact]
    public void Two_maps_by_hand()
    {
        // Displayed (0, 1/3, 2/3, 1) and back to front: differences (1, 1/3, -1/3, -1), norm sqrt(20/9), over 4 values 0.372678.
        // Cosine (4 + 6 + 6 + 4) / 30 = 2/3; of unit length sqrt(2 - 4/3) apart; ranks are each other's reverse.
        using Network network = Linear.Of(s_shape, [1, 2, 3, 4], [4, 3, 2, 1]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new ClassSensitivity().Measure(new Saliency(engine), Linear.Images(s_shape, [1, 1, 1, 1], [5, 0, 2, 1]));
        Assert.Equal(("class-sensitivity", "saliency", 2), (result.Metric, result.Method, result["distance"].Values.Count));
        for (int n = 0; n < 2; n++)
        {
            Assert.Equal(0.372678, result["distance"].Values[n], 5);
            Assert.Equal(0.816497, result["unit-distance"].Values[n], 5);
            Assert.Equal(0.666667, result["cosine"].Values[n], 5);
            Assert.Equal(-1, result["rank-correlation"].Values[n], 5);
        }
    }

    [Fact]
    public void Never_is_one_class_drawn_twice()
    {
        using Network network = Linear.Of(new Shape(1, 1, 1, 3), [1, 0, 0], [0, 1, 0], [0, 0, 1]);
        using Engine engine = network.On(Device.Cpu);
        float[][] images = [.. Enumerable.Range(0, 200).Select(n => new float[] { n, 1, 1 })];
        MetricResult result = new ClassSensitivity().Measure(new Saliency(engine), Linear.Images(new Shape(1, 1, 1, 3), images));
        // Distinct unit vectors: cosine 0, sqrt(2) apart.
        Assert.All(result["cosine"].Values, c => Assert.Equal(0, c, 6));
        Assert.All(result["unit-distance"].Values, d => Assert.Equal(Math.Sqrt(2), d, 6));
    }

    [Fact]
    public void Maps_without_signal_are_left_out_and_counted()
    {
        using Network network = Linear.OfPositive(s_shape, [1, 2, 3, 4], [4, 3, 2, 1]);
        using Engine engine = network.On(Device.Cpu);
        float[] alive = [1, 2, 1, 3], dead = [-1, -1, -2, -1];
        MetricSeries one = Distance([.. Enumerable.Repeat(alive, 9), dead]), two = Distance([.. Enumerable.Repeat(alive, 8), dead, dead]);
        Assert.Equal((1, 9, true), (one.LeftOut, one.Mean.Count, one.Testable));
        Assert.Equal((2, 8, false), (two.LeftOut, two.Mean.Count, two.Testable));
        Assert.True(double.IsNaN(one.Values[9]));
        Assert.Equal(0.372678, one.Mean.Mean, 5);

        MetricSeries Distance(float[][] images) => new ClassSensitivity().Measure(new Saliency(engine), Linear.Images(s_shape, images))["distance"];
    }

    [Fact]
    public void One_logit_cannot_be_compared()
    {
        using Network network = Linear.Of(s_shape, [1, 2, 3, 4]);
        using Engine engine = network.On(Device.Cpu);
        var error = Assert.Throws<PreimageException>(() => new ClassSensitivity().Measure(new Saliency(engine), Linear.Images(s_shape, [1, 1, 1, 1])));
        Assert.Contains("1 logit", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 pairs", Assert.Throws<PreimageException>(() =>
            new ClassSensitivity { Pairs = 0 }.Measure(new Saliency(engine), Linear.Images(s_shape, [1, 1, 1, 1]))).Message, StringComparison.Ordinal);
    }
}
