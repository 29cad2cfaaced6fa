using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.Tests.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class PixelCurveTests
{
    // Probabilities of class 0 against a logit of 0: 1 / (1 + exp(-logit)).
    const double Half = 0.5, One = 0.7310586, Two = 0.8807971, Three = 0.9525741;

    static readonly Shape s_shape = new(1, 1, 1, 2);

    [Fact]
    public void Two_pixels_taken_away_by_hand()
    {
        // Logit 2a + b at (1, 1): 3; a goes first, leaving 1; then nothing is left. Area (0.952574 / 2 + 0.731059 + 0.5 / 2) / 2 = 0.728673.
        using Network network = Linear.Of(s_shape, [2, 1], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new Deletion { Steps = 2, Baseline = Baseline.Zero }.Measure(new Saliency(engine), Linear.Images(s_shape, [1, 1]));
        Assert.Equal([Three, One, Half], Curve(result, "probability"), Near);
        Assert.Equal(0.728673, result["area"].Values[0], 5);
        CheckControl(result, (Three / 2 + Half / 2 + One) / 2, (Three / 2 + Half / 2 + Two) / 2, sign: 1);
        Assert.Equal(["0", "0.5", "1"], result.Curves[0].Points.Select(p => p.Name));
    }

    [Fact]
    public void Two_pixels_put_in_by_hand()
    {
        // Nothing: 0.5; a first: logit 2; then both. Area (0.5 / 2 + 0.880797 + 0.952574 / 2) / 2 = 0.803542.
        using Network network = Linear.Of(s_shape, [2, 1], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new Insertion { Steps = 2, Baseline = Baseline.Zero }.Measure(new Saliency(engine), Linear.Images(s_shape, [1, 1]));
        Assert.Equal([Half, Two, Three], Curve(result, "probability"), Near);
        Assert.Equal(0.803542, result["area"].Values[0], 5);
        CheckControl(result, (Three / 2 + Half / 2 + One) / 2, (Three / 2 + Half / 2 + Two) / 2, sign: -1);
    }

    [Fact]
    public void Magnitudes_order_otherwise_and_equals_go_by_their_place()
    {
        // Weights (1, -3): by the sum the first goes first, by magnitude the second.
        using Network network = Linear.Of(s_shape, [1, -3], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        var options = new MetricOptions { Target = Target.Class(0) };
        double[] Curves(ChannelReduction relevance, params float[] image) => Curve(
            new Deletion { Steps = 2, Baseline = Baseline.Zero, Relevance = relevance }.Measure(new Saliency(engine), Linear.Images(s_shape, image), options), "probability");
        Assert.Equal([1 - Two, 1 - Three, Half], Curves(ChannelReduction.Sum, 1, 1), Near);
        Assert.Equal([1 - Two, One, Half], Curves(ChannelReduction.SumAbs, 1, 1), Near);
        using Network even = Linear.Of(s_shape, [1, 1], [0, 0]);
        using Engine other = even.On(Device.Cpu);
        // Of equals the first goes first: 2 remains of (1, 2).
        MetricResult result = new Deletion { Steps = 2, Baseline = Baseline.Zero }.Measure(new Saliency(other), Linear.Images(s_shape, [1, 2]));
        Assert.Equal([Three, Two, Half], Curve(result, "probability"), Near);
    }

    [Fact]
    public void Pixels_are_exchanged_in_all_channels_for_the_baseline()
    {
        // Two channels of two pixels; logit = sum of w v with w = (2, 1 | 1, -2): sums 3 and -1. The mean colour of (5, 1 | 0, 2) is 3 | 1.
        Shape shape = new(1, 2, 1, 2);
        using Network network = Linear.Of(shape, [2, 1, 1, -2], [0, 0, 0, 0]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new Deletion { Steps = 2 }.Measure(new Saliency(engine), Linear.Images(shape, [5, 1, 0, 2]));
        // 10 + 1 + 0 - 4 = 7; the first pixel gone: 6 + 1 + 1 - 4 = 4; both: 6 + 3 + 1 - 2 = 8.
        Assert.Equal(((double[])[7, 4, 8]).Select(l => 1 / (1 + Math.Exp(-l))), Curve(result, "probability"), Near);
    }

    [Fact]
    public void A_map_of_one_channel_orders_the_pixels_too()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var method = new GradCam(engine, "right_relu") { Rectify = false };
        Assert.Equal(168, method.Attribute(Methods.Samples(network, 1), Target.Argmax).Row(0).Length);
        foreach (AttributionMetric metric in MetricCatalogue.All)
        {
            MetricResult result = metric.Measure(method, Methods.Samples(network, 1), new MetricOptions { Pixels = new() { Factor = [0.02], Centre = [128] } });
            Assert.True(result.Series[0].Testable || metric is AdversarialStability, metric.Name);
        }
    }

    [Fact]
    public void Errors_name_what_is_wrong()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        string Message(AttributionMetric metric, Target? target = null) => Assert.Throws<PreimageException>(() =>
            metric.Measure(new Saliency(engine), Methods.Samples(network, 1), new MetricOptions { Target = target ?? Target.Argmax })).Message;
        Assert.Contains("'argmax of conv' is none", Message(new Deletion(), Target.ArgmaxOf("conv")), StringComparison.Ordinal);
        Assert.Contains("0 steps", Message(new Insertion { Steps = 0 }), StringComparison.Ordinal);
        Assert.Contains("Relevance.None", Message(new Insertion { Relevance = ChannelReduction.None }), StringComparison.Ordinal);
    }

    static double[] Curve(MetricResult result, string name) => [.. result.Curves.Single(c => c.Name == name).Points.Select(p => p.Values[0])];

    static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6;

    /// <summary>The random order of two pixels is one of two.</summary>
    static void CheckControl(MetricResult result, double first, double second, int sign)
    {
        double random = result["random-area"].Values[0];
        Assert.True(Near(random, first) || Near(random, second), $"{random}");
        Assert.Equal(sign * (random - result["area"].Values[0]), result["gain"].Values[0], 9);
    }
}
