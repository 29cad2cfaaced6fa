using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>The whole loop against its double of plain loops in double.</summary>
public class LoopOracleTests
{
    const int Iterations = 20;

    [Theory]
    [InlineData(Optimiser.Windowed, 2, 1)]
    [InlineData(Optimiser.Windowed, 2, 4)]
    [InlineData(Optimiser.Windowed, 1.5, 3)]
    [InlineData(Optimiser.Momentum, 2, 3)]
    [InlineData(Optimiser.Adam, 2, 3)]
    public void Energies_AreThoseOfTheOracle(Optimiser optimiser, double beta, int jitter)
    {
        using Network network = Searches.Rectified();
        double rate = optimiser switch { Optimiser.Windowed => 0.05, Optimiser.Momentum => 0.0005, _ => 2 };
        PreImageOptions options = Searches.Small with { Optimiser = optimiser, Beta = beta, Jitter = jitter, LearningRate = rate, Iterations = Iterations, BallRadius = 60 };
        Compare(network, options, (oracle, canvas, offsets, phase) => optimiser == Optimiser.Adam
            ? oracle.RunAdam(canvas, offsets, rate, options.Rho, options.BallRadius)
            : oracle.Run(canvas, offsets, 8 * 7 * rate * options.B * options.B / options.Alpha, options.Rho, options.BallRadius, optimiser == Optimiser.Windowed));
    }

    static void Compare(Network network, PreImageOptions options, Func<PreImageOracle, OracleArray, (int, int)[], SearchPhase, List<double[]>> run)
    {
        using Engine engine = network.On(Device.Cpu);
        var representation = Searches.Representation(engine, "last");
        PreImageResult result = Searches.Match(engine, "last", options);
        SearchSettings settings = Searches.Settings(engine, Objective.Match("last", representation), options);
        SearchPhase phase = settings.Phases[0];
        Shape canvas = settings.CanvasOf(phase, 1);
        var noise = new float[canvas.Count];
        Draws.Noise(options.Seed, 0, options.B, noise);
        int[] drawn = Draws.Offsets(options.Seed, 0, Iterations, phase.Jitter);
        PreImageOracle oracle = Searches.Oracle(network, options);
        oracle.Terms.Add(PreImageOracle.Match(network.Nodes["last"], options.C, Searches.Doubles(representation)));
        var x = OracleArray.From(canvas, noise);
        List<double[]> expected = run(oracle, x, [.. Enumerable.Range(0, Iterations).Select(i => (drawn[2 * i], drawn[2 * i + 1]))], phase);

        PreImageTrace.Segment segment = Assert.Single(result.Trace.Segments);
        Assert.Equal(["match last", "range", "variation"], result.Trace.Terms);
        Assert.Equal(Iterations, segment.Iterations);
        for (int i = 0; i < Iterations; i++)
        {
            Assert.Equal(expected[i].Sum(), segment.Total(i, 0), 1e-4 * expected[i].Sum());
            for (int term = 0; term < 3; term++) Assert.Equal(expected[i][term], segment[i, term, 0], 1e-4 * expected[i].Sum());
        }

        // It went somewhere, and the pictures are the centre of where the oracle went.
        Assert.True(segment.Total(Iterations - 1, 0) < 0.9 * segment.Total(0, 0), $"from {segment.Total(0, 0)} to {segment.Total(Iterations - 1, 0)}");
        for (int c = 0; c < 3; c++)
            for (int v = 0; v < 8; v++)
                for (int u = 0; u < 7; u++)
                    Assert.Equal(x[0, c, v + phase.Border, u + phase.Border] + Searches.Pixels.Centre[c], result.Images[0, c, v, u], 0.1);
    }
}
