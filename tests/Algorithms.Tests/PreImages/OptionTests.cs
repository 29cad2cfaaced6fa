using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.PreImages;

public class OptionTests
{
    public static TheoryData<string, PreImageOptions> OutOfRange => new()
    {
        { "C is 0: it must be above 0", Searches.Small with { C = 0 } },
        { "Alpha is 0.5: it must be at least 1", Searches.Small with { Alpha = 0.5 } },
        { "Beta is NaN", Searches.Small with { Beta = double.NaN } },
        { "B is -1", Searches.Small with { B = -1 } },
        { "BallRadius is 0: it must be above 0, or infinite", Searches.Small with { BallRadius = 0 } },
        { "V is 0", Searches.Small with { V = 0 } },
        { "LambdaRange is -1: it must be at least 0", Searches.Small with { LambdaRange = -1 } },
        { "LambdaVariation is Infinity", Searches.Small with { LambdaVariation = double.PositiveInfinity } },
        { "Rho is 1: it must be 0 to below 1", Searches.Small with { Rho = 1 } },
        { "Optimiser is 7: it must be Windowed, Momentum, Adam", Searches.Small with { Optimiser = (Optimiser)7 } },
        { "LearningRate is 0", Searches.Small with { LearningRate = 0 } },
        { "Iterations is 0: it must be at least 1", Searches.Small with { Iterations = 0 } },
        { "SecondPhase.Iterations is 0", Searches.Small with { SecondPhase = new SecondPhase { Iterations = 0 } } },
        { "SecondPhase.RateFactor is 0", Searches.Small with { SecondPhase = new SecondPhase { RateFactor = 0 } } },
        { "Jitter is 0", Searches.Small with { Jitter = 0 } },
        { "Transforms.Padding is -1: it must be at least 0", Searches.Small with { Transforms = new ImageTransforms { Padding = -1 } } },
        { "Transforms.MinimumScale is 0: it must be above 0", Searches.Small with { Transforms = new ImageTransforms { MinimumScale = 0 } } },
        { "Transforms.MaximumScale is 0.5: it must be no less than", Searches.Small with { Transforms = new ImageTransforms { MaximumScale = 0.5 } } },
        { "Transforms.Rotation is 181: it must be 0 to 180", Searches.Small with { Transforms = new ImageTransforms { Rotation = 181 } } },
        { "Parameterisation is 5: it must be Pixels, Fourier", Searches.Small with { Parameterisation = (Parameterisation)5 } },
        { "Restarts is 0", Searches.Small with { Restarts = 0 } },
        { "FirstRestart is -1", Searches.Small with { FirstRestart = -1 } },
        { "AtOnce is 0", Searches.Small with { AtOnce = 0 } },
        { "Height is 0", Searches.Small with { Height = 0 } },
        { "Width is -3", Searches.Small with { Width = -3 } },
        { "StopBelow is NaN", Searches.Small with { StopBelow = double.NaN } },
        { "StopImprovement is 1: it must be between 0 and 1", Searches.Small with { StopImprovement = 1 } },
        { "KeepFrames is 0", Searches.Small with { KeepFrames = 0 } },
    };

    [Theory, MemberData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_named(string message, PreImageOptions options)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains($"PreImageOptions.{message}", Assert.Throws<PreimageException>(() => Searches.Match(engine, "last", options)).Message);
    }

    [Fact]
    public void What_does_not_fit_the_network_is_named()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        void Throws(string message, Objective objective, PreImageOptions? options = null) =>
            Assert.Contains(message, Assert.Throws<PreimageException>(() => search.Find(objective, options ?? Searches.Small)).Message);
        Throws("reads no node", Objective.L2());
        Throws("reads no node", 0 * Objective.Channel("last", 0));
        Throws("channels 0 to 3", Objective.Channel("last", 4));
        Throws("4 channels of 4x3 units", Objective.Unit("last", 0, 4, 0));
        Throws("units 0 to 47", Objective.Unit("last", 48));
        Throws("nowhere", Objective.Unit("nowhere", 0));
        Throws("48 for each image, of which there are 1", Objective.Match("last", Tensor.Create(new float[47])));
        Throws("squared norm 0", Objective.Match("last", Tensor.Create(new float[48])));
        Throws("Initial has 5 values: 168", Objective.Channel("last", 0), Searches.Small with { Initial = Tensor.Create(new float[5]) });
        Assert.Contains("Factor has 2 values", Assert.Throws<PreimageException>(() =>
            new PreImageSearch(engine, new PixelScale { Factor = [1, 2] }).Find(Objective.Channel("last", 0), Searches.Small)).Message);
    }

    /// <summary>Reference specification 6.1 to 6.6.</summary>
    [Fact]
    public void The_papers_settings_are_the_papers()
    {
        foreach (PreImageOptions o in (PreImageOptions[])[PreImageOptions.PaperInversion(), PreImageOptions.PaperDescriptor(), PreImageOptions.PaperMaximisation(), PreImageOptions.PaperCaricature(), new()])
        {
            Assert.Equal((6.0, 2.0, 80.0, 160.0, 0.9, 300, Optimiser.Windowed), (o.Alpha, o.Beta, o.B, o.BallRadius, o.Rho, o.Iterations, o.Optimiser));
            Assert.Equal((1.0, 1.0), (o.LambdaRange, o.LambdaVariation));
        }

        Assert.Equal((50, 0.1), (PreImageOptions.PaperInversion(20).SecondPhase!.Iterations, PreImageOptions.PaperInversion().SecondPhase!.RateFactor));
        Assert.Equal((100.0, 20.0, 1.0, 1.0), (PreImageOptions.PaperInversion().C, PreImageOptions.PaperInversion(20).C, PreImageOptions.PaperMaximisation().C, PreImageOptions.PaperCaricature().C));
        Assert.Equal((1, null), (PreImageOptions.PaperDescriptor().Jitter, PreImageOptions.PaperDescriptor().SecondPhase));
        Assert.Null(PreImageOptions.PaperMaximisation().SecondPhase);
        PreImageOptions bare = PreImageOptions.PaperInversion().WithoutRegularisers();
        Assert.Equal((0.0, 0.0, double.PositiveInfinity, 1), (bare.LambdaRange, bare.LambdaVariation, bare.BallRadius, bare.Jitter));
    }

    /// <summary>lr = h w c0 B^2 / alpha, V = B / 6.5; a second phase only where the method is inversion.</summary>
    [Fact]
    public void What_options_leave_open_is_decided()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        SearchSettings settings = Searches.Settings(engine, Objective.Channel("last", 0), new PreImageOptions());
        Assert.Equal(8 * 7 * 0.05 * 6400 / 6, Assert.Single(settings.Phases).Rate, 1e-9);
        Assert.Equal(80 / 6.5, settings.VariationBound);
        settings = new SearchSettings(settings.Request with { HasSecondPhase = true });
        Assert.Equal(new SearchPhase(1, 50, settings.Phases[0].Rate * 0.1, 1), settings.Phases[1]);
    }

    /// <summary>Reference specification 11, last paragraph.</summary>
    [Theory]
    [InlineData("alexnet", "conv1 1, pool1 2, conv2 2, pool2 4, conv5 4, pool5 8, fc6 8, fc8 8")]
    [InlineData("vgg-m", "conv1 1, pool1 1, conv2 2, pool2 4, pool5 8, fc8 8")]
    [InlineData("vgg-16", "pool1 1, conv3_3 1, pool3 2, pool4 4, conv5_3 4, pool5 8, fc6 8")]
    public void Jitter_is_a_quarter_of_the_stride(string topology, string expected)
    {
        using Network network = Topology.ByName(topology);
        using Engine engine = network.On(Device.Cpu);
        string found = string.Join(", ", expected.Split(", ").Select(e => e.Split(' ')[0]).Select(node =>
            $"{node} {Searches.Settings(engine, Objective.L2(node), new PreImageOptions()).Phases[0].Jitter}"));
        Assert.Equal(expected, found);
    }

    /// <summary>Whatever the pixel scale, a picture's input is the scale's.</summary>
    [Theory]
    [InlineData("imagenet-caffe")]
    [InlineData("imagenet-torch")]
    [InlineData("unit")]
    [InlineData("raw")]
    public void Scale_is_the_preprocessings(string name)
    {
        Preprocessing preprocessing = Preprocessing.ByName(name);
        PixelScale scale = PixelScale.Of(preprocessing);
        double[] factor = PixelScale.Spread(scale.Factor, "", 3), centre = PixelScale.Spread(scale.Centre, "", 3), shift = PixelScale.Spread(scale.Shift, "", 3);
        PreparedInput input = preprocessing.Apply(new Picture(256, 256, 3, [.. Enumerable.Range(0, 256 * 256 * 3).Select(i => (byte)(i / 3 % 256))]), 3, 224, 224);
        int at = 0;
        foreach (float value in input.Tensor)
        {
            int c = at / (224 * 224), x = at % 224, offset = name.StartsWith("imagenet", StringComparison.Ordinal) ? 16 : 0;
            double pixel = offset > 0 ? x + offset : input.Shown[x, 0, 0];
            Assert.Equal(factor[c] * (pixel - centre[c]) + shift[c], value, 1e-5 * 255);
            at++;
        }

        Assert.Equal(preprocessing.Order, scale.Order);
        Assert.Equal(name == "imagenet-caffe" ? [104.0, 117, 123] : name == "imagenet-torch" ? [0.485 * 255, 0.456 * 255, 0.406 * 255] : [127.5, 127.5, 127.5], centre.Select(v => Math.Round(v, 9)));
        Assert.Equal(0, PixelScale.Of(preprocessing, 0).Centre[0]);
    }
}
