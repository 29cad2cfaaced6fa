using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Convolutions and pools: everything with a sliding window.</summary>
internal static class WindowOperators
{
    public static void Convolution(OnnxNode n)
    {
        WeightSource weight = n.Weight(1, "filters");
        n.Emit(new Convolution
        {
            Weight = weight,
            Bias = n.OptionalWeight(2, "bias values"),
            Sliding = ReadWindow(n, [.. weight.Extents.Skip(2)]),
            Groups = n.Attributes.Int("group", 1),
        }, n.Input(0));
    }

    public static void TransposedConvolution(OnnxNode n)
    {
        WeightSource weight = n.Weight(1, "filters");
        Window window = ReadWindow(n, [.. weight.Extents.Skip(2)]);
        int axes = weight.Extents.Count - 2;
        int[]? extents = n.Attributes.Ints("output_shape");
        if (extents is not null && extents.Length != axes && extents.Length != axes + 2)
            throw new ShapeException($"its output_shape has {extents.Length} extents");
        n.Emit(new TransposedConvolution
        {
            Weight = weight,
            Bias = n.OptionalWeight(2, "bias values"),
            Sliding = window,
            Groups = n.Attributes.Int("group", 1),
            OutputPadding = Pair(n, "output_padding", axes, 0),
            // Old files list samples and channels in front.
            OutputExtents = extents is null ? null : axes == 1 ? (1, extents[^1]) : (extents[^2], extents[^1]),
        }, n.Input(0));
    }

    public static void MaxPool(OnnxNode n)
    {
        if (n.Attributes.Int("storage_order", 0) != 0)
            throw new ShapeException("its storage_order must be 0 (row-major)");
        n.Emit(new MaxPool { Sliding = ReadWindow(n, null) }, n.Input(0));
        n.Refuse(1, "the Indices of a MaxPool are not computed as a value");
    }

    public static void AveragePool(OnnxNode n) => n.Emit(new AveragePool
    {
        Sliding = ReadWindow(n, null),
        CountIncludesPad = n.Attributes.Int("count_include_pad", 0) != 0,
    }, n.Input(0));

    static Window ReadWindow(OnnxNode n, int[]? filters)
    {
        int[] kernel = n.Attributes.Ints("kernel_shape") ?? filters ?? throw new ShapeException("its kernel_shape is missing");
        int axes = kernel.Length;
        if (axes is < 1 or > 2)
        {
            throw new ShapeException($"its window has {axes} axes, for inputs of rank {axes + 2}: " +
                "one or two axes are supported (rank 3, N x C x L, and rank 4, N x C x H x W)");
        }

        int[] pads = n.Attributes.Ints("pads") ?? new int[2 * axes];
        if (pads.Length != 2 * axes)
            throw new ShapeException($"its pads are {pads.Length} numbers where {2 * axes} belong");
        return new Window
        {
            Kernel = axes == 1 ? (1, kernel[0]) : (kernel[0], kernel[1]),
            Stride = Pair(n, "strides", axes, 1),
            Dilation = Pair(n, "dilations", axes, 1),
            Pads = axes == 1 ? (0, pads[0], 0, pads[1]) : (pads[0], pads[1], pads[2], pads[3]),
            CeilMode = n.Attributes.Int("ceil_mode", 0) != 0,
            AutoPad = n.Attributes.Text("auto_pad") switch
            {
                null or "" or "NOTSET" => AutoPad.Explicit,
                "VALID" => AutoPad.Valid,
                "SAME_UPPER" => AutoPad.SameUpper,
                "SAME_LOWER" => AutoPad.SameLower,
                var other => throw new ShapeException($"its auto_pad is '{other}'"),
            },
        };
    }

    /// <summary>Numbers for rows and columns; the row's is the neutral one where there are columns only.</summary>
    static (int Y, int X) Pair(OnnxNode n, string name, int axes, int neutral)
    {
        if (n.Attributes.Ints(name) is not { } values)
            return (neutral, neutral);
        if (values.Length != axes)
            throw new ShapeException($"its {name} are {values.Length} numbers where {axes} belong");
        return axes == 1 ? (neutral, values[0]) : (values[0], values[1]);
    }
}
