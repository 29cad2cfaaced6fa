using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>The same elements under another shape.</summary>
internal static class ViewOperators
{
    public static void Reshape(OnnxNode n)
    {
        GraphValue? merged = n.MergedInput(0);
        GraphValue x = merged ?? n.Input(0);
        bool allowZero = n.Attributes.Int("allowzero", 0) != 0;
        HostParameter shape = HostParameter.Read(n, 1);
        if (shape.IsAbsent)
            throw new ShapeException("its shape is missing");
        if (merged is not null && (shape.Values is not { } given || given.Skip(3).Contains(0)))
            throw new ShapeException("the new shape of a value of rank 5 must be constant and may copy the first three axes only");
        if (shape.Values is { Count: > 0 } wanted && n.Import.BatchLeads(x) && wanted[0] == n.Import.ShapeOf(x).N && !(allowZero && wanted.Contains(0)))
        {
            // The exporter wrote down the batch it happened to run with: any other goes through as well.
            shape = new HostParameter([0, .. wanted.Skip(1)], null);
            allowZero = false;
        }

        if (shape.Values is [_, _, _, > 0 and var h, > 0 and var w])
            EmitMerged(n, new Reshape { Extents = [.. shape.Values.Take(3), checked(h * w)], AllowZero = allowZero }, x);
        else
            n.Emit(new Reshape { Extents = shape.Values, AllowZero = allowZero }, [x, .. shape.Dynamic]);
    }

    /// <summary>Axes in another order; of five the last two may only stay where they are, as when channels are shuffled between groups.</summary>
    public static void Transpose(OnnxNode n)
    {
        IReadOnlyList<int>? order = n.Attributes.Ints("perm");
        if (n.MergedInput(0) is { } merged && order is [_, _, _, 3, 4])
            EmitMerged(n, new Transpose { Permutation = [.. order.Take(4)] }, merged);
        else
            n.Emit(new Transpose { Permutation = order }, n.Input(0));
    }

    static void EmitMerged(OnnxNode n, Layer layer, GraphValue x) =>
        n.Define(0, GraphValue.OfFiveAxes(n.OutputName(0), n.Import.Make(n.Name, n.OutputName(0), layer, [x])));

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
