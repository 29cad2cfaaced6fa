using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.PreImages;

public class LoopTests
{
    /// <summary>Reference specification 11: one pixel of three channels and the bounded range alone; the network's value never changes.</summary>
    [Fact]
    public void Windowed_IsThePapersAlgorithm()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 1, 1));
        builder.Output(builder.Add("constant", new Convolution
        {
            Weight = new MemoryWeights([0, 0, 0], 1, 3, 1, 1), Bias = new MemoryWeights([1], 1), Sliding = new Window { Kernel = (1, 1) },
        }, x));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult result = new PreImageSearch(engine, PixelScale.Raw).Find(Objective.Channel("constant", 0), new PreImageOptions
        {
            Initial = Tensor.Create([50f, -30, 20], [1, 3, 1, 1]), LambdaVariation = 0, Iterations = 3, KeepFrames = 1,
        });
        Assert.Equal(53.3333333, result.Rates[0], 1e-6);
        double[][] expected = [[49.53153387, -29.65410412, 19.73935018], [48.72624764, -29.04937632, 19.27803653], [47.67664713, -28.25314156, 18.66609810]];
        Assert.Equal([1, 2, 3], result.Frames.Select(f => f.Iteration));
        for (int i = 0; i < 3; i++)
            Assert.All(result.Frames[i].Images.Zip(expected[i]), p => Assert.Equal(p.Second, p.First, 1e-6 * 50));
        Assert.Equal(Searches.Floats(result.Frames[2].Images), Searches.Floats(result.Images));
    }

    [Fact]
    public void Jitter_DrawsEveryPlaceAndNoOther()
    {
        int[] offsets = Draws.Offsets(5, 0, 4000, 5);
        Assert.Equal(Enumerable.Range(0, 5), offsets.Distinct().Order());
        // 8000 draws: 1600 each, deviation 36.
        Assert.All(offsets.CountBy(o => o), p => Assert.InRange(p.Value, 1420, 1780));
        Assert.NotEqual(offsets, Draws.Offsets(5, 1, 4000, 5));
        Assert.NotEqual(offsets.Where((_, i) => i % 2 == 0), offsets.Where((_, i) => i % 2 == 1));
        Assert.Equal(offsets[..200], Draws.Offsets(5, 0, 100, 5));
    }

    /// <summary>Reference specification 6.3.</summary>
    [Fact]
    public void Noise_HasItsQuantileAtTheBound()
    {
        var noise = new float[30000];
        Draws.Noise(3, 0, 80, noise);
        float[] sorted = [.. noise.Order()];
        Assert.Equal(80 / Math.Sqrt(3), (sorted[28499] + sorted[28500]) / 2, 1e-4);
        Assert.InRange(sorted[0], -52.5, -50);
        Assert.InRange(sorted[^1], 50, 52.5);
        Assert.InRange(noise.Average(), -0.6, 0.6);
        var other = new float[30000];
        Draws.Noise(3, 1, 80, other);
        Assert.NotEqual(noise, other);
    }

    /// <summary>What the network saw is the centre of the canvas, through the scale.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Inputs_AreTheImagesThroughTheScale(int jitter)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult result = Searches.Match(engine, "last", Searches.Small with { Jitter = jitter, Restarts = 2 });
        Assert.Equal(jitter, result.Jitter);
        float[] images = Searches.Floats(result.Images), inputs = Searches.Floats(result.Inputs);
        for (int i = 0; i < images.Length; i++)
        {
            int c = i / 56 % 3;
            Assert.Equal(Searches.Pixels.Factor[c] * (images[i] - Searches.Pixels.Centre[c]) + Searches.Pixels.Shift[c], inputs[i], 1e-5);
        }

        float[] target = [.. Searches.Representation(engine, "last")];
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2 });
        var values = new float[2 * target.Length];
        plan.Forward(inputs, values);
        for (int k = 0; k < 2; k++)
        {
            double error = Math.Sqrt(target.Select((t, i) => Math.Pow(values[k * target.Length + i] - t, 2)).Sum() / target.Sum(t => (double)t * t));
            Assert.Equal(error, result.Errors[k], 1e-5 * error);
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_end_the_search()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreimageException error = Assert.Throws<PreimageException>(() =>
            Searches.Match(engine, "last", Searches.Small with { Optimiser = Optimiser.Momentum, LearningRate = 1e30, BallRadius = double.PositiveInfinity }));
        Assert.Matches("the energy of '(match last|range|variation)' is .* at iteration [0-9]+ of phase 0, restart 0: lower PreImageOptions.LearningRate", error.Message);
    }

    [Fact]
    public void Stop_rules_end_a_phase_and_say_so()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult all = Searches.Match(engine, "last", Searches.Small with { Iterations = 64 });
        double bound = all.Trace.Segments[0].Total(31, 0) * 1.0000001;
        PreImageResult below = Searches.Match(engine, "last", Searches.Small with { Iterations = 64, StopBelow = bound });
        Assert.Equal(32, below.Iterations);
        Assert.True(below.Completed);
        Assert.Contains("ended after 32 of 64 iterations", Assert.Single(below.Notes));
        PreImageResult still = Searches.Match(engine, "last", Searches.Small with { Iterations = 6400, StopImprovement = 0.01 });
        Assert.InRange(still.Iterations, 32, 6400 - 16);
        Assert.Equal(0, still.Iterations % 16);
        Assert.Contains("StopImprovement", Assert.Single(still.Notes));
    }

    [Fact]
    public void Progress_counts_and_names_energies()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        var told = new List<PreImageProgress>();
        PreImageResult result = Searches.Match(engine, "last", Searches.Small with { SecondPhase = new SecondPhase { Iterations = 20 } }, new Searches.Told(told.Add));
        Assert.Equal([16, 32, 40, 56, 60], told.Select(t => t.Iteration));
        Assert.All(told, t => Assert.Equal(60, t.Total));
        Assert.All(told, t => Assert.Equal(["match last", "range", "variation"], t.Energies.Keys));
        Assert.Equal(result.Trace.Segments[0][15, 0, 0], told[0].Energies["match last"]);
        Assert.Equal(TimeSpan.Zero, told[^1].Left);
    }

    /// <summary>A phase without jitter after one with it begins where the other's window lay: the energy does not jump.</summary>
    [Fact]
    public void The_second_phase_goes_on_from_the_centre()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult result = Searches.Match(engine, "last", Searches.Small with { Jitter = 4, Iterations = 200, SecondPhase = new SecondPhase { Iterations = 30 }, KeepFrames = 200 });
        PreImageResult first = Searches.Match(engine, "last", Searches.Small with { Jitter = 4, Iterations = 200 });
        Assert.Equal(Searches.Floats(first.Images), Searches.Floats(result.Frames[0].Images));
        Assert.Equal(first.Energies[0]["match last"], result.Trace.Segments[1][0, 0, 0], 1e-9);
        Assert.True(result.Errors[0] < first.Errors[0], $"{result.Errors[0]} after {first.Errors[0]}");
    }
}
