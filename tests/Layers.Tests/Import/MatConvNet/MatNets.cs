using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>Networks as MatConvNet stores them, for tests.</summary>
internal static class MatNets
{
    /// <summary>The variables of a SimpleNN: layers, and meta with the size of the input.</summary>
    public static MatNode[] SimpleNn(int[] size, params IEnumerable<MatNode> layers) =>
        [MatNode.Cell(layers).Named("layers"), Meta(size).Named("meta")];

    /// <summary>A chain of layers built in memory as a SimpleNN; flattening is what MatConvNet does not need.</summary>
    public static MatNode[] SimpleNn(Network network)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        Shape input = network.InputShape;
        return SimpleNn([input.H, input.W, input.C], network.Nodes.Where(n => n.Layer is not (Input or View)).Select(n => Layer(n, shapes)));
    }

    public static MatNode Layer(string type, string name, params (string, MatNode)[] fields) =>
        MatNode.Struct([("type", MatNode.Text(type)), ("name", MatNode.Text(name)), .. fields]);

    /// <summary>One layer of a DagNN; a list of one name is stored as text, as some files have it.</summary>
    public static MatNode DagLayer(string name, string type, string inputs, string outputs, string parameters, params (string, MatNode)[] block) => MatNode.Struct(
        ("name", MatNode.Text(name)), ("type", MatNode.Text($"dagnn.{type}")), ("inputs", NamesOf(inputs)), ("outputs", NamesOf(outputs)),
        ("params", NamesOf(parameters)), ("block", MatNode.Struct([("hasBias", MatNode.Row(1)), .. block])));

    public static MatNode Parameter(string name, MatNode value) => MatNode.Struct(("name", MatNode.Text(name)), ("value", value), ("learningRate", MatNode.Row(1)));

    /// <summary>Filters [K][C][h][w] as h x w x C x K.</summary>
    public static MatNode Filters(WeightSource weights, int[]? extents = null)
    {
        int[] e = extents ?? [.. weights.Extents];
        (int k, int c, int h, int w) = (e[0], e[1], e[2], e[3]);
        float[] values = weights.ToArray();
        var stored = new double[values.Length];
        for (int i = 0; i < k; i++)
        for (int j = 0; j < c; j++)
        for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            stored[y + h * (x + w * (j + c * i))] = values[((i * c + j) * h + y) * w + x];
        return MatNode.Array(Trimmed(h, w, c, k), stored);
    }

    public static MatNode Column(WeightSource weights) => MatNode.Array([weights.Count, 1], weights.ToArray().Select(v => (double)v));

    public static MatNode Meta(int[] size) => MatNode.Struct(("normalization", MatNode.Struct(("imageSize", MatNode.Row([.. size.Select(s => (double)s)])))));

    static MatNode Layer(Node node, IReadOnlyList<Shape> shapes) => node.Layer switch
    {
        Convolution c => Layer("conv", node.Name, ("weights", MatNode.Cell(Filters(c.Weight), Column(c.Bias!))), ("pad", Pad(c.Sliding)), ("stride", Pair(c.Sliding.Stride)), ("dilate", Pair(c.Sliding.Dilation))),
        Dense d => Layer("conv", node.Name, ("weights", MatNode.Cell(Filters(d.Weight, Covering(node, d, shapes)), Column(d.Bias!)))),
        MaxPool p => Layer("pool", node.Name, ("method", MatNode.Text("max")), ("pool", Pair(p.Sliding.Kernel)), ("stride", Pair(p.Sliding.Stride)), ("pad", Pad(p.Sliding))),
        AveragePool p => Layer("pool", node.Name, ("method", MatNode.Text("avg")), ("pool", Pair(p.Sliding.Kernel)), ("stride", Pair(p.Sliding.Stride)), ("pad", Pad(p.Sliding))),
        LocalResponseNormalisation l => Layer("normalize", node.Name, ("param", MatNode.Row(l.Size, l.Kappa, l.Alpha / l.Size, l.Beta))),
        Relu => Layer("relu", node.Name),
        LeakyRelu r => Layer("relu", node.Name, ("leak", MatNode.Row(r.Alpha))),
        Softmax => Layer("softmax", node.Name),
        BatchNormalisation b => Layer("bnorm", node.Name, ("weights", MatNode.Cell(Column(b.Scale), Column(b.Shift), Moments(b)))),
        TransposedConvolution t => Layer("convt", node.Name, ("weights", MatNode.Cell(Filters(t.Weight), Column(t.Bias!))), ("upsample", Pair(t.Sliding.Stride)), ("crop", Pad(t.Sliding)), ("numGroups", MatNode.Row(t.Groups))),
        var other => throw new NotSupportedException(other.Operator),
    };

    public static MatNode Moments(BatchNormalisation b) =>
        MatNode.Array([b.Mean.Count, 2], [.. b.Mean.ToArray().Select(v => (double)v), .. b.Variance.ToArray().Select(v => Math.Sqrt(v + (double)b.Epsilon))]);

    static int[] Covering(Node node, Dense dense, IReadOnlyList<Shape> shapes)
    {
        Node x = node.Inputs[0];
        Shape plane = shapes[x.Layer is View ? x.Inputs[0].Index : x.Index];
        return [dense.Outputs, plane.C, plane.H, plane.W];
    }

    static MatNode Pair((int Y, int X) pair) => pair.Y == pair.X ? MatNode.Row(pair.Y) : MatNode.Row(pair.Y, pair.X);

    static MatNode Pad(Window w) => MatNode.Row(w.Pads.Top, w.Pads.Bottom, w.Pads.Left, w.Pads.Right);

    static MatNode NamesOf(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var one] => MatNode.Text(one),
        var several => MatNode.Cell(several.Select(MatNode.Text)),
    };

    // MATLAB drops extents of 1 at the end.
    static int[] Trimmed(int h, int w, int c, int k) => k > 1 ? [h, w, c, k] : c > 1 ? [h, w, c] : [h, w];
}
