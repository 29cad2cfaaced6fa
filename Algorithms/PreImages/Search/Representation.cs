using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>What a network makes of a picture, and the picture as searches keep it.</summary>
internal static class Representation
{
    /// <summary>The values of a node for an input of one picture.</summary>
    /// <exception cref="PreimageException">The input does not fit the network.</exception>
    public static Tensor<float> Of(Engine engine, Tensor<float> input, string node, CancellationToken cancellation)
    {
        Network network = engine.Network;
        Node at = network.Nodes[node];
        if (input.Rank != 4 || input.Lengths[0] != 1)
            throw new ShapeException($"a picture of {string.Join("x", input.Lengths.ToArray())}: 1 x D x H x W is needed");
        using PlanLoan loan = engine.Rent(new PlanOptions
        {
            Observe = [at.Name], InputShapes = new Dictionary<string, Shape> { [network.Input.Name] = ShapeOf(input) },
        });
        loan.Plan.SetInput(network.Input, Values(input));
        loan.Plan.Forward(cancellation);
        Shape shape = loan.Plan.ShapeOf(at);
        var values = new float[shape.Count];
        loan.Plan.Read(at, values);
        return Tensor.Create(values, shape.ToLengths());
    }

    /// <summary>The options with the picture's size.</summary>
    public static PreImageOptions WithSizeOf(this PreImageOptions options, Tensor<float> input)
    {
        (int height, int width) = ((int)input.Lengths[2], (int)input.Lengths[3]);
        if ((options.Height ?? height) != height || (options.Width ?? width) != width)
            throw new PreimageException($"PreImageOptions.Height and Width are {options.Height} and {options.Width}: images are of the picture's size, {height}x{width}");
        return options with { Height = height, Width = width };
    }

    /// <summary>The picture in pixel units less the centre: (input - shift) / factor.</summary>
    public static float[] Pixels(Tensor<float> input, PixelScale scale)
    {
        int channels = (int)input.Lengths[1], plane = (int)(input.Lengths[2] * input.Lengths[3]);
        double[] factor = PixelScale.Spread(scale.Factor, nameof(PixelScale.Factor), channels);
        double[] shift = PixelScale.Spread(scale.Shift, nameof(PixelScale.Shift), channels);
        float[] values = Values(input);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] - shift[i / plane % channels]) / factor[i / plane % channels]);
        return values;
    }

    static Shape ShapeOf(Tensor<float> input) => new([.. input.Lengths.ToArray().Select(e => (int)e)]);

    static float[] Values(Tensor<float> input)
    {
        var values = new float[input.FlattenedLength];
        input.FlattenTo(values);
        return values;
    }
}
