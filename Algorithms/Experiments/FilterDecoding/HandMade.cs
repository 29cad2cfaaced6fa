using System.Numerics.Tensors;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>The supplement of Rafegas and Vanrell: a network made by hand, whose decoded filters are the shapes they were made to find, and excite their own units most.</summary>
internal sealed class HandMade : Experiment
{
    const int Tile = 84;

    public override string Name => "rv-supplement";

    public override string Shows => "Rafegas and Vanrell, supplement: a network made by hand of bars, shapes and glyphs; each decoded filter excites its own unit most, and its parts their units.";

    public override bool TakesModels => false;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Enum.GetValues<Unpooling>().Select(u =>
        new ExperimentUnit(Key(u), new Dictionary<string, string> { ["unpooling"] = $"{u}" }, _ => Run(laboratory, u)));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        foreach (Unpooling unpooling in Enum.GetValues<Unpooling>())
        {
            UnitResult found = results[Key(unpooling)];
            bool judged = unpooling != Unpooling.Zeros;
            foreach (string name in HandMadeChecks.Names)
            {
                double right = found.Numbers[name], of = found.Numbers[$"{name} of"];
                rows.Add(ResultRow.Claim($"{unpooling}: {name}, of {of}", "all", right, "", judged ? right == of : null));
            }

            rows.Add(ResultRow.Measured($"{unpooling}: least lead of a glyph's own unit over the next, over its own value", found.Numbers["lead"], ""));
        }

        UnitResult shown = results[Key(Unpooling.Nearest)];
        var sheet = new PictureStack { Title = "A network made by hand" }
            .Add(shown.Pictures["graph"], "decoded filter above, own filter below, arrows to the filters used")
            .Add(shown.Pictures["activations"], "activation maps of the decoded filter of C");
        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes,
            "The weights of the paper are not published: bars, shapes and glyphs are ours, arranged until all of this held for the nearest place's unpooling; the others were not looked at for it. Zeros between are the control."]);
    }

    static UnitResult Run(Laboratory laboratory, Unpooling unpooling)
    {
        using Network network = HandMadeNetwork.Build();
        using Engine engine = network.On(laboratory.Options.Device);
        var decoder = new FilterDecoder(engine);
        DecodedFilters[] layers = [.. HandMadeNetwork.Layers.Select(l => decoder.Decode(l, options: new DecodingOptions { Unpooling = unpooling }))];
        var result = new UnitResult { Numbers = HandMadeChecks.Count(engine, layers) };
        result.Pictures["graph"] = Graph(network, layers);
        result.Pictures["activations"] = Activations(engine, layers[2].Image(0).ToArray());
        for (int l = 1; l < layers.Length; l++)
            result.Pictures[HandMadeNetwork.Layers[l]] = layers[l].RenderSheet();
        return result;
    }

    static Picture Graph(Network network, DecodedFilters[] layers)
    {
        var graph = new PartGraph();
        int[][][] uses =
        [
            [.. HandMadeNetwork.Bars.Select(_ => Array.Empty<int>())],
            [.. HandMadeNetwork.Shapes.Select(s => s.Parts.Select(p => p.Bar).ToArray())],
            [.. HandMadeNetwork.Glyphs.Select(g => g.Corners.Select(c => c - 1).ToArray())],
        ];
        for (int l = 0; l < layers.Length; l++)
        {
            var own = (Convolution)network.Nodes[HandMadeNetwork.Layers[l]].Layer;
            (int units, int channels, int side) = (own.Weight.Extents[0], own.Weight.Extents[1], own.Weight.Extents[2]);
            float[] weights = own.Weight.ToArray();
            graph.Add(HandMadeNetwork.Layers[l], Enumerable.Range(0, units).Select(u => (
                l == 2 ? HandMadeNetwork.Glyphs[u].Name : $"{u + 1}",
                FilterTiles.Planes(weights.AsSpan(u * weights.Length / units, weights.Length / units), channels, side, side),
                layers[l].Render(u, layers[l].DefaultRenderer with { MinimumWidth = 1 }).Picture, uses[l][u])));
        }

        return graph.Render();
    }

    /// <summary>The picture, and every map of every layer for it; a layer's maps are in one range.</summary>
    static Picture Activations(Engine engine, float[] picture)
    {
        var sheet = new Mosaic { Columns = HandMadeNetwork.Shapes.Count, TileWidth = Tile, LabelScale = 1, Margin = 8 };
        sheet.Add(FilterTiles.Planes(picture, 1, HandMadeNetwork.Side, HandMadeNetwork.Side), "decoded C");
        Fill(sheet, 1);
        foreach (string name in (string[])["L1", "L2", "L3", "L4"])
        {
            (float[] values, Shape shape) = HandMadeChecks.Values(engine, name, picture);
            var range = new DisplayRange(TensorPrimitives.Min(values), TensorPrimitives.Max(values));
            for (int c = 0; c < shape.C; c++)
                sheet.Add(FilterTiles.Planes(values.AsSpan(c * shape.H * shape.W, shape.H * shape.W), 1, shape.H, shape.W, range), name == "L4" ? $"L4 {HandMadeNetwork.Glyphs[c].Name}" : $"{name} {c + 1}");
            Fill(sheet, shape.C);
        }

        return sheet.Render();
    }

    static void Fill(Mosaic sheet, int taken)
    {
        for (int i = taken; i < HandMadeNetwork.Shapes.Count; i++)
            sheet.AddGap();
    }

    static string Key(Unpooling unpooling) => ExperimentUnit.KeyOf("rv-supplement", $"{unpooling}");
}
