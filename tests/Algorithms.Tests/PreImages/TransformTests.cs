using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

public class TransformTests
{
    static readonly ImageTransforms s_all = new() { Padding = 2, MinimumScale = 0.8, MaximumScale = 1.25, Rotation = 20 };

    /// <summary>The middle of the window is seen where the offsets have it; around it lengths shrink by the scale and angles stay within the range.</summary>
    [Fact]
    public void Views_turn_and_magnify_about_the_middle()
    {
        var window = new Shape(1, 3, 8, 7);
        int[] offsets = Draws.Offsets(4, 0, 2000, 5);
        float[] views = Draws.Views(4, 0, s_all, offsets, window);
        double least = double.MaxValue, most = 0, left = 0, right = 0;
        for (int i = 0; i < 2000; i++)
        {
            double[] t = [.. views[(6 * i)..(6 * i + 6)].Select(v => (double)v)];
            Assert.Equal(offsets[2 * i] + 3.5, t[0] * 3.5 + t[1] * 3 + t[2], 1e-5);
            Assert.Equal(offsets[2 * i + 1] + 3, t[3] * 3.5 + t[4] * 3 + t[5], 1e-5);
            Assert.Equal((t[0], -t[1]), (t[4], t[3]));
            double scale = 1 / Math.Sqrt(t[0] * t[0] + t[1] * t[1]), angle = Math.Atan2(t[3], t[0]) * 180 / Math.PI;
            (least, most, left, right) = (Math.Min(least, scale), Math.Max(most, scale), Math.Min(left, angle), Math.Max(right, angle));
        }

        // Of 2000 draws the outermost ones come within 1 % of the ends.
        Assert.InRange(least, 0.8 - 1e-6, 0.8045);
        Assert.InRange(most, 1.2455, 1.25 + 1e-6);
        Assert.InRange(left, -20 - 1e-4, -19.6);
        Assert.InRange(right, 19.6, 20 + 1e-4);
        Assert.NotEqual(views, Draws.Views(4, 1, s_all, offsets, window));
        Assert.Equal(views[..600], Draws.Views(4, 0, s_all, offsets.AsSpan(0, 200), window));
    }

    /// <summary>Bilinear sampling in double at an iteration's view, then the network: energy and gradient.</summary>
    [Theory]
    [InlineData(Parameterisation.Pixels, 2, 1)]
    [InlineData(Parameterisation.Pixels, 0, 3)]
    [InlineData(Parameterisation.Fourier, 2, 2)]
    public void Gradient_IsTheDerivativeOfTheEnergy(Parameterisation parameterisation, int padding, int jitter)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with { Parameterisation = parameterisation, Jitter = jitter, Transforms = s_all with { Padding = padding }, C = 7, B = 60, V = 9 };
        SearchSettings settings = Searches.Settings(engine, Objective.Match("last", Searches.Representation(engine, "last")), options);
        SearchPhase phase = settings.Phases[0];
        Shape canvas = settings.CanvasOf(phase, 1), window = settings.Image;
        Assert.Equal(8 + jitter - 1 + 2 * padding, canvas.H);
        using ExecutionPlan plan = engine.Plan(settings.PlanFor(1));
        using var loop = new EnergyLoop(plan, settings, phase, new RestartGroup(0, 1));
        float[] variables = Draw.Normal(31, loop.Image.Variables.Count, 25);
        loop.Image.Variables.Upload(variables);
        loop.Loop.Run(loop.Evaluate);

        int[] offsets = [.. Draws.Offsets(options.Seed, 0, 1, jitter).Select(o => o + padding)];
        double[] t = [.. Draws.Views(options.Seed, 0, options.Transforms!, offsets, window).Select(v => (double)v)];
        PreImageOracle oracle = Searches.Oracle(network, options), regularisers = Searches.Oracle(network, options);
        oracle.Terms.Add(PreImageOracle.Match(network.Nodes["last"], 7, Searches.Doubles(Searches.Representation(engine, "last"))));
        double[] at = Array.ConvertAll(variables, v => (double)v);
        double Energy()
        {
            var pixels = new OracleArray(canvas, parameterisation == Parameterisation.Fourier ? FourierTests.Oracle(canvas, at, ChannelOrder.Rgb) : at);
            var seen = new OracleArray(window);
            for (int c = 0; c < 3; c++)
                for (int v = 0; v < window.H; v++)
                    for (int u = 0; u < window.W; u++) seen[0, c, v, u] = Bilinear(pixels, c, t[0] * v + t[1] * u + t[2], t[3] * v + t[4] * u + t[5]);
            return oracle.Energies(seen, (0, 0))[0] + regularisers.Regularisers(pixels);
        }

        Assert.Equal(Energy(), loop.Energies.ToArray().Sum(), 1e-5 * Energy());
        Quotients.Compare(loop.Image.Gradient.ToArray(), at, Energy, 0.05);
    }

    /// <summary>Padding alone moves no pixel between others: the window is the middle of the canvas.</summary>
    [Fact]
    public void Padding_alone_is_exact()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with { LambdaRange = 0, LambdaVariation = 0, Initial = Searches.Match(engine, "last", Searches.Small).Images };
        PreImageResult plain = Searches.Match(engine, "last", options), padded = Searches.Match(engine, "last", options with { Transforms = new ImageTransforms { Padding = 3 } });
        Assert.Equal(plain.Trace.Segments[0][0, 0, 0], padded.Trace.Segments[0][0, 0, 0]);
        Assert.Equal(plain.Trace.Segments[0][39, 0, 0], padded.Trace.Segments[0][39, 0, 0], 1e-6);
    }

    [Fact]
    public void Searches_with_transforms_go_down_repeat_and_resume()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with
        {
            Transforms = s_all, Parameterisation = Parameterisation.Fourier, Optimiser = Optimiser.Adam, Jitter = 2, Iterations = 64, SecondPhase = new SecondPhase { Iterations = 20 },
        };
        PreImageResult result = Searches.Match(engine, "last", options);
        PreImageTrace.Segment first = result.Trace.Segments[0];
        Assert.True(first.Total(63, 0) < 0.8 * first.Total(0, 0), $"from {first.Total(0, 0)} to {first.Total(63, 0)}");
        Assert.Equal(Searches.Floats(result.Images), Searches.Floats(Searches.Match(engine, "last", options).Images));
        foreach (int report in (int[])[2, 5])
        {
            using var source = new CancellationTokenSource();
            int told = 0;
            PreImageResult stopped = Searches.Match(engine, "last", options, new Searches.Told(_ => { if (++told == report) source.Cancel(); }), source.Token);
            Assert.False(stopped.Completed);
            Assert.Equal(Searches.Floats(result.Images), Searches.Floats(Searches.Match(engine, "last", options with { Resume = stopped.State }).Images));
        }
    }

    static double Bilinear(OracleArray x, int c, double row, double column)
    {
        (int top, int left) = ((int)Math.Floor(row), (int)Math.Floor(column));
        double sum = 0;
        for (int v = top; v <= top + 1; v++)
            for (int u = left; u <= left + 1; u++)
                if (v >= 0 && v < x.Shape.H && u >= 0 && u < x.Shape.W) sum += (1 - Math.Abs(row - v)) * (1 - Math.Abs(column - u)) * x[0, c, v, u];
        return sum;
    }
}
