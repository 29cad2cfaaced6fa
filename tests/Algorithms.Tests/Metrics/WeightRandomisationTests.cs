using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.Tests.Attribution;
using Preimage.Layers;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class WeightRandomisationTests
{
    [Fact]
    public void Stages_are_maps_of_randomised_networks_for_the_class_the_trained_one_saw()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var image = Methods.Samples(network, 1);
        int last = network.WeightLayers.Count - 1;
        MetricResult result = new WeightRandomisation { Stages = null }.Measure(new Saliency(engine), image, new MetricOptions { Seed = 5 });
        AttributionResult trained = new Saliency(engine).Attribute(image, Target.Argmax);
        MetricCurve cascade = Curve("cascade-rank"), independent = Curve("independent-rank-abs");
        // From the last layer down to the first.
        Assert.Equal(network.WeightLayers.Select(n => n.Name).Reverse(), cascade.Points.Select(p => p.Name));
        for (int at = 0; at <= last; at++)
        {
            int layer = last - at;
            float[] random = Map(layer == 0 ? Randomisation.All : Randomisation.Part(layer - 1)), one = Map(Randomisation.Only(layer));
            Assert.Equal(Correlation.Spearman(trained.Row(0), random), cascade.Points[at].Values[0], 12);
            Assert.Equal(Correlation.Spearman(Magnitudes(trained.Row(0)), Magnitudes(one)), independent.Points[at].Values[0], 12);
        }

        Assert.Equal(cascade.Points[last].Values[0], result["cascade-rank"].Values[0]);
        Assert.Equal(independent.Points.Average(p => p.Values[0]), result["independent-rank-abs"].Values[0], 12);

        MetricCurve Curve(string name) => result.Curves.Single(c => c.Name == name);
        static float[] Magnitudes(ReadOnlySpan<float> map) => Array.ConvertAll(map.ToArray(), Math.Abs);
        float[] Map(Randomisation which)
        {
            using Network random = network.Randomize(which, 5, RandomWeights.Matching);
            using Engine on = random.On(Device.Cpu);
            return new Saliency(on).Attribute(image, Target.Class(trained.Units[0].Unit)).Row(0).ToArray();
        }
    }

    [Fact]
    public void Pictures_of_maps_are_compared_by_structure()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var image = Methods.Samples(network, 1);
        MetricResult result = new WeightRandomisation { Stages = 1 }.Measure(new Saliency(engine), image, new MetricOptions { Seed = 5 });
        AttributionResult trained = new Saliency(engine).Attribute(image, Target.Argmax);
        using Network random = network.Randomize(Randomisation.All, 5, RandomWeights.Matching);
        using Engine on = random.On(Device.Cpu);
        AttributionResult other = new Saliency(on).Attribute(image, Target.Class(trained.Units[0].Unit));
        Assert.Equal(StructuralSimilarity.Mean(Grey(trained.Row(0)), Grey(other.Row(0)), 14, 12), result["cascade-ssim"].Values[0], 9);
        // 12 columns: cells of 2 pixels.
        using var hog = HogLook.For(14, 12)!;
        Assert.Equal(Correlation.Pearson(hog.Of(Grey(trained.Row(0))), hog.Of(Grey(other.Row(0)))), result["cascade-hog"].Values[0], 9);

        static float[] Grey(ReadOnlySpan<float> map)
        {
            var sums = new double[14 * 12];
            for (int i = 0; i < map.Length; i++)
                sums[i % sums.Length] += Math.Abs((double)map[i]);
            return DisplayNormalisation.Of(Array.ConvertAll(sums, v => (float)v));
        }
    }

    [Fact]
    public void Stages_are_spread_over_the_layers()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        // Five layers: conv, left, right, hidden, logits.
        MetricResult result = new WeightRandomisation { Stages = 3 }.Measure(new Saliency(engine), Methods.Samples(network, 1));
        Assert.Equal(["logits", "right", "conv"], result.Curves[0].Points.Select(p => p.Name));
        Assert.Contains("0 stages", Assert.Throws<PreimageException>(() =>
            new WeightRandomisation { Stages = 0 }.Measure(new Saliency(engine), Methods.Samples(network, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_too_small_for_a_window_have_ranks_only()
    {
        Shape shape = new(1, 1, 2, 2);
        using Network network = Linear.Of(shape, [1, 2, 3, 4], [4, 3, 2, 1]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new WeightRandomisation().Measure(new Saliency(engine), Linear.Images(shape, [1, 1, 1, 1]));
        Assert.False(result["cascade-ssim"].Testable || result["cascade-hog"].Testable);
        Assert.True(result["cascade-rank"].Testable && result["independent-rank-abs"].Testable);
    }
}
