using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

/// <summary>Which input pixels a unit of a node can see, per axis: unit i (from 1) is centred at offset + (i-1)*stride and sees size pixels.</summary>
/// <remarks>Spec section 1.7; offsets count pixels from 1 and may lie between two. Where branches meet, the field covers all of them.</remarks>
/// <param name="Size">Rows and columns seen, padding included.</param>
/// <param name="Stride">Pixels between the centres of neighbouring units.</param>
/// <param name="Offset">Centre of the first unit.</param>
public readonly record struct ReceptiveField((int Y, int X) Size, (int Y, int X) Stride, (double Y, double X) Offset)
{
    /// <summary>The field of every node towards the network's input, or null where there is none: constants, resized planes, transposed axes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputShapes">Input shapes by name, or null for the declared ones.</param>
    /// <exception cref="ModelException">A node does not accept the shapes it would get.</exception>
    public static IReadOnlyList<ReceptiveField?> Of(Network network, IReadOnlyDictionary<string, Shape>? inputShapes = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        IReadOnlyList<Shape> shapes = network.InferShapes(inputShapes);
        var fields = new Track?[network.Nodes.Count];
        var varies = new bool[network.Nodes.Count];
        foreach (Node node in network.Nodes)
        {
            varies[node.Index] = node.Layer is Input || node.Inputs.Any(i => varies[i.Index]);
            fields[node.Index] = Follow(node, shapes, fields, varies);
        }

        return Array.ConvertAll(fields, f => f?.ToField());
    }

    /// <summary>The pixels that one unit sees, rows and columns from 0, possibly outside the picture.</summary>
    /// <param name="y">The unit's row, from 0.</param>
    /// <param name="x">The unit's column, from 0.</param>
    public (int Top, int Left, int Height, int Width) Box(int y, int x) =>
        (First(Offset.Y, Size.Y) + y * Stride.Y, First(Offset.X, Size.X) + x * Stride.X, Size.Y, Size.X);

    /// <summary>Size, stride and offset, one number each where rows and columns agree: 11/4/6.</summary>
    public override string ToString() => $"{Pair(Size.Y, Size.X)}/{Pair(Stride.Y, Stride.X)}/{Pair(Offset.Y, Offset.X)}";

    static int First(double offset, int size) => (int)Math.Round(offset - (size - 1) / 2.0) - 1;

    static string Pair(double y, double x) => y == x ? $"{y}" : $"{y}x{x}";

    static Track? Follow(Node node, IReadOnlyList<Shape> shapes, Track?[] fields, bool[] varies)
    {
        if (node.Layer is Input)
        {
            Shape own = shapes[node.Index];
            return new Track(new Axis(1, 1, 1), new Axis(1, 1, 1), own.H, own.W);
        }

        Track? joined = null;
        foreach (Node input in node.Inputs)
        {
            if (!varies[input.Index])
                continue;
            if (fields[input.Index] is not { } field)
                return null;
            joined = joined is null ? field : joined.Value.Join(field);
            if (joined is null)
                return null;
        }

        if (joined is not { } track)
            return null;
        Shape shape = shapes[node.Index];
        switch (node.Layer)
        {
            case Convolution or Pooling:
                PlacedWindow placed = node.Layer.Window!.Place(track.Height, track.Width);
                Window w = node.Layer.Window;
                return new Track(
                    track.Y.Slide(w.Dilation.Y * (w.Kernel.Y - 1) + 1, w.Stride.Y, placed.Top),
                    track.X.Slide(w.Dilation.X * (w.Kernel.X - 1) + 1, w.Stride.X, placed.Left), placed.OutH, placed.OutW);
            case GlobalPool:
            case Dense when shape.Rank == 2:
            case ReduceMean when shape is { H: 1, W: 1 }:
                // One window over the whole plane.
                return new Track(track.Y.Slide(track.Height, 1, 0), track.X.Slide(track.Width, 1, 0), 1, 1);
            case View or Elementwise or ParametricRelu or BatchNormalisation or LocalResponseNormalisation or Softmax or OrientationBinning or BlockNormalisation:
                return track;
            case Concat or Arithmetic or Split or ReduceMean or Slice { AxisList: [1] }:
                return shape.H == track.Height && shape.W == track.Width ? track : null;
            default:
                return null;
        }
    }

    /// <summary>Along one axis: distance between units, and the first and last pixel the first unit sees, counted from 1.</summary>
    readonly record struct Axis(int Stride, int Low, int High)
    {
        public Axis Slide(int span, int stride, int pad) =>
            new(checked(Stride * stride), Low - Stride * pad, checked(High + Stride * (span - 1 - pad)));

        public Axis? Join(Axis other) => Stride == other.Stride
            ? new Axis(Stride, Math.Min(Low, other.Low), Math.Max(High, other.High))
            : null;
    }

    /// <summary>Both axes, and the extents of the plane the field belongs to (kept through a flattening).</summary>
    readonly record struct Track(Axis Y, Axis X, int Height, int Width)
    {
        public Track? Join(Track other) =>
            Height == other.Height && Width == other.Width && Y.Join(other.Y) is { } y && X.Join(other.X) is { } x
                ? new Track(y, x, Height, Width)
                : null;

        public ReceptiveField ToField() => new(
            (Y.High - Y.Low + 1, X.High - X.Low + 1), (Y.Stride, X.Stride), ((Y.Low + Y.High) / 2.0, (X.Low + X.High) / 2.0));
    }
}
