using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>Substitution is the gradient of convolutions (spec section 5.5): the library's own backward pass, on an input as large as the decoded filter.</summary>
public sealed class BackwardTests
{
    [Fact]
    public void Decode_ConvolutionsAreTheirGradientToTheBit() => Compare(
        new RandomStack(11, 3, 9, 9).Convolution("a", 16, (3, 3)).Convolution("b", 32, (3, 3)).Convolution("c", 20, (3, 3)).Convolution("top", 4, (3, 3)), Unpooling.Nearest);

    [Fact]
    public void Decode_GroupsAndStridesAreTheirGradientToTheBit() => Compare(
        new RandomStack(12, 2, 17, 13).Convolution("a", 4, (5, 3), 2, (2, 2)).Convolution("b", 6, (3, 2), 2, (2, 1)).Convolution("top", 4, (3, 5), 2), Unpooling.Nearest);

    [Fact]
    public void Decode_ZerosAreTheGradientOfPoolsWhoseFirstPlaceIsLargest() => Compare(
        new RandomStack(13, 1, 28, 28).Convolution("a", 5, (5, 5)).Pool(true, (2, 2), (2, 2)).Convolution("b", 6, (5, 5)).Pool(true, (2, 2), (2, 2)).Convolution("top", 3, (4, 4)), Unpooling.Zeros);

    [Fact]
    public void Decode_ZerosAreTheGradientOfOverlappingPools() => Compare(
        new RandomStack(14, 1, 13, 15).Convolution("a", 4, (3, 3)).Pool(true, (3, 3), (2, 2)).Convolution("top", 3, (5, 6)), Unpooling.Zeros);

    /// <summary>On an input of zeros every map is level, being its bias: the first place of each window is its maximum.</summary>
    static void Compare(RandomStack stack, Unpooling unpooling)
    {
        using Network network = stack.Build();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        DecodedFilters found = new FilterDecoder(engine).Decode("top", options: new DecodingOptions { Unpooling = unpooling });
        Node top = network.Nodes["top"], input = network.Input;
        int units = found.Units.Count;
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Seeds = units });
        plan.SetInput(input, new float[network.InputShape.Count]);
        plan.Forward();
        var seed = new float[plan.SeedShape.Count];
        Assert.Equal(units * units, seed.Length);
        for (int unit = 0; unit < units; unit++)
            seed[unit * units + unit] = 1;
        plan.Backward(seed, BackwardRule.Gradient);
        var gradient = new float[plan.GradientShape(input).Count];
        plan.ReadGradient(input, gradient);
        for (int unit = 0; unit < units; unit++)
            Agreement.SameBits(gradient.AsSpan(unit * network.InputShape.Count, network.InputShape.Count), found.Image(unit), $"unit {unit} of {top.Name}");
    }
}
