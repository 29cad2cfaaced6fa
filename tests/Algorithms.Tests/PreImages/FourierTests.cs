using System.Numerics;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Images as spectra, against sums in double over all frequencies.</summary>
public class FourierTests
{
    [Theory]
    [InlineData(8, 7, 3)]
    [InlineData(7, 8, 3)]
    [InlineData(5, 5, 1)]
    [InlineData(6, 4, 2)]
    [InlineData(1, 6, 1)]
    [InlineData(6, 1, 3)]
    [InlineData(1, 1, 3)]
    public void Forward_IsTheInverseTransform(int height, int width, int channels)
    {
        using var at = new Place(new Shape(2, channels, height, width));
        float[] variables = Draw.Normal(21, at.Image.Variables.Count);
        at.Image.Variables.Upload(variables);
        at.Loop.Run(at.Image.Forward);
        double[] expected = Oracle(at.Shape, Array.ConvertAll(variables, v => (double)v), ChannelOrder.Rgb);
        float[] canvas = at.Image.Canvas.ToArray();
        double largest = expected.Max(Math.Abs);
        Assert.All(canvas.Zip(expected), p => Assert.Equal(p.Second, p.First, 2e-6 * largest));
    }

    [Fact]
    public void Channels_in_the_other_order_are_the_same_colours()
    {
        var shape = new Shape(1, 3, 6, 5);
        using Place rgb = new(shape), bgr = new(shape, ChannelOrder.Bgr);
        float[] variables = Draw.Normal(22, rgb.Image.Variables.Count);
        foreach (Place at in (Place[])[rgb, bgr])
        {
            at.Image.Variables.Upload(variables);
            at.Loop.Run(at.Image.Forward);
        }

        float[] first = rgb.Image.Canvas.ToArray(), second = bgr.Image.Canvas.ToArray();
        Assert.Equal([.. first[60..], .. first[30..60], .. first[..30]], second);
    }

    /// <summary>&lt;A s, x&gt; = &lt;s, A^T x&gt;.</summary>
    [Theory]
    [InlineData(8, 7, 3)]
    [InlineData(5, 6, 1)]
    public void Backward_IsTheAdjoint(int height, int width, int channels)
    {
        using var at = new Place(new Shape(2, channels, height, width));
        float[] variables = Draw.Normal(23, at.Image.Variables.Count), signal = Draw.Normal(24, at.Shape);
        at.Image.Variables.Upload(variables);
        at.Image.CanvasGradient.Upload(signal);
        at.Loop.Run(at.Image.Forward);
        at.Loop.Run(at.Image.Backward);
        double left = at.Image.Canvas.ToArray().Zip(signal).Sum(p => (double)p.First * p.Second);
        double right = at.Image.Gradient.ToArray().Zip(variables).Sum(p => (double)p.First * p.Second);
        Assert.Equal(left, right, 1e-5 * Math.Abs(left));
        Assert.Equal(signal, at.Image.CanvasGradient.ToArray());
    }

    [Theory]
    [InlineData(8, 7, 3)]
    [InlineData(7, 6, 1)]
    [InlineData(1, 1, 3)]
    public void A_canvas_that_is_loaded_comes_back(int height, int width, int channels)
    {
        using var at = new Place(new Shape(2, channels, height, width));
        float[] canvas = Draw.Normal(25, at.Shape.Count, 50);
        at.Image.Load(canvas);
        at.Loop.Run(at.Image.Forward);
        Assert.All(at.Image.Canvas.ToArray().Zip(canvas), p => Assert.Equal(p.Second, p.First, 1e-3));
    }

    /// <summary>Independent variables of variance 1 give channels of variance 1 in the mean: exactly, by the squares of what each variable does.</summary>
    [Fact]
    public void Gains_keep_the_variance()
    {
        var shape = new Shape(1, 3, 6, 7);
        int count = new Spectrum(6, 7).Frequencies * 2 * 6 * 3;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            var one = new double[count];
            one[i] = 1;
            sum += Oracle(shape, one, ChannelOrder.Rgb).Sum(v => v * v);
        }

        Assert.Equal(1, sum / shape.Count, 1e-6);
    }

    /// <summary>The gradient of the whole energy by the spectrum against difference quotients in double.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradient_IsTheDerivativeOfTheEnergy(int jitter)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with { Parameterisation = Parameterisation.Fourier, Jitter = jitter, C = 7, B = 60, V = 9 };
        SearchSettings settings = Searches.Settings(engine, Objective.Match("last", Searches.Representation(engine, "last")), options);
        SearchPhase phase = settings.Phases[0];
        Shape canvas = settings.CanvasOf(phase, 1);
        using ExecutionPlan plan = engine.Plan(settings.PlanFor(1));
        using var loop = new EnergyLoop(plan, settings, phase, new RestartGroup(0, 1));
        float[] variables = Draw.Normal(26, loop.Image.Variables.Count, 25);
        loop.Image.Variables.Upload(variables);
        loop.Loop.Run(loop.Evaluate);

        PreImageOracle oracle = Searches.Oracle(network, options);
        oracle.Terms.Add(PreImageOracle.Match(network.Nodes["last"], 7, Searches.Doubles(Searches.Representation(engine, "last"))));
        int[] drawn = Draws.Offsets(options.Seed, 0, options.Iterations, jitter);
        double[] at = Array.ConvertAll(variables, v => (double)v);
        double Energy() => oracle.Energies(new OracleArray(canvas, Oracle(canvas, at, ChannelOrder.Rgb)), (drawn[0], drawn[1])).Sum();
        Assert.Equal(Energy(), loop.Energies.ToArray().Sum(), 1e-5 * Energy());
        Quotients.Compare(loop.Image.Gradient.ToArray(), at, Energy, 0.05);
    }

    /// <summary>Every optimiser lowers the energy, the image of a second phase is where the first one's was, and nothing but the seed counts.</summary>
    [Theory]
    [InlineData(Optimiser.Windowed)]
    [InlineData(Optimiser.Adam)]
    public void A_search_in_spectra_goes_down(Optimiser optimiser)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with
        {
            Parameterisation = Parameterisation.Fourier, Optimiser = optimiser, Jitter = 3, Restarts = 2, SecondPhase = new SecondPhase { Iterations = 20 },
        };
        PreImageResult result = Searches.Match(engine, "last", options), again = Searches.Match(engine, "last", options with { AtOnce = 1 });
        Assert.Equal(Searches.Floats(result.Images), Searches.Floats(again.Images));
        PreImageTrace.Segment first = result.Trace.Segments[0], second = result.Trace.Segments[1];
        for (int row = 0; row < 2; row++)
        {
            Assert.True(first.Total(39, row) < 0.7 * first.Total(0, row), $"from {first.Total(0, row)} to {first.Total(39, row)}");
            Assert.True(second.Total(0, row) < 1.5 * first.Total(39, row), $"from {first.Total(39, row)} to {second.Total(0, row)}");
        }

        PreImageResult given = Searches.Match(engine, "last", options with { Initial = result.Images, Iterations = 1, SecondPhase = null, Jitter = 1, LearningRate = 1e-12 });
        Assert.All(given.Images.Zip(result.Images), p => Assert.Equal(p.Second, p.First, 1e-2));
    }

    /// <summary>A plane by the sum over all H x W frequencies, half of them conjugates of the others; then gains and colours.</summary>
    internal static double[] Oracle(Shape shape, double[] variables, ChannelOrder order)
    {
        (int height, int width) = (shape.H, shape.W);
        int frequencies = width / 2 + 1;
        var planes = new double[shape.Count];
        double norm = 0;
        for (int plane = 0; plane < shape.N * shape.C; plane++)
        {
            var all = new Complex[height, width];
            norm = 0;
            for (int k = 0; k < height; k++)
            {
                for (int l = 0; l < frequencies; l++)
                {
                    double y = (2 * k > height ? k - height : k) / (double)height, x = l / (double)width;
                    double gain = 1 / Math.Max(Math.Sqrt(y * y + x * x), 1.0 / Math.Max(height, width));
                    int at = (plane * height + k) * 2 * frequencies + l;
                    Complex half = gain * new Complex(variables[at], variables[at + frequencies]) / 2;
                    // A column that is its own conjugate stands for itself once, every other one for two.
                    bool own = l == 0 || 2 * l == width;
                    double weight = own ? 1 : 2;
                    norm += weight * weight * gain * gain;
                    all[k, l] += weight * half;
                    all[(height - k) % height, (width - l) % width] += weight * Complex.Conjugate(half);
                }
            }

            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    Complex sum = 0;
                    for (int k = 0; k < height; k++)
                        for (int l = 0; l < width; l++) sum += all[k, l] * Complex.FromPolarCoordinates(1, 2 * Math.PI * ((double)k * y / height + (double)l * x / width));
                    Assert.Equal(0, sum.Imaginary, 1e-9);
                    planes[(plane * height + y) * width + x] = sum.Real;
                }
            }
        }

        double scale = 1 / Math.Sqrt(norm);
        planes = Array.ConvertAll(planes, p => p * scale);
        if (shape.C != 3) return planes;
        double[] colours = ColourAxes.Matrix(order);
        int size = height * width;
        return [.. Enumerable.Range(0, shape.Count).Select(i => Enumerable.Range(0, 3).Sum(c => colours[i / size % 3 * 3 + c] * planes[(i / size / 3 * 3 + c) * size + i % size]))];
    }

    /// <summary>Spectra in a loop of their own.</summary>
    sealed class Place : IDisposable
    {
        readonly Network _network = Searches.Smooth();
        readonly Engine _engine;
        readonly ExecutionPlan _plan;

        public Place(Shape shape, ChannelOrder order = ChannelOrder.Rgb)
        {
            Shape = shape;
            _engine = _network.On(Device.Cpu);
            _plan = _engine.Plan(new PlanOptions());
            Loop = _plan.CreateLoop();
            Image = new FourierVariables(Loop, shape, order);
        }

        public Shape Shape { get; }

        public DeviceLoop Loop { get; }

        public FourierVariables Image { get; }

        public void Dispose()
        {
            Loop.Dispose();
            _plan.Dispose();
            _engine.Dispose();
            _network.Dispose();
        }
    }
}
