using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Export;

/// <summary>Layers with a sliding window.</summary>
internal static class WindowWriters
{
    public static void Convolution(GraphWriter w, Node n, Convolution layer) =>
        Window(w.Add(n, "Conv", w.Input(n), w.Weight(n, "weight", layer.Weight), Bias(w, n, layer.Bias)), layer.Sliding, layer.Weight.Extents.Count - 2)
            .With("group", layer.Groups);

    public static void TransposedConvolution(GraphWriter w, Node n, TransposedConvolution layer)
    {
        int axes = layer.Weight.Extents.Count - 2;
        NodeProto proto = w.Add(n, "ConvTranspose", w.Input(n), w.Weight(n, "weight", layer.Weight), Bias(w, n, layer.Bias));
        Window(proto, layer.Sliding, axes).With("group", layer.Groups);
        if (layer.OutputPadding != (0, 0))
            proto.With("output_padding", Pair(layer.OutputPadding, axes));
        if (layer.OutputExtents is { } extents)
            proto.With("output_shape", Pair(extents, axes));
    }

    public static void MaxPool(GraphWriter w, Node n, MaxPool layer) =>
        Ceil(Window(w.Add(n, "MaxPool", w.Input(n)), layer.Sliding, w.ShapeOf(n).Rank - 2), layer.Sliding);

    public static void AveragePool(GraphWriter w, Node n, AveragePool layer) =>
        Ceil(Window(w.Add(n, "AveragePool", w.Input(n)), layer.Sliding, w.ShapeOf(n).Rank - 2), layer.Sliding)
            .With("count_include_pad", layer.CountIncludesPad ? 1 : 0);

    static string Bias(GraphWriter w, Node n, WeightSource? bias) => bias is null ? "" : w.Weight(n, "bias", bias);

    static NodeProto Ceil(NodeProto proto, Window window) => window.CeilMode ? proto.With("ceil_mode", 1) : proto;

    static NodeProto Window(NodeProto proto, Window window, int axes)
    {
        proto.With("kernel_shape", Pair(window.Kernel, axes));
        proto.With("strides", Pair(window.Stride, axes));
        if (window.Dilation != (1, 1))
            proto.With("dilations", Pair(window.Dilation, axes));
        (int top, int left, int bottom, int right) = window.Pads;
        return window.AutoPad switch
        {
            AutoPad.Valid => proto.With("auto_pad", "VALID"),
            AutoPad.SameUpper => proto.With("auto_pad", "SAME_UPPER"),
            AutoPad.SameLower => proto.With("auto_pad", "SAME_LOWER"),
            _ => axes == 1 ? proto.With("pads", [(long)left, right]) : proto.With("pads", [(long)top, left, bottom, right]),
        };
    }

    static long[] Pair((int Y, int X) pair, int axes) => axes == 1 ? [pair.X] : [pair.Y, pair.X];
}
