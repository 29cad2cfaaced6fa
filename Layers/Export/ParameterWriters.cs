using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Export;

/// <summary>Layers whose parameters are inputs in ONNX.</summary>
internal static class ParameterWriters
{
    public static void Constant(GraphWriter w, Node n, Constant layer)
    {
        // An initialiser has no name but that of its value.
        if (layer.Value is { } weights && n.Name == w.ValueOf(n))
            w.Initialisers.Add((n.Name, weights));
        else
            w.Add(n, "Constant").With("value", layer.Value is null ? GraphWriter.Tensor(layer.Host!) : GraphWriter.Tensor(layer.Value));
    }

    public static void Clip(GraphWriter w, Node n, Clip layer) =>
        w.Add(n, "Clip", w.Input(n), Bound(w, n, "min", layer.Minimum), Bound(w, n, "max", layer.Maximum));

    public static void ReduceMean(GraphWriter w, Node n, ReduceMean layer) =>
        w.Add(n, "ReduceMean", w.Input(n), w.Parameter(n, layer.AxisList, 1, "axes"))
            .With("keepdims", layer.KeepAxes ? 1 : 0).With("noop_with_empty_axes", layer.EmptyMeansNone ? 1 : 0);

    public static void Slice(GraphWriter w, Node n, Slice layer) => w.Add(n, "Slice", w.Input(n), w.Parameter(n, layer.Starts, 1, "starts"),
        w.Parameter(n, layer.Ends, 2, "ends"), w.Parameter(n, layer.AxisList, 3, "axes"), w.Parameter(n, layer.Steps, 4, "steps"));

    public static void Reshape(GraphWriter w, Node n, Reshape layer)
    {
        NodeProto proto = w.Add(n, "Reshape", w.Input(n), w.Parameter(n, layer.Extents, 1, "shape"));
        if (layer.AllowZero)
            proto.With("allowzero", 1);
    }

    public static void Pad(GraphWriter w, Node n, Pad layer)
    {
        string value = layer.Value != 0 ? w.Weight(n, "value", new MemoryWeights([layer.Value])) : w.Input(n, 2);
        w.Add(n, "Pad", w.Input(n), w.Parameter(n, layer.Pads, 1, "pads"), value, w.Parameter(n, layer.AxisList, 3, "axes"))
            .With("mode", layer.Fill switch { PadFill.Reflect => "reflect", PadFill.Edge => "edge", _ => "constant" });
    }

    public static void Resize(GraphWriter w, Node n, Resize layer)
    {
        bool sizes = layer.Sizes is not null || (layer.Scales is null && layer.InputHoldsSizes);
        string given = layer.Scales is { } scales
            ? w.Weight(n, "scales", new MemoryWeights([.. scales], scales.Count))
            : w.Parameter(n, layer.Sizes, 1, "sizes");
        NodeProto proto = w.Add(n, "Resize", w.Input(n), "", sizes ? "" : given, sizes ? given : "")
            .With("mode", layer.Linear ? "linear" : "nearest")
            .With("coordinate_transformation_mode", layer.Coordinates switch
            {
                ResizeCoordinates.HalfPixel => "half_pixel",
                ResizeCoordinates.PytorchHalfPixel => "pytorch_half_pixel",
                ResizeCoordinates.Asymmetric => "asymmetric",
                ResizeCoordinates.AlignCorners => "align_corners",
                _ => "half_pixel_symmetric",
            })
            .With("nearest_mode", layer.Rounding switch
            {
                NearestRounding.RoundPreferFloor => "round_prefer_floor",
                NearestRounding.RoundPreferCeil => "round_prefer_ceil",
                NearestRounding.Floor => "floor",
                _ => "ceil",
            });
        if (layer.AxisList is not null)
            proto.With("axes", layer.AxisList);
    }

    static string Bound(GraphWriter w, Node n, string role, float value) =>
        float.IsInfinity(value) ? "" : w.Weight(n, role, new MemoryWeights([value]));
}
