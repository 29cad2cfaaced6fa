using System.Numerics.Tensors;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

/// <summary>A constant given to an input of a model when it is loaded: see <see cref="LoadOptions.Bind"/>.</summary>
public sealed class BoundValue
{
    /// <summary>Copies floats in row-major order.</summary>
    /// <param name="values">The values.</param>
    /// <param name="extents">The extents, outermost first; none for a scalar.</param>
    /// <exception cref="ShapeException">The extents do not multiply to the number of values.</exception>
    public BoundValue(ReadOnlySpan<float> values, params ReadOnlySpan<int> extents) => Weights = new MemoryWeights(values.ToArray(), extents);

    /// <summary>Copies integers in row-major order: a shape, axes, numbers of rows.</summary>
    /// <param name="values">The values.</param>
    /// <param name="extents">The extents, outermost first; none for a scalar.</param>
    /// <exception cref="ShapeException">The extents do not multiply to the number of values.</exception>
    public BoundValue(ReadOnlySpan<long> values, params ReadOnlySpan<int> extents) => Host = new HostTensor(extents.ToArray(), values.ToArray());

    internal WeightSource? Weights { get; }

    internal HostTensor? Host { get; }

    /// <summary>Copies a tensor of floats.</summary>
    public static implicit operator BoundValue(Tensor<float> tensor) => From(tensor);

    /// <summary>Copies a tensor of integers.</summary>
    public static implicit operator BoundValue(Tensor<long> tensor) => From(tensor);

    /// <summary>Copies a tensor of floats.</summary>
    public static BoundValue From(Tensor<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new BoundValue(Flatten(tensor), Extents(tensor.Lengths));
    }

    /// <summary>Copies a tensor of integers.</summary>
    public static BoundValue From(Tensor<long> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new BoundValue(Flatten(tensor), Extents(tensor.Lengths));
    }

    static T[] Flatten<T>(Tensor<T> tensor)
    {
        var values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    static int[] Extents(ReadOnlySpan<nint> lengths) => Array.ConvertAll(lengths.ToArray(), l => checked((int)l));
}
