using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>The same elements under another shape.</summary>
internal static class ViewOperators
{
    public static void Reshape(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        bool allowZero = n.Attributes.Int("allowzero", 0) != 0;
        HostParameter shape = HostParameter.Read(n, 1);
        if (shape.IsAbsent)
            throw new ShapeException("its shape is missing");
        if (shape.Values is { Count: > 0 } wanted && n.Import.BatchLeads(x) && wanted[0] == n.ShapeOf(0).N && !(allowZero && wanted.Contains(0)))
        {
            // The exporter wrote down the batch it happened to run with: any other goes through as well.
            shape = new HostParameter([0, .. wanted.Skip(1)], null);
            allowZero = false;
        }

        n.Emit(new Reshape { Extents = shape.Values, AllowZero = allowZero }, [x, .. shape.Dynamic]);
    }

    public static void Squeeze(OnnxNode n)
    {
        HostParameter axes = Axes(n);
        n.Emit(new Squeeze { AxisList = axes.Values }, [n.Input(0), .. axes.Dynamic]);
    }

    public static void Unsqueeze(OnnxNode n)
    {
        HostParameter axes = Axes(n);
        if (axes.IsAbsent)
            throw new ShapeException("its axes are missing");
        n.Emit(new Unsqueeze { AxisList = axes.Values }, [n.Input(0), .. axes.Dynamic]);
    }

    public static void Dropout(OnnxNode n)
    {
        if (n.HasInput(2) && n.Input(2).Host is { Count: 1 } training && training.Integer(0) != 0)
            throw new ShapeException("it is in training mode: export the model for inference");
        n.Emit(new Identity("Dropout"), n.Input(0));
        n.Refuse(1, "the mask of a Dropout is an output of training");
    }

    // Axes became an input with opset 13.
    static HostParameter Axes(OnnxNode n) => n.Opset < 13
        ? new HostParameter(n.Attributes.Integers("axes"), null)
        : HostParameter.Read(n, 1);
}
