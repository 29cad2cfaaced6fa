using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>A network made by hand, whose filters are bars, shapes of two bars and glyphs of four shapes (reference specification, section 5.5): L1 4 of 5x5, L2 14 of 5x5x4, L3 a pool of
/// 2x2, L4 8 of 3x3x14, no rectifiers, 14x14 pixels.</summary>
/// <remarks>
/// The weights of the paper are not published; these are ours. Bars are 1 on the bar and -1/4 elsewhere, so that they are blind to brightness. Filters above are scaled to decoded images of
/// length 1: what a unit says of an image is about how much of it the image has, and by Cauchy and Schwarz no unit can then say more of another's image than that one does itself, but for
/// the pool, which picks where decoding spreads.
/// </remarks>
internal static class HandMadeNetwork
{
    /// <summary>Sides: of the input, and of filters.</summary>
    public const int Side = 14, Bar = 5, Glyph = 3;

    /// <summary>The layers with filters.</summary>
    public static IReadOnlyList<string> Layers { get; } = ["L1", "L2", "L4"];

    /// <summary>The bars: two diagonals, then what 'C' and 'D' have their bottom left corner of.</summary>
    public static IReadOnlyList<string> Bars { get; } = ["falling", "rising", "level", "upright"];

    /// <summary>Shapes of two bars: which bar, and the place of its filter in the 5x5 of L2. The first one is the bottom left corner.</summary>
    public static IReadOnlyList<(string Name, (int Bar, int Y, int X)[] Parts)> Shapes { get; } =
    [
        ("corner, bottom left", [(3, 1, 1), (2, 3, 3)]),
        ("corner, bottom right", [(3, 1, 3), (2, 3, 1)]),
        ("corner, top right", [(3, 3, 3), (2, 1, 1)]),
        ("corner, top left", [(3, 3, 1), (2, 1, 3)]),
        ("upright, left", [(3, 0, 1), (3, 4, 1)]),
        ("falling", [(0, 1, 1), (0, 3, 3)]),
        ("rising", [(1, 1, 3), (1, 3, 1)]),
        ("T", [(2, 1, 2), (3, 3, 2)]),
        ("level, top", [(2, 1, 0), (2, 1, 4)]),
        ("T upside down", [(2, 3, 2), (3, 1, 2)]),
        ("level, bottom", [(2, 3, 0), (2, 3, 4)]),
        ("T to the right", [(3, 2, 1), (2, 2, 3)]),
        ("T to the left", [(3, 2, 3), (2, 2, 1)]),
        ("upright, right", [(3, 0, 3), (3, 4, 3)]),
    ];

    /// <summary>Glyphs: shapes, counted from 1, in the corners of the 3x3 of L4: top left, top right, bottom left, bottom right.</summary>
    public static IReadOnlyList<(string Name, int[] Corners)> Glyphs { get; } =
    [
        ("C", [4, 9, 1, 11]), ("D", [4, 3, 1, 2]), ("X", [6, 7, 7, 6]), ("U", [5, 14, 1, 2]), ("T", [9, 9, 14, 5]), ("Z", [9, 7, 7, 11]), ("H", [12, 13, 12, 13]), ("I", [8, 8, 10, 10]),
    ];

    /// <summary>The places of a glyph's shapes in its 3x3.</summary>
    public static IReadOnlyList<(int Y, int X)> Corners { get; } = [(0, 0), (0, Glyph - 1), (Glyph - 1, 0), (Glyph - 1, Glyph - 1)];

    /// <summary>Makes the network.</summary>
    public static Network Build()
    {
        float[] shapes = ShapeWeights(), glyphs = GlyphWeights();
        ScaleToLength(shapes, () => Build(shapes, glyphs), Layers[1]);
        ScaleToLength(glyphs, () => Build(shapes, glyphs), Layers[2]);
        return Build(shapes, glyphs);
    }

    static Network Build(float[] shapes, float[] glyphs)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Add(Layers[0], Filters(BarWeights(), Bars.Count, 1, Bar), builder.Input("picture", new Shape(1, 1, Side, Side)));
        x = builder.Add(Layers[1], Filters([.. shapes], Shapes.Count, Bars.Count, Bar), x);
        x = builder.Add("L3", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        builder.Output(builder.Add(Layers[2], Filters([.. glyphs], Glyphs.Count, Shapes.Count, Glyph), x));
        return builder.Build();
    }

    /// <summary>Divides each filter by the length of its decoded image.</summary>
    static void ScaleToLength(float[] weights, Func<Network> build, string layer)
    {
        using Network network = build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters decoded = new FilterDecoder(engine).Decode(layer);
        int size = weights.Length / decoded.Units.Count;
        for (int unit = 0; unit < decoded.Units.Count; unit++)
        {
            double square = 0;
            foreach (float value in decoded.Image(unit))
                square += (double)value * value;
            foreach (ref float weight in weights.AsSpan(unit * size, size))
                weight = (float)(weight / Math.Sqrt(square));
        }
    }

    static float[] BarWeights()
    {
        var weights = new float[Bars.Count * Bar * Bar];
        Array.Fill(weights, -0.25f);
        for (int i = 0; i < Bar; i++)
        {
            weights[i * Bar + i] = 1;
            weights[(Bar + i) * Bar + Bar - 1 - i] = 1;
            weights[(2 * Bar + Bar / 2) * Bar + i] = 1;
            weights[(3 * Bar + i) * Bar + Bar / 2] = 1;
        }

        return weights;
    }

    static float[] ShapeWeights()
    {
        var weights = new float[Shapes.Count * Bars.Count * Bar * Bar];
        for (int shape = 0; shape < Shapes.Count; shape++)
        {
            foreach ((int bar, int y, int x) in Shapes[shape].Parts)
                weights[((shape * Bars.Count + bar) * Bar + y) * Bar + x] = 1;
        }

        return weights;
    }

    static float[] GlyphWeights()
    {
        var weights = new float[Glyphs.Count * Shapes.Count * Glyph * Glyph];
        for (int glyph = 0; glyph < Glyphs.Count; glyph++)
        {
            for (int corner = 0; corner < Corners.Count; corner++)
                weights[((glyph * Shapes.Count + Glyphs[glyph].Corners[corner] - 1) * Glyph + Corners[corner].Y) * Glyph + Corners[corner].X] = 1;
        }

        return weights;
    }

    static Convolution Filters(float[] weights, int filters, int channels, int side) =>
        new() { Weight = new MemoryWeights(weights, filters, channels, side, side), Sliding = new Window { Kernel = (side, side) } };
}
