using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>Concat, Slice and Split.</summary>
internal static class JoiningLayers
{
    public static void Concat(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("concat_param");
        if (layer.Bottoms.Length == 0)
            throw new ShapeException("it has no bottoms to join");
        var inputs = new Node[layer.Bottoms.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = layer.Input(i);
        layer.Finish(new Concat(p.Integer("axis", p.Integer("concat_dim", 1))), inputs);
    }

    /// <summary>One node per part; the points between them are given, or the parts are equal.</summary>
    public static void Slice(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("slice_param");
        Node x = layer.Input();
        Shape shape = layer.ShapeOf(x);
        int axis = Axes.Normalise(p.Integer("axis", p.Integer("slice_dim", 1)), shape.Rank), parts = layer.Tops.Length;
        int[] points = p.Integers("slice_point");
        if (points.Length > 0 ? points.Length != parts - 1 : parts == 0 || shape[axis] % parts != 0)
            throw new ShapeException($"axis {axis} of {shape} does not go into {parts} parts at {points.Length} points");
        int[] ends = points.Length > 0 ? [.. points, shape[axis]] : [.. Enumerable.Range(1, parts).Select(i => shape[axis] / parts * i)];
        int[] sizes = [.. ends.Select((end, i) => i == 0 ? end : checked(end - ends[i - 1]))];
        for (int i = 0; i < parts; i++)
            layer.Finish(i, new Split { Axis = axis, Part = i, Parts = parts, Sizes = sizes }, x);
    }

    /// <summary>Several names for one value: Caffe writes it where a blob is read twice.</summary>
    public static void Split(CaffeLayer layer)
    {
        Node x = layer.Input();
        for (int i = 0; i < layer.Tops.Length; i++)
            layer.Set(i, x);
    }
}
