using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Metrics;

/// <summary>Networks whose maps are known by heart.</summary>
internal static class Linear
{
    /// <summary>A logit for each row of weights: its gradient is the row.</summary>
    public static Network Of(Shape input, params float[][] rows)
    {
        var builder = new NetworkBuilder();
        return Finish(builder, builder.Input("x", input), rows);
    }

    /// <summary>The same of the input's positive values: the gradient is the row where they are.</summary>
    public static Network OfPositive(Shape input, params float[][] rows)
    {
        var builder = new NetworkBuilder();
        return Finish(builder, builder.Add("relu", new Relu(), builder.Input("x", input)), rows);
    }

    /// <summary>Images one after the other.</summary>
    public static Tensor<float> Images(Shape one, params float[][] images) =>
        Tensor.Create<float>([.. images.SelectMany(i => i)], one.WithSamples(images.Length).ToLengths());

    static Network Finish(NetworkBuilder builder, Node x, float[][] rows)
    {
        var weights = new MemoryWeights([.. rows.SelectMany(r => r)], rows.Length, rows[0].Length);
        builder.Output(builder.Add("logits", new Dense { Weight = weights, OutputMajor = true }, builder.Add("flat", new Flatten(), x)));
        return builder.Build();
    }
}
