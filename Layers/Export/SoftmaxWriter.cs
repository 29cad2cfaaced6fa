using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>Softmax, whose meaning changed with opset 13: one over several axes together is written as one over a flattened array.</summary>
internal static class SoftmaxWriter
{
    public static void Write(GraphWriter w, Node n, Softmax layer)
    {
        Shape shape = w.ShapeOf(n);
        int axis = Axes.Normalise(layer.Axis, shape.Rank);
        if (!layer.Flattened || shape.ToArray().AsSpan(axis + 1).IndexOfAnyExcept(1) < 0)
        {
            w.Add(n, layer.Operator, w.Input(n)).With("axis", (long)layer.Axis);
            return;
        }

        string flat = w.AddBetween(n, "flat", "Flatten", p => p.With("axis", (long)axis), w.Input(n));
        string result = w.AddBetween(n, "softmax", layer.Operator, p => p.With("axis", 1L), flat);
        string extents = w.AddBetween(n, "shape", "Shape", null, w.Input(n));
        w.Add(n, "Reshape", result, extents);
    }
}
