using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

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

    /// <summary>Every evaluation, against the book's matrices in double: equation 7.16 over the last ten pairs from a multiple of the identity, none of its recursion.</summary>
    [Fact]
    public void It_goes_where_the_matrices_say()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = s_options with { Iterations = 30 };
        PreImageTrace.Segment own = Assert.Single(Searches.Match(engine, "last", options).Trace.Segments);
        PreImageOracle oracle = Searches.Oracle(network, options);
        oracle.Terms.Add(PreImageOracle.Match(network.Nodes["last"], options.C, Searches.Doubles(Searches.Representation(engine, "last"))));
        Shape canvas = network.InputShape;
        var noise = new float[canvas.Count];
        Draws.Noise(options.Seed, 0, options.B, noise);
        double[] x = Array.ConvertAll(noise, v => (double)v), point = [], gradient = [], direction = [];
        double energy = 0, slope = 0, length = 0, low = 0, high = 0;
        var pairs = new List<(double[] S, double[] Y)>();
        for (int i = 0; i < 30; i++)
        {
            double now = oracle.Energies(new OracleArray(canvas, x), (0, 0)).Sum();
            double[] g = oracle.Gradient(new OracleArray(canvas, x), (0, 0));
            Assert.Equal(now, own.Total(i, 0), 1e-4 * now);
            bool accepted = i == 0 || (now <= energy + 1e-4 * length * slope && Dot(g, direction) >= 0.9 * slope);
            if (accepted)
            {
                if (i > 0) pairs.Add((Less(x, point), Less(g, gradient)));
                (point, gradient, energy) = (x, g, now);
                direction = Times(Inverse([.. pairs.TakeLast(10)], x.Length), gradient, -1);
                slope = Dot(gradient, direction);
                (length, low, high) = (i == 0 ? Math.Sqrt(x.Length) / Math.Sqrt(-slope) : 1, 0, double.PositiveInfinity);
            }
            else
            {
                if (now > energy + 1e-4 * length * slope) high = length;
                else low = length;
                length = double.IsFinite(high) ? (low + high) / 2 : 2 * length;
            }

            x = [.. point.Zip(direction, (p, d) => p + length * d)];
        }

        Assert.True(pairs.Count > 12, $"{pairs.Count} steps were accepted: the history never filled");

        static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();
        static double[] Less(double[] a, double[] b) => [.. a.Zip(b, (u, v) => u - v)];
        static double[] Times(double[,] m, double[] v, double factor) => [.. Enumerable.Range(0, v.Length).Select(r => factor * Enumerable.Range(0, v.Length).Sum(c => m[r, c] * v[c]))];
        static double[,] Inverse((double[] S, double[] Y)[] pairs, int n)
        {
            var h = new double[n, n];
            double scale = pairs.Length == 0 ? 1 : Dot(pairs[^1].S, pairs[^1].Y) / Dot(pairs[^1].Y, pairs[^1].Y);
            for (int r = 0; r < n; r++) h[r, r] = scale;
            foreach ((double[] s, double[] y) in pairs)
            {
                // (I - rho s y') H (I - rho y s') + rho s s'.
                double rho = 1 / Dot(s, y);
                double[] hy = Times(h, y, 1);
                double yhy = Dot(y, hy);
                for (int r = 0; r < n; r++)
                    for (int c = 0; c < n; c++) h[r, c] += rho * ((1 + rho * yhy) * s[r] * s[c] - hy[r] * s[c] - s[r] * hy[c]);
            }

            return h;
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
