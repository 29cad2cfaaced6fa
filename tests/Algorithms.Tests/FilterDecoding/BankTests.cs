using System.Numerics.Tensors;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>Decoded filters laid over images (spec section 5.4).</summary>
public sealed class BankTests
{
    [Fact]
    public void Respond_WithoutPoolsAndBiasesIsTheNetwork()
    {
        // A linear network is its decoded filters; padding makes both see zeros outside only if it is one layer's, the first.
        var builder = new NetworkBuilder();
        Node x = builder.Add("mean", new Constant(Draw.Weights(1, 1, 1, 2, 12, 11))), input = builder.Input("x", new Shape(1, 2, 12, 11));
        x = builder.Add("less", new Arithmetic(ArithmeticOperation.Sub), input, x);
        x = builder.Add("a", new Convolution { Weight = Draw.Weights(2, 0.3, 5, 2, 3, 3), Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 1, 1, 1) } }, x);
        builder.Output(builder.Add("top", new Convolution { Weight = Draw.Weights(3, 0.3, 4, 5, 2, 3), Sliding = new Window { Kernel = (2, 3) } }, x));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters filters = new FilterDecoder(engine).Decode("top", [3, 1]);
        Assert.Equal("less", filters.Source);
        using var bank = new DecodedBank(engine, filters);
        Tensor<float> images = Tensor.Create(Draw.Normal(4, 3 * 2 * 12 * 11), [3, 2, 12, 11]);
        (Tensor<float> theirs, Tensor<float> ours) = bank.Respond(images);
        Assert.Equal([3, 2, 5, 4], ours.Lengths.ToArray());
        Agreement.Close([.. theirs.Select(v => (double)v)], [.. ours], 1e-5, "responses");
        Assert.All(bank.Errors(images), e => Assert.InRange(e, 0, 1e-10));
    }

    [Fact]
    public void Errors_AreEquationThree()
    {
        float[] a = [1, 3, 5, 2, 2, 2], b = [0, 1, 4, 7, 8, 9];
        double[] errors = DecodedBank.Errors(a, b, 2);
        // Image 0: 0, 1/2, 1 against 0, 1/4, 1; image 1: level against 0, 1/2, 1.
        Assert.Equal((0.25 * 0.25) / 3, errors[0], 12);
        Assert.Equal((0.25 + 1) / 3, errors[1], 12);
    }

    [Fact]
    public void Bank_RefusesFiltersOfAnotherNode()
    {
        using Network network = new RandomStack(5, 1, 28, 28).Convolution("a", 3, (5, 5)).Pool(true, (2, 2), (2, 2)).Convolution("top", 4, (3, 3)).Build();
        using Network other = new RandomStack(5, 1, 28, 28).Convolution("a", 3, (5, 5)).Pool(true, (2, 2), (2, 2)).Convolution("top", 4, (2, 2)).Build();
        using Engine engine = network.On(Device.Cpu), elsewhere = other.On(Device.Cpu);
        DecodedFilters filters = new FilterDecoder(elsewhere).Decode("top");
        Assert.Contains("not the receptive fields", Assert.Throws<PreimageException>(() => new DecodedBank(engine, filters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strongest_AreKeptInOrder()
    {
        var strongest = new StrongestImages(2, 2);
        strongest.Note(0, [1, 5, 0, 0]);
        strongest.Note(1, [2, 2, 3, 1]);
        strongest.Note(2, [5, 0, 3, 4]);
        Assert.Equal([(0, 5f), (2, 5f)], strongest.Of(0));
        Assert.Equal([(2, 4f), (1, 3f)], strongest.Of(1));
    }
}
