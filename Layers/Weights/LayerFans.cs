using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>How many numbers a unit of a layer reads and how many units read one of its inputs.</summary>
/// <param name="Inputs">Channels in, of one group.</param>
/// <param name="Outputs">Channels out; those of one group where the convolution is transposed.</param>
/// <param name="Kernel">Places of a filter.</param>
internal readonly record struct LayerFans(long Inputs, long Outputs, long Kernel)
{
    /// <summary>Of a convolution or a dense layer.</summary>
    public static LayerFans Of(Layer layer)
    {
        if (layer is Dense dense)
            return new LayerFans(dense.Inputs, dense.Outputs, 1);
        IReadOnlyList<int> extents = layer.Weights[0].Value.Extents;
        long kernel = extents.Skip(2).Aggregate(1L, (n, extent) => n * extent);
        return layer is TransposedConvolution transposed
            ? new LayerFans(extents[0] / transposed.Groups, extents[1], kernel)
            : new LayerFans(extents[1], extents[0], kernel);
    }
}
