using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>The toy of spec section 11.</summary>
public sealed class ToyTests
{
    [Theory]
    [InlineData(Unpooling.Nearest, new double[] { 1, 3, 1, 0, 1, 4, 10, -1, -10, -3, 5, 14, 3, -9, -3, 7, 20, 12, 0, 1, 5, 13, 7, -1, 0 })]
    [InlineData(Unpooling.Bilinear, new double[]
    {
        1, 2.5, 1.25, 0.25, 1, 4.25, 8.25, 0.3125, -7.3125, -3, 5.25, 11.9375, 4, -4.1875, -2, 6.5, 16.3125, 8.9375, 0.75, 0, 5, 11.5, 6.5, 1, 0,
    })]
    public void Decode_GivesThePublishedNumbers(Unpooling unpooling, double[] expected)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Add("A", Filters([1, 2, 3, 4, 0, 1, -1, 0], 2, 1), builder.Input("x", new Shape(1, 1, 5, 5)));
        x = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        builder.Output(builder.Add("B", Filters([1, -1, 2, 0, 0, 3, 1, 1], 1, 2), x));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters found = new FilterDecoder(engine).Decode("B", options: new DecodingOptions { Unpooling = unpooling });
        Assert.Equal((1, 5, 5), found.Size);
        // All numbers are small multiples of 1/16: float32 holds them and every sum on the way.
        Agreement.Close(expected, found.Image(0), 0, $"{unpooling}");
    }

    static Convolution Filters(float[] values, int filters, int channels) =>
        new() { Weight = new MemoryWeights(values, filters, channels, 2, 2), Sliding = new Window { Kernel = (2, 2) } };
}
