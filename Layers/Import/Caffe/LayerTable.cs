using Preimage.Layers.Import.Caffe.Layers;

namespace Preimage.Layers.Import.Caffe;

/// <summary>Which types of layers are read, and by what.</summary>
internal static class LayerTable
{
    static readonly Dictionary<string, Action<CaffeLayer>> s_readers = new(StringComparer.Ordinal)
    {
        ["BatchNorm"] = AffineLayers.BatchNorm,
        ["Bias"] = AffineLayers.Bias,
        ["Concat"] = JoiningLayers.Concat,
        ["Convolution"] = WindowLayers.Convolution,
        ["Deconvolution"] = WindowLayers.Deconvolution,
        ["Dropout"] = ElementwiseLayers.Dropout,
        ["Eltwise"] = EltwiseLayer.Read,
        ["Flatten"] = ShapeLayers.Flatten,
        ["InnerProduct"] = DenseLayers.InnerProduct,
        ["LRN"] = LrnLayers.Read,
        ["Pooling"] = WindowLayers.Pooling,
        ["Power"] = ElementwiseLayers.Power,
        ["PReLU"] = ElementwiseLayers.PRelu,
        ["ReLU"] = ElementwiseLayers.Relu,
        ["Reshape"] = ShapeLayers.Reshape,
        ["Scale"] = AffineLayers.Scale,
        ["Sigmoid"] = ElementwiseLayers.Sigmoid,
        ["Slice"] = JoiningLayers.Slice,
        ["Softmax"] = DenseLayers.Softmax,
        ["Split"] = JoiningLayers.Split,
        ["TanH"] = ElementwiseLayers.Tanh,
    };

    /// <summary>What reads a type, or null.</summary>
    public static Action<CaffeLayer>? Find(string type) => s_readers.GetValueOrDefault(type);

    /// <summary>Why a known type is refused, and the way out.</summary>
    public static string? Refusal(string type) => type switch
    {
        "Crop" => "cutting one value to the size of another is not supported: end the structure before this layer, and cut its result",
        "ArgMax" => "the largest class is found outside of the network: end the structure before this layer",
        "Python" => "layers that run a program of their own are not supported",
        _ => null,
    };
}
