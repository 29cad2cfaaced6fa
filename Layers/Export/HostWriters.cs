using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>Computations on shapes.</summary>
internal static class HostWriters
{
    public static void Shape(GraphWriter w, Node n, HostShape layer)
    {
        NodeProto proto = w.Add(n, "Shape", w.Input(n));
        if (layer.Start != 0)
            proto.With("start", layer.Start);
        if (layer.End is { } end)
            proto.With("end", end);
    }

    public static void Cast(GraphWriter w, Node n, HostCast layer) => w.Add(n, "Cast", w.Input(n)).With("to", (long)(layer.Type switch
    {
        HostType.Float => TensorType.Float,
        HostType.Boolean => TensorType.Bool,
        _ => TensorType.Int64,
    }));
}
