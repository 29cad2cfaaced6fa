using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.Tests.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

/// <summary>What holds for every metric of the catalogue.</summary>
public sealed class AllMetricsTests
{
    static readonly MetricOptions s_options = new() { Seed = 3, Pixels = new PixelScale { Factor = [0.2], Centre = [128] } };

    public static TheoryData<string> Names => [.. MetricCatalogue.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_images_numbers_depend_on_nothing_beside_it(string name)
    {
        AttributionMetric metric = Small(name);
        // The small network's label stands against every step; one that is linear gives in.
        using Network network = metric is AdversarialStability
            ? Linear.Of(new Shape(1, 3, 14, 12), [.. Enumerable.Range(0, 5).Select(k => Draw.Normal((ulong)k + 40, 504))])
            : SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var method = new InputXGradient(engine);
        MetricResult all = metric.Measure(method, Methods.Samples(network, 3), s_options);
        MetricResult again = metric.Measure(method, Methods.Samples(network, 3), s_options);
        MetricResult tight = metric.Measure(method, Methods.Samples(network, 3), s_options with { MemoryBudget = Methods.LeastBudget(engine) });
        Assert.Equal(Numbers(all, 0, 1, 2), Numbers(again, 0, 1, 2));
        Assert.Equal(Numbers(all, 0, 1, 2), Numbers(tight, 0, 1, 2));
        for (int n = 0; n < 3; n++)
            Assert.Equal(Numbers(all, n), Numbers(metric.Measure(method, Methods.Samples(network, 1, n), s_options), 0));
        // Numbers that were all alike, or none, would prove nothing.
        Assert.NotEqual(Numbers(all, 0), Numbers(all, 1));
        Assert.Contains(all.Series, s => s.LeftOut < 3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Progress_ends_at_1_and_never_goes_back(string name)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var steps = new List<MetricProgress>();
        Small(name).Measure(new GuidedBackprop(engine), Methods.Samples(network, 2), s_options, new Heard(steps));
        Assert.Equal(1, steps[^1].Part, 12);
        Assert.Equal(TimeSpan.Zero, steps[^1].Left);
        Assert.Equal(steps.Select(s => s.Part).Order(), steps.Select(s => s.Part));
        Assert.All(steps, s => Assert.Equal((name, "guided"), (s.Metric, s.Method)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cancelled_measurement_stops(string name)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using var source = new CancellationTokenSource();
        int heard = 0;
        var cancel = new Heard([]) { Then = () => { heard++; source.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => Small(name).Measure(new Saliency(engine), Methods.Samples(network, 4), s_options, cancel, source.Token));
        Assert.Equal(1, heard);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_map_without_signal_gives_no_number(string name)
    {
        Shape shape = new(1, 1, 16, 16);
        using Network network = Linear.OfPositive(shape, Draw.Normal(1, 256), Draw.Normal(2, 256));
        using Engine engine = network.On(Device.Cpu);
        float[] dark = [.. Enumerable.Repeat(-1f, 256)];
        MetricResult result = Small(name).Measure(new Saliency(engine), Linear.Images(shape, dark), s_options);
        Assert.All(result.Series, s => Assert.Equal((1, false), (s.LeftOut, s.Testable)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_metric_says_what_it_is(string name)
    {
        AttributionMetric metric = MetricCatalogue.ByName(name);
        Assert.EndsWith(".", metric.Meaning, StringComparison.Ordinal);
        Assert.Equal(metric.Settings.Count, metric.Settings.Select(s => s.Key).Distinct().Count());
    }

    [Fact]
    public void Another_seed_is_another_draw()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        double[] Of(ulong seed) => Numbers(new Infidelity().Measure(new Saliency(engine), Methods.Samples(network, 2), s_options with { Seed = seed }), 0, 1);
        Assert.NotEqual(Of(1), Of(2));
    }

    [Fact]
    public void Errors_name_what_there_is()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> image = Methods.Samples(network, 1);
        Assert.Contains("class-sensitivity, deletion, insertion", Assert.Throws<PreimageException>(() => MetricCatalogue.ByName("x")).Message, StringComparison.Ordinal);
        Assert.Contains("gives 2", Assert.Throws<PreimageException>(() =>
            new ImageRecovery().Measure(new Saliency(engine), image, s_options with { Target = Target.TopK(2) })).Message, StringComparison.Ordinal);
        Assert.Contains("confidence of 2", Assert.Throws<PreimageException>(() =>
            new ImageRecovery().Measure(new Saliency(engine), image, s_options with { Confidence = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("distance, unit-distance", Assert.Throws<PreimageException>(() =>
            new ClassSensitivity().Measure(new Saliency(engine), image)["x"]).Message, StringComparison.Ordinal);
    }

    /// <summary>The catalogue's metric, with fewer samples where that is a matter of time alone.</summary>
    static AttributionMetric Small(string name) => MetricCatalogue.ByName(name) switch
    {
        Infidelity => new Infidelity { Samples = 7 },
        MaxSensitivity => new MaxSensitivity { Samples = 3 },
        WeightRandomisation => new WeightRandomisation { Stages = 2 },
        var metric => metric,
    };

    static double[] Numbers(MetricResult result, params int[] images) =>
        [.. result.Series.Concat(result.Curves.SelectMany(c => c.Points)).SelectMany(s => images.Select(n => s.Values[n]))];

    sealed class Heard(List<MetricProgress> steps) : IProgress<MetricProgress>
    {
        public Action? Then { get; init; }

        public void Report(MetricProgress value)
        {
            steps.Add(value);
            Then?.Invoke();
        }
    }
}
