using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>Flatten and Reshape.</summary>
internal static class ShapeLayers
{
    public static void Flatten(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("flatten_param");
        Node x = layer.Input();
        int rank = layer.ShapeOf(x).Rank;
        int axis = Axes.Normalise(p.Integer("axis", 1), rank), end = Axes.Normalise(p.Integer("end_axis", -1), rank);
        if (axis != 1 || end != rank - 1)
            throw new ShapeException($"flattening axes {axis} to {end} of {layer.ShapeOf(x)} is not supported: 1 to the last is");
        layer.Finish(new Flatten(), x);
    }

    /// <summary>The axes from one on under new extents: 0 copies, -1 follows from the rest.</summary>
    public static void Reshape(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("reshape_param");
        Node x = layer.Input();
        int rank = layer.ShapeOf(x).Rank, axis = p.Integer("axis", 0);
        axis = axis < 0 ? axis + rank + 1 : axis;
        if (axis < 0 || axis > rank || p.Integer("num_axes", -1) != -1)
            throw new ShapeException($"its axis {axis} and num_axes {p.Integer("num_axes", -1)} are not supported for {layer.ShapeOf(x)}: all axes from 0..{rank} on are");
        long[] extents = [.. Enumerable.Repeat(0L, axis), .. p.Message("shape").Integers("dim").Select(e => (long)e)];
        // A leading extent equal to the declared number of samples means the samples, however many there are.
        if (axis == 0 && extents.Length > 0 && extents[0] == layer.DeclaredBatch)
            extents[0] = 0;
        layer.Finish(new Reshape { Extents = extents }, x);
    }
}
