using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Attribution;

public sealed class TopActivationsTests
{
    const int Side = 8;

    [Fact]
    public void Search_FindsTheStrongestPixelsAndTheirFields()
    {
        using Network network = Sums();
        using Engine engine = network.On(Device.Cpu);
        UnitMaxima maxima = Assert.Single(new TopActivations(engine).Search("conv", Dots(), 2, [0], cancellation: Cancellation));
        Assert.Equal(["c", "a"], maxima.Strongest.Select(m => m.Source));
        Assert.Equal([9f, 5f], maxima.Strongest.Select(m => m.Activation));
        // A 3x3 window of ones sees the dot first where the dot is its last corner.
        Assert.Equal((1, 2, new InputBox(0, 1, 3, 3)), (maxima.Strongest[0].Y, maxima.Strongest[0].X, maxima.Strongest[0].Field));
    }

    [Fact]
    public void Search_GivesEqualsInTheOrderTheyCame()
    {
        using Network network = Sums();
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] pictures = [Dot("first", 1, 1, 4), Dot("second", 5, 5, 4), Dot("third", 3, 3, 4)];
        UnitMaxima maxima = new TopActivations(engine).Search("conv", pictures, 2, [0], cancellation: Cancellation)[0];
        Assert.Equal(["first", "second"], maxima.Strongest.Select(m => m.Source));
    }

    [Fact]
    public void Search_DoesNotDependOnTheBatch()
    {
        using Network network = Sums();
        using Engine engine = network.On(Device.Cpu);
        var one = new TopActivations(engine) { Batch = 1 }.Search("conv", Dots(), 3, cancellation: Cancellation);
        var many = new TopActivations(engine) { Batch = 2 }.Search("conv", Dots(), 3, cancellation: Cancellation);
        Assert.Equal(one.SelectMany(u => u.Strongest), many.SelectMany(u => u.Strongest));
        Assert.Equal([0, 1], one.Select(u => u.Channel));
    }

    [Fact]
    public void Search_RefusesMapsThatAreNotThere()
    {
        using Network network = Sums();
        using Engine engine = network.On(Device.Cpu);
        Exception error = Assert.Throws<PreimageException>(() => new TopActivations(engine).Search("conv", Dots(), 1, [2], cancellation: Cancellation));
        Assert.Contains("0 to 1, not 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reconstruction_IsTheFieldAndPadsAtTheBorder()
    {
        using Network network = Sums();
        using Engine engine = network.On(Device.Cpu);
        PreparedInput picture = Dot("corner", 0, 0, 3);
        UnitMaximum unit = new TopActivations(engine).Search("conv", [picture], 1, [0], cancellation: Cancellation)[0].Strongest[0];
        Assert.Equal(new InputBox(-1, -1, 3, 3), unit.Field);
        var found = FieldReconstruction.Of(new DeconvNet(engine), picture, "conv", 0, unit, Cancellation);
        Assert.Equal((3, 3), (found.Patch.Width, found.Patch.Height));
        Assert.Equal([255, 255, 255, 255, 3, 0, 255, 0, 0], found.Patch.Pixels.ToArray());
        Assert.Equal((3, 3), (found.Map.Picture.Width, found.Map.Picture.Height));
    }

    [Fact]
    public void Classify_StepsOverTheSoftmaxAndSumsToOne()
    {
        var builder = new NetworkBuilder();
        Node logits = builder.Add("logits", new Dense { Weight = new MemoryWeights([1, 0, 0, 1, 1, 1], 3, 2), OutputMajor = true }, builder.Input("x", new Shape(1, 2)));
        builder.Output(builder.Add("probabilities", new Softmax(), logits));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        var classifier = new Classifier(engine);
        var scores = classifier.Classify(System.Numerics.Tensors.Tensor.Create([1f, 2f, 5f, 0f], [2, 2]), 5, Cancellation);
        Assert.Equal("probabilities", classifier.Softmax?.Name);
        Assert.Equal([2, 1, 0], scores[0].Select(s => s.Class));
        Assert.Equal([0, 2, 1], scores[1].Select(s => s.Class));
        Assert.Equal([3f, 2f, 1f], scores[0].Select(s => s.Logit));
        Assert.All(scores, s => Assert.Equal(1, s.Sum(c => c.Probability), 12));
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static IEnumerable<PreparedInput> Dots() => [Dot("a", 2, 2, 5), Dot("b", 4, 4, 1), Dot("c", 3, 2, 9)];

    /// <summary>A grey picture of one dot.</summary>
    static PreparedInput Dot(string name, int x, int y, byte value)
    {
        var pixels = new byte[Side * Side];
        pixels[y * Side + x] = value;
        return Preprocessing.Raw.Apply(new Picture(Side, Side, 1, pixels), 1, Side, Side, name);
    }

    /// <summary>One 3x3 convolution to two maps: the sum of the window, and its negative.</summary>
    static Network Sums()
    {
        var builder = new NetworkBuilder();
        Node input = builder.Input("image", new Shape(1, 1, Side, Side));
        float[] weights = [.. Enumerable.Repeat(1f, 9), .. Enumerable.Repeat(-1f, 9)];
        builder.Output(builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights(weights, 2, 1, 3, 3), Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
        }, input));
        return builder.Build();
    }
}
