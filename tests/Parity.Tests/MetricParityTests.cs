using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>What metrics say of a method on the GPU, beside what they say on the processor.</summary>
public class MetricParityTests
{
    const int Images = 3;

    /// <summary>Numbers may be apart by this part of the largest of their series.</summary>
    const double Bound = 1e-5;

    static readonly MetricOptions s_options = new() { Seed = 3, Pixels = new PixelScale { Factor = [0.2], Centre = [128] } };

    public static TheoryData<string> Names => [.. MetricCatalogue.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_are_those_of_the_processor(string name)
    {
        Gpu.Require();
        AttributionMetric metric = Small(name);
        // The small network's label stands against every step; one that is linear gives in.
        using Network network = metric is AdversarialStability ? Flat() : SmallNetworks.Mixed();
        double worst = 0;
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        {
            MetricResult expected = Measure(metric, cpu, network), actual = Measure(metric, gpu, network);
            MetricSeries[] there = [.. All(expected)], here = [.. All(actual)];
            Assert.Equal(there.Select(s => s.Name), here.Select(s => s.Name));
            Assert.Contains(there, s => s.Values.Any(double.IsFinite) && s.Values.Distinct().Count() > 1);
            for (int i = 0; i < there.Length; i++)
            {
                Assert.Equal(there[i].Values.Select(double.IsFinite), here[i].Values.Select(double.IsFinite));
                double largest = there[i].Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
                for (int n = 0; n < Images; n++)
                {
                    if (!double.IsFinite(there[i].Values[n]) || there[i].Values[n] == here[i].Values[n])
                        continue;
                    double apart = Math.Abs(there[i].Values[n] - here[i].Values[n]) / largest;
                    worst = Math.Max(worst, apart);
                    Assert.True(apart <= Bound, $"{there[i].Name}, image {n}: {here[i].Values[n]:R}, not {there[i].Values[n]:R}");
                }
            }
        }

        ParityReport.Add("metrics", name, worst, "part of the largest");
        Gpu.LeavesNothing();
    }

    static MetricResult Measure(AttributionMetric metric, Engine engine, Network network)
    {
        Shape one = network.InputShape.WithSamples(1);
        float[] pictures = [.. Enumerable.Range(0, Images).SelectMany(n => Draw.Normal((ulong)n + 500, one))];
        return metric.Measure(new InputXGradient(engine), Tensor.Create(pictures, one.WithSamples(Images).ToLengths()), s_options);
    }

    static IEnumerable<MetricSeries> All(MetricResult result) => result.Series.Concat(result.Curves.SelectMany(c => c.Points));

    /// <summary>Fewer samples where that is a matter of time alone.</summary>
    static AttributionMetric Small(string name) => MetricCatalogue.ByName(name) switch
    {
        Infidelity => new Infidelity { Samples = 7 },
        MaxSensitivity => new MaxSensitivity { Samples = 3 },
        WeightRandomisation => new WeightRandomisation { Stages = 2 },
        var metric => metric,
    };

    static Network Flat()
    {
        Shape shape = new(1, 3, 14, 12);
        var builder = new NetworkBuilder();
        var weights = new MemoryWeights([.. Enumerable.Range(0, 5).SelectMany(k => Draw.Normal((ulong)k + 40, shape))], 5, shape.Count);
        builder.Output(builder.Add("logits", new Dense { Weight = weights, OutputMajor = true }, builder.Add("flat", new Flatten(), builder.Input("x", shape))));
        return builder.Build();
    }
}
