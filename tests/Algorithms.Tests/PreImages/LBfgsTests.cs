using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

public class LBfgsTests(ITestOutputHelper output)
{
    static readonly PreImageOptions s_options = Searches.Small with { Optimiser = Optimiser.LBfgs, LearningRate = null, Iterations = 60 };

    /// <summary>As many evaluations, from the same noise, on a network without corners.</summary>
    [Theory]
    [InlineData(Parameterisation.Pixels)]
    [InlineData(Parameterisation.Fourier)]
    public void It_gets_lower_than_Algorithm_1(Parameterisation parameterisation)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        using var report = new Report($"lbfgs-{parameterisation}", output);
        PreImageOptions options = s_options with { Parameterisation = parameterisation };
        PreImageResult own = Searches.Match(engine, "last", options);
        double found = own.Energies[0].Values.Sum();
        foreach (double? rate in (double?[])[null, 0.01, 0.2, 0.5])
        {
            PreImageResult other = Searches.Match(engine, "last", options with { Optimiser = Optimiser.Windowed, LearningRate = rate });
            double lowest = Enumerable.Range(0, 60).Min(i => other.Trace.Segments[0].Total(i, 0));
            report.WriteLine($"60 evaluations, c0 {rate?.ToString() ?? "0.05"}: L-BFGS {found:G6}, Algorithm 1 {lowest:G6}");
            Assert.True(found < lowest, $"{found} against {lowest}");
        }
    }

    /// <summary>The result is the lowest of all evaluations, restarts do not know of each other, and nothing but the seed counts.</summary>
    [Fact]
    public void Restarts_run_alone_and_give_their_best()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult all = Searches.Match(engine, "last", s_options with { Restarts = 3 });
        Assert.Equal(3, all.Trace.Segments.Count);
        for (int k = 0; k < 3; k++)
        {
            PreImageTrace.Segment segment = all.Trace.Segments[k];
            Assert.Equal(1, segment.Rows);
            double lowest = Enumerable.Range(0, segment.Iterations).Min(i => segment.Total(i, 0));
            Assert.Equal(lowest, all.Energies[k].Values.Sum(), 1e-6 * lowest);
            Assert.True(lowest < 0.5 * segment.Total(0, 0));
            Assert.Equal(all.Row(k).ToArray(), Searches.Match(engine, "last", s_options with { FirstRestart = k }).Row(0).ToArray());
        }
    }

    /// <summary>The bounded range alone, with alpha = 2, is a parabola: one line search finds its bottom.</summary>
    [Fact]
    public void At_the_bottom_it_ends()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult result = new PreImageSearch(engine, Searches.Pixels).Find(1e-30 * Objective.Channel("last", 0), s_options with { Alpha = 2, LambdaVariation = 0, Iterations = 640 });
        Assert.InRange(result.Iterations, 16, 624);
        Assert.Contains("found no lower energy", Assert.Single(result.Notes));
        Assert.True(result.Energies[0]["range"] < 1e-12, $"{result.Energies[0]["range"]}");
    }

    [Fact]
    public void Views_that_change_are_an_error()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains("Jitter is 3: it must be 1 or null with Optimiser.LBfgs", Assert.Throws<PreimageException>(() => Searches.Match(engine, "last", s_options with { Jitter = 3 })).Message);
        Assert.Contains("Transforms is", Assert.Throws<PreimageException>(() => Searches.Match(engine, "last", s_options with { Transforms = new ImageTransforms { Rotation = 5 } })).Message);
        Assert.Equal(1, Searches.Match(engine, "last", s_options with { Jitter = null, Iterations = 16 }).Jitter);
    }
}
