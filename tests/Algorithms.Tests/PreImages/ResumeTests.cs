using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>A search that is stopped and goes on is the same as one that is not.</summary>
public class ResumeTests
{
    static readonly PreImageOptions s_options = Searches.Small with { Jitter = 3, Restarts = 3, AtOnce = 2, SecondPhase = new SecondPhase { Iterations = 20 } };

    /// <summary>Progress is told after 16, 32, 40 iterations of phase 0, after 16, 20 of phase 1, and again for the second group.</summary>
    [Theory]
    [InlineData(Optimiser.Windowed, 1)]
    [InlineData(Optimiser.Windowed, 2)]
    [InlineData(Optimiser.Windowed, 3)]
    [InlineData(Optimiser.Windowed, 4)]
    [InlineData(Optimiser.Windowed, 7)]
    [InlineData(Optimiser.Momentum, 2)]
    [InlineData(Optimiser.Adam, 2)]
    [InlineData(Optimiser.Adam, 9)]
    [InlineData(Optimiser.LBfgs, 2)]
    [InlineData(Optimiser.LBfgs, 5)]
    public void Resumed_GivesTheSameBytes(Optimiser optimiser, int stopAt)
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = s_options with { Optimiser = optimiser, LearningRate = optimiser == Optimiser.Momentum ? 0.001 : 0.5, Jitter = optimiser == Optimiser.LBfgs ? 1 : 3 };
        PreImageResult unbroken = Searches.Match(engine, "last", options);
        Assert.True(unbroken.Completed);
        Assert.Null(unbroken.State);

        PreImageResult stopped = Stop(engine, options, stopAt);
        Assert.False(stopped.Completed);
        Assert.True(stopped.Iterations > 0);
        Assert.Contains(stopped.Notes, n => n.Contains("cancelled", StringComparison.Ordinal));
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        PreImageState state;
        try
        {
            stopped.State!.Save(path);
            state = PreImageState.Load(path);
        }
        finally
        {
            File.Delete(path);
        }

        PreImageResult resumed = Searches.Match(engine, "last", options with { Resume = state });
        Assert.True(resumed.Completed);
        Assert.Equal(unbroken.Iterations, resumed.Iterations);
        Assert.Equal(Searches.Floats(unbroken.Images), Searches.Floats(resumed.Images));
        Assert.Equal(unbroken.Errors, resumed.Errors);
        Assert.Equal(Lines(unbroken.Trace), Lines(resumed.Trace));
    }

    [Fact]
    public void Cancelled_GivesTheBestImageSoFar()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult stopped = Stop(engine, s_options with { Jitter = 1, AtOnce = null }, 2);
        PreImageTrace.Segment segment = Assert.Single(stopped.Trace.Segments);
        for (int k = 0; k < 3; k++)
        {
            double lowest = Enumerable.Range(0, segment.Iterations).Min(i => segment.Total(i, k));
            Assert.Equal(lowest, stopped.Energies[k].Values.Sum(), 1e-6 * lowest);
        }
    }

    [Fact]
    public void Cancelled_BeforeAnythingRan_Throws()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        Assert.ThrowsAny<OperationCanceledException>(() => Searches.Match(engine, "last", s_options, null, new CancellationToken(true)));
    }

    [Fact]
    public void Another_search_cannot_go_on()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageState state = Stop(engine, s_options, 1).State!;
        foreach (PreImageOptions other in (PreImageOptions[])[s_options with { Seed = 9 }, s_options with { C = 21 }, s_options with { AtOnce = 3 }])
            Assert.Contains("other settings", Assert.Throws<PreimageException>(() => Searches.Match(engine, "last", other with { Resume = state })).Message);
        Assert.Contains("other settings", Assert.Throws<PreimageException>(() => Searches.Match(engine, "first", s_options with { Resume = state })).Message);
    }

    /// <summary>The names of objectives do not tell their numbers.</summary>
    [Fact]
    public void The_numbers_of_an_objective_are_part_of_the_settings()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> one = Searches.Representation(engine, "last", 1), two = Searches.Representation(engine, "last", 2);
        float[] half = [.. Enumerable.Repeat(0.5f, (int)one.FlattenedLength)], whole = [.. half.Select(_ => 1f)];
        Objective[] objectives =
        [
            Objective.Match("last", one), Objective.Match("last", two), Objective.Match("last", one, FeatureMask.Of(half)), Objective.Match("last", one, FeatureMask.Of(whole)),
            Objective.Match("last", one, FeatureMask.Window(2)), Objective.Inner("last", one), Objective.Inner("last", two), 2 * Objective.Inner("last", two), Objective.Unit("last", 3),
        ];
        Assert.Equal(objectives.Length, objectives.Select(o => Searches.Settings(engine, o, s_options).Fingerprint).Distinct().Count());
    }

    static PreImageResult Stop(Engine engine, PreImageOptions options, int report)
    {
        using var source = new CancellationTokenSource();
        int told = 0;
        return Searches.Match(engine, "last", options, new Searches.Told(_ => { if (++told == report) source.Cancel(); }), source.Token);
    }

    static string[] Lines(PreImageTrace trace)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            trace.Save(path);
            return File.ReadAllLines(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
