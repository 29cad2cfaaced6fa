using System.Numerics.Tensors;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>What the supplement says of the network made by hand, counted level by level.</summary>
internal static class HandMadeChecks
{
    const string Bars = "bars of decoded shapes whose unit is the strongest where they stand", Shapes = "decoded shapes that excite their own unit most",
        BarsInGlyphs = "bars of decoded glyphs whose unit is the strongest where they stand", ShapesInGlyphs = "shapes of decoded glyphs whose unit is the strongest where they stand",
        Glyphs = "decoded glyphs that excite their own unit most";

    /// <summary>What is counted, the lowest level first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Bars, Shapes, BarsInGlyphs, ShapesInGlyphs, Glyphs];

    /// <summary>Counts, each with "NAME of", and "lead": the least of what a glyph's own unit is above the next, over its own value.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="layers">Decoded filters of L1, L2, L4.</param>
    public static Dictionary<string, double> Count(Engine engine, DecodedFilters[] layers)
    {
        var counts = Names.ToDictionary(n => n, _ => 0.0);
        foreach (string name in Names)
            counts[$"{name} of"] = 0;
        for (int shape = 0; shape < HandMadeNetwork.Shapes.Count; shape++)
        {
            float[] picture = layers[1].Image(shape).ToArray();
            (float[] bars, Shape places) = Values(engine, "L1", picture);
            foreach ((int bar, int y, int x) in HandMadeNetwork.Shapes[shape].Parts)
                Note(Bars, Strongest(bars, places, y, x, 1) == bar);
            Note(Shapes, Strongest(Values(engine, "L2", picture), 0, 0, 1) == shape);
        }

        double lead = double.PositiveInfinity;
        for (int glyph = 0; glyph < HandMadeNetwork.Glyphs.Count; glyph++)
        {
            float[] picture = layers[2].Image(glyph).ToArray();
            (float[] bars, Shape places) = Values(engine, "L1", picture);
            var shapes = Values(engine, "L3", picture);
            for (int corner = 0; corner < HandMadeNetwork.Corners.Count; corner++)
            {
                (int y, int x) = HandMadeNetwork.Corners[corner];
                int shape = HandMadeNetwork.Glyphs[glyph].Corners[corner] - 1;
                Note(ShapesInGlyphs, Strongest(shapes, y, x, 1) == shape);
                // A place of the pool is two by two of the layer below.
                foreach ((int bar, int v, int u) in HandMadeNetwork.Shapes[shape].Parts)
                    Note(BarsInGlyphs, Strongest(bars, places, 2 * y + v, 2 * x + u, 2) == bar);
            }

            (float[] glyphs, _) = Values(engine, "L4", picture);
            int strongest = TensorPrimitives.IndexOfMax(glyphs);
            Note(Glyphs, strongest == glyph);
            lead = Math.Min(lead, (glyphs[glyph] - glyphs.Where((_, i) => i != glyph).Max()) / (double)glyphs[glyph]);
        }

        counts["lead"] = lead;
        return counts;

        void Note(string name, bool right)
        {
            counts[name] += right ? 1 : 0;
            counts[$"{name} of"]++;
        }
    }

    /// <summary>A node's values for a picture of any size from the first layer that fits.</summary>
    public static (float[] Values, Shape Shape) Values(Engine engine, string node, float[] picture)
    {
        int side = (int)Math.Sqrt(picture.Length);
        using PlanLoan loan = engine.Rent(new PlanOptions { Observe = [node], Height = side, Width = side });
        Node at = engine.Network.Nodes[node];
        Shape shape = loan.Plan.ShapeOf(at);
        var values = new float[shape.Count];
        loan.Plan.Forward(picture, values);
        return (values, shape);
    }

    static int Strongest((float[] Values, Shape Shape) layer, int y, int x, int size) => Strongest(layer.Values, layer.Shape, y, x, size);

    /// <summary>The channel with the largest value in a square of places.</summary>
    static int Strongest(float[] values, Shape shape, int y, int x, int size)
    {
        int strongest = 0;
        float largest = float.NegativeInfinity;
        for (int c = 0; c < shape.C; c++)
        {
            for (int v = y; v < y + size; v++)
            {
                for (int u = x; u < x + size; u++)
                {
                    if (values[(c * shape.H + v) * shape.W + u] > largest)
                        (strongest, largest) = (c, values[(c * shape.H + v) * shape.W + u]);
                }
            }
        }

        return strongest;
    }
}
