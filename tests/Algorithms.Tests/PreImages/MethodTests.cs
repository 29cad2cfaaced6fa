using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>What the three methods make of a request.</summary>
public class MethodTests
{
    [Fact]
    public void Inversion_ComesBackToThePicture()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(Draw.Normal(8, network.InputShape), network.InputShape.ToLengths());
        PreImageResult result = new Inversion(engine).Invert(input, Searches.Pixels, "last", Searches.Small.WithoutRegularisers() with { Iterations = 300, SecondPhase = SecondPhase.ByMethod });
        Assert.Equal(("inversion", "match of last", true, 350), (result.Method, result.Objective, result.Completed, result.Iterations));
        Assert.True(result.Errors[0] < 0.05, $"error {result.Errors[0]}");
        Assert.Equal([1, 3, 8, 7], result.Images.Lengths.ToArray());
        Assert.Equal(8, result.Render().Picture.Height);
        Assert.Equal(Device.Cpu, result.Device);
    }

    [Fact]
    public void Inversion_TakesAMask()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(Draw.Normal(8, network.InputShape), network.InputShape.ToLengths());
        PreImageResult result = new Inversion(engine).Invert(input, Searches.Pixels, "last", Searches.Small with { Mask = FeatureMask.Window(2) });
        Assert.Contains("the central window of 2", result.Objective);
        Assert.Equal(40, result.Iterations);
    }

    /// <summary>Reference specification 6.7: without jitter the loss at the picture itself is -1.</summary>
    [Fact]
    public void Caricature_StartsAtThePictureWithMinusOne()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(Draw.Normal(8, network.InputShape), network.InputShape.ToLengths());
        PreImageResult result = new Caricature(engine).Draw(input, Searches.Pixels, "last", Searches.Small.WithoutRegularisers() with { C = 1, SecondPhase = SecondPhase.ByMethod });
        PreImageTrace.Segment segment = Assert.Single(result.Trace.Segments);
        Assert.Equal(-1, segment[0, 0, 0], 1e-5);
        Assert.True(segment[39, 0, 0] < -1.2, $"{segment[39, 0, 0]} after 39 steps");
        Assert.Empty(result.Errors);
    }

    /// <summary>Reference specification 6.6: the energy is -10^4 / (rho^2 F) * sum of Phi / M.</summary>
    [Fact]
    public void Maximisation_IsNormalisedByFieldAndMaximum()
    {
        using Network network = Searches.Smooth(24, 24);
        using Engine engine = network.On(Device.Cpu);
        UnitMaxima[] maxima = [.. Enumerable.Range(0, 4).Select(c => new UnitMaxima(c, [new UnitMaximum("x", 0.5f + c, 0, 0, default)]))];
        PreImageOptions options = Searches.Small with { Height = 24, Width = 24 };
        PreImageResult result = new ActivationMaximisation(engine, Searches.Pixels).Maximise("last", [3, 1], options, maxima);
        Assert.Equal("channels 3, 1 of last", result.Objective);
        Assert.Empty(result.Notes);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        Shape shape = plan.ShapeOf(network.Nodes["last"]);
        var values = new float[shape.Count];
        plan.Forward(Searches.Floats(result.Inputs), values);
        // Twelve units in two cells; the field of the last 3x3 convolution over 2x2 means of a 3x3 convolution is 8.
        double Unit(int channel, int y, int x) => values[(channel * 12 + y) * 12 + x] / (0.5 + channel);
        double expected = -1e4 / (8 * 8 * 2) * (Unit(3, 3, 3) + Unit(1, 3, 9)) * options.C;
        Assert.Equal(expected, result.Energies[0].Values.First(), 1e-4 * Math.Abs(expected));
        Assert.True(expected < 0);
    }

    [Fact]
    public void Maximisation_CalibratesOnDrawnPicturesAndSaysSo()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        var maximisation = new ActivationMaximisation(engine, Searches.Pixels);
        PreImageResult result = maximisation.Maximise("first", [2], Searches.Small);
        Assert.Contains("16 pictures that the library draws", Assert.Single(result.Notes));
        Assert.True(result.Energies[0].Values.First() < 0);
        Assert.Equal("activation-maximisation", result.Method);
        Assert.Contains("channel 7", Assert.Throws<PreimageException>(() => maximisation.Maximise("first", [2, 7], Searches.Small)).Message.Replace("(2, 7)", "channel 7"));
    }

    /// <summary>A rectifier over values that are all below 0.</summary>
    [Fact]
    public void A_unit_without_gradient_is_noted()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 4, 4));
        builder.Output(builder.Add("dead", new Relu(), builder.Add("low", new Convolution
        {
            Weight = Draw.Weights(1, 0.01, 2, 3, 1, 1), Bias = new MemoryWeights([-10, 10], 2), Sliding = new Window { Kernel = (1, 1) },
        }, x)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        Assert.Contains("channel 0 of dead' is 0 for restarts 3, 4: ", Assert.Single(search.Find(Objective.Channel("dead", 0), Searches.Small with { Restarts = 2, FirstRestart = 3 }).Notes));
        Assert.Empty(search.Find(Objective.Channel("dead", 1), Searches.Small).Notes);
    }

    /// <summary>Cells of round(1.1 size / stride) units, made odd; the largest image whose units do not exceed the grid.</summary>
    [Theory]
    [InlineData("conv5", 1, 11)]
    [InlineData("conv5", 25, 55)]
    [InlineData("conv1", 9, 15)]
    [InlineData("pool5", 4, 14)]
    public void Mosaic_HasTheLargestImageThatFits(string node, int count, int grid)
    {
        using Network network = Topology.AlexNet();
        var notes = new List<string>();
        Node at = network.Nodes[node];
        Shape image = UnitMosaic.Of(network, at, [.. Enumerable.Range(0, count)], new PreImageOptions(), notes).Image;
        Shape Units(int side) => network.InferShape(at, new Dictionary<string, Shape> { [network.Input.Name] = new(1, 3, side, side) });
        Assert.Equal(grid, Units(image.H).H);
        Assert.Equal(grid + 1, Units(image.H + 1).H);
        Assert.Equal(image.H, image.W);
        Assert.Empty(notes);
    }

    [Fact]
    public void A_class_has_the_networks_size_and_one_unit()
    {
        using Network network = Topology.AlexNet();
        UnitMosaic mosaic = UnitMosaic.Of(network, network.Nodes["fc8"], [5], new PreImageOptions(), []);
        Assert.Equal(network.InputShape, mosaic.Image);
        float[] weights = mosaic.Weights([new UnitMaxima(5, [new UnitMaximum("x", 2, 0, 0, default)])]);
        Assert.Equal(1, weights.Count(w => w != 0));
        Assert.Equal(1e4 / (355.0 * 355 * 2), weights[5], 1e-8);
        Assert.Contains("fewer at a time", Assert.Throws<PreimageException>(() => UnitMosaic.Of(network, network.Nodes["fc8"], [5, 6], new PreImageOptions(), [])).Message);
    }
}
