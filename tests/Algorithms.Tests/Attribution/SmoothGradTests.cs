using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Maps of noisy copies against the method run on copies made here.</summary>
public class SmoothGradTests : IDisposable
{
    readonly Network _network = SmallNetworks.Mixed(3);
    readonly Engine _engine;

    public SmoothGradTests() => _engine = _network.On(Device.Cpu);

    public void Dispose()
    {
        _engine.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// f(x) = relu(x) at x = 0.5, with noise of deviation 1: the gradient of a copy is 1 where its noise is above -0.5, else 0. With h such copies of n the mean is
    /// h/n, that of squares too, and the variance h/n - (h/n)^2. The noise is the library's: element 0 of streams 0 to n-1.
    /// </summary>
    [Fact]
    public void A_kink_is_smoothed_to_a_share()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("f", new Relu(), builder.Input("x", new Shape(1, 1))));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        const int Copies = 40;
        int above = Enumerable.Range(0, Copies).Count(s => new SeededWeights(3, (ulong)s, Distribution.Gaussian(1), 1).ToArray()[0] > -0.5);
        // P(noise > -0.5) = 0.69: 27.7 of 40 are expected, give or take 2.9.
        Assert.InRange(above, 19, 36);
        double share = (double)above / Copies;
        Assert.Equal(share, Smoothed(Smoothing.Mean), 1e-6);
        Assert.Equal(share, Smoothed(Smoothing.MeanOfSquares), 1e-6);
        Assert.Equal(share - share * share, Smoothed(Smoothing.Variance), 1e-6);

        double Smoothed(Smoothing statistic) => new SmoothGrad(new Saliency(engine)) { Samples = Copies, Deviation = 1, IsAbsolute = true, Seed = 3, Statistic = statistic }
            .Attribute(Tensor.Create([0.5f], [1, 1]), 0).Row(0)[0];
    }

    /// <summary>Any method, over copies made here one by one.</summary>
    [Theory]
    [InlineData("saliency")]
    [InlineData("guided")]
    [InlineData("integrated-gradients")]
    [InlineData("grad-cam")]
    public void Maps_are_those_of_the_copies(string name)
    {
        AttributionMethod method = name == "integrated-gradients" ? new IntegratedGradients(_engine) { Steps = 3 } : MethodCatalogue.ByName(name).Make(_engine);
        const int Copies = 6;
        const double Share = 0.2;
        float[] x = Draw.Normal(500, _network.InputShape);
        double deviation = Share * ((double)x.Max() - x.Min());
        Target clean = Target.Class(new Classifier(_engine).Classify(Methods.Samples(_network, 1), 1)[0][0].Class);
        float[][] maps = [.. Enumerable.Range(0, Copies).Select(s =>
        {
            float[] noise = new SeededWeights(8, (ulong)s, Distribution.Gaussian(1), x.Length).ToArray();
            Tensor<float> copy = Tensor.Create([.. x.Zip(noise, (v, e) => (float)(v + deviation * e))], _network.InputShape.ToLengths());
            return method.Attribute(copy, clean).Row(0).ToArray();
        })];
        double[] mean = [.. Enumerable.Range(0, maps[0].Length).Select(i => maps.Average(m => (double)m[i]))];
        double[] squares = [.. Enumerable.Range(0, maps[0].Length).Select(i => maps.Average(m => (double)m[i] * m[i]))];
        double[] variance = [.. Enumerable.Range(0, maps[0].Length).Select(i => maps.Average(m => (m[i] - mean[i]) * (m[i] - mean[i])))];
        // All but the rounding of the result to float32 is in double.
        Agreement.Close(mean, Row(method.Smooth(Copies, Share, 8)), 1e-7, "mean");
        Agreement.Close(squares, Row(method.SmoothSquared(Copies, Share, 8)), 1e-7, "mean of squares");
        Agreement.Close(variance, Row(method.Variance(Copies, Share, 8)), 1e-7, "variance");

        float[] Row(SmoothGrad smooth) => smooth.Attribute(Methods.Samples(_network, 1), Target.Argmax).Row(0).ToArray();
    }

    [Fact]
    public void Without_noise_nothing_changes()
    {
        var method = new GuidedBackprop(_engine);
        Tensor<float> x = Methods.Samples(_network, 2);
        AttributionResult plain = method.Attribute(x, [Target.Argmax, Target.Class(1)]), smooth = method.Smooth(4, 0).Attribute(x, [Target.Argmax, Target.Class(1)]);
        Assert.Equal(plain.Units, smooth.Units);
        for (int row = 0; row < 4; row++)
        {
            Agreement.SameBits(plain.Row(row), smooth.Row(row), $"row {row}");
            Assert.All(method.Variance(4, 0).Attribute(x, [Target.Argmax, Target.Class(1)]).Row(row).ToArray(), v => Assert.Equal(0, v));
        }
    }

    /// <summary>The arg-max of noisy copies is often another class: all of them explain the clean input's.</summary>
    [Fact]
    public void Targets_are_those_without_noise()
    {
        Tensor<float> x = Methods.Samples(_network, 1);
        SmoothGrad smooth = new Saliency(_engine).Smooth(20, 1);
        AttributionResult followed = smooth.Attribute(x, Target.Argmax);
        Agreement.SameBits(smooth.Attribute(x, Target.Class(followed.Units[0].Unit)).Row(0), followed.Row(0), "the class by name");
        // And copies do differ in theirs.
        float[] own = Draw.Normal(500, _network.InputShape);
        double range = (double)own.Max() - own.Min();
        float[] copies = [.. Enumerable.Range(0, 20).SelectMany(s => own.Zip(new SeededWeights(0, (ulong)s, Distribution.Gaussian(1), own.Length).ToArray(), (v, e) => (float)(v + range * e)))];
        var classes = new Classifier(_engine).Classify(Tensor.Create(copies, _network.InputShape.WithSamples(20).ToLengths()), 1);
        Assert.True(classes.Select(c => c[0].Class).Distinct().Count() > 1);
    }

    [Fact]
    public void Seeds_and_settings_are_kept()
    {
        SmoothGrad smooth = new IntegratedGradients(_engine) { Steps = 4 }.Smooth(3, 0.1, 9);
        Assert.Equal("integrated-gradients-smooth", smooth.Name);
        Assert.Equal(
            "of integrated-gradients, statistic Mean, samples 3, deviation 0.1 of the range, seed 9, steps 4, quadrature GaussLegendre, baseline 0",
            string.Join(", ", smooth.On(_engine).Settings.Select(s => $"{s.Key} {s.Value}")));
        Assert.Equal("saliency-smooth-squared", new Saliency(_engine).SmoothSquared().Name);
        Tensor<float> x = Methods.Samples(_network, 1);
        float[] one = smooth.Attribute(x, 0).Row(0).ToArray();
        Agreement.SameBits(one, smooth.On(_engine).Attribute(x, 0).Row(0), "the same seed");
        Assert.False(one.AsSpan().SequenceEqual(new IntegratedGradients(_engine) { Steps = 4 }.Smooth(3, 0.1, 10).Attribute(x, 0).Row(0)));
        Assert.Null(smooth.Attribute(x, 0).ConvergenceDeltas);
    }

    [Fact]
    public void Bad_settings_are_refused()
    {
        var method = new Saliency(_engine);
        Assert.Throws<ArgumentOutOfRangeException>(() => method.Smooth(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => method.Smooth(deviation: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => method.Smooth(deviation: double.NaN));
        Assert.Throws<ArgumentNullException>(() => new SmoothGrad(null!));
        Assert.Throws<PreimageException>(() => method.Smooth().Attribute(Methods.Samples(_network, 1), 0, new AttributionOptions { KeepRecord = true }));
    }
}
