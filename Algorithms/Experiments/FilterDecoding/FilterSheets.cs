using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Figure 4 of Rafegas and Vanrell: the decoded filters of every layer, beside the images that excite them most.</summary>
internal sealed class FilterSheets : Experiment
{
    /// <summary>The class whose units are shown, how many of them, and images per unit.</summary>
    const int Class = 5, Shown = 7, Images = 4;

    const int Tile = 84;

    public override string Name => "rv-fig4";

    public override string Shows => "Rafegas and Vanrell, Figure 4: decoded filters of every layer, undecoded and on three levels, beside the images with the strongest responses.";

    public override string? SamplesOf(string? data) => DecodedSubject.Default(data);

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory)
    {
        var settings = new Dictionary<string, string>(DecodedSubject.Settings(laboratory)) { ["unpooling"] = $"{Unpooling.Nearest}" };
        return [new ExperimentUnit("rv-fig4", settings, watch => Run(laboratory, watch))];
    }

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results["rv-fig4"];
        IReadOnlyList<string> layers = DecodedSubject.LayersOf(laboratory);
        var rows = new List<ResultRow>();
        var sheet = new PictureStack { Title = "Decoded filters" };
        for (int i = 0; i < layers.Count; i++)
        {
            sheet.Add(found.Pictures[$"layer{i}"], i < layers.Count - 2 ? layers[i]
                : $"{layers[i]}{(i == layers.Count - 2 ? $", units that fire for class {Math.Min(Class, (int)found.Numbers["classes"] - 1)}" : "")}: own filter, decoded, three levels, the network's strongest images, decoded over the strongest by network and by itself");
            if (i >= layers.Count - 2)
                rows.Add(ResultRow.Measured($"{layers[i]}: filters whose strongest image by the network and by the decoded filter carry the same label", found.Numbers[$"agree{i}"], "%"));
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "The paper gives no numbers for this figure. Units that fire for a class are those whose mean response to it is furthest above that to the others."]);
    }

    static UnitResult Run(Laboratory laboratory, UnitWatch watch)
    {
        using DecodedSubject subject = DecodedSubject.Open(laboratory, watch);
        IReadOnlyList<string> layers = subject.Layers;
        if (layers.Count < 2)
            throw new PreimageException($"rv-fig4 shows the last two layers with filters: the network has {layers.Count}");
        var result = new UnitResult();
        for (int i = 0; i < layers.Count - 2; i++)
            result.Pictures[$"layer{i}"] = subject.Decode(layers[i], Unpooling.Nearest, null, watch).RenderSheet();
        for (int i = layers.Count - 2; i < layers.Count; i++)
        {
            DecodedFilters filters = subject.Decode(layers[i], Unpooling.Nearest, null, watch);
            Excitation found = Excitation.Of(subject, filters, subject.Count(laboratory), Images, watch);
            int wanted = Math.Min(Class, found.Classes - 1);
            result.Numbers["classes"] = found.Classes;
            result.Numbers[$"agree{i}"] = 100.0 * Enumerable.Range(0, filters.Units.Count).Count(u => Label(found.Network.Of(u)) == Label(found.Decoded.Of(u))) / filters.Units.Count;
            // The last layer's units are the classes: all are shown.
            int[] units = i == layers.Count - 1 ? [.. filters.Units] : found.Preferring(wanted, Shown);
            result.Pictures[$"layer{i}"] = Strips(subject, filters, layers[i], units, found);
        }

        return result;

        int Label(IReadOnlyList<(int Image, float Response)> strongest) => subject.Samples.Test.Label(strongest[0].Image);
    }

    static Picture Strips(DecodedSubject subject, DecodedFilters filters, string layer, int[] units, Excitation found)
    {
        var sheet = new Mosaic { Columns = 3 + Images + 2, TileWidth = Tile, LabelScale = 1, Margin = 6 };
        DecodingPath path = DecodingPath.Of(subject.Network, subject.Network.Nodes[layer]);
        var own = new LayerFilters(path.Top);
        (int planes, int height, int width) = path.Steps is [DecodingStep.Unfold u, ..] ? (u.Channels, u.Height, u.Width) : (own.Shape.C, own.Shape.H, own.Shape.W);
        var values = new float[own.Shape.SampleCount];
        DecodedFilters levels = filters.Thresholded();
        MapRenderer renderer = filters.DefaultRenderer with { MinimumWidth = 1 };
        foreach (int unit in units)
        {
            own.Read(unit, 1, values);
            sheet.Add(height * width == 1 ? FilterTiles.Row(values) : FilterTiles.Planes(values, planes, height, width), $"unit {unit}").Add(filters.Render(unit, renderer).Picture, "decoded").Add(levels.Render(unit, levels.DefaultRenderer with { MinimumWidth = 1 }).Picture, "levels");
            IReadOnlyList<(int Image, float Response)> strongest = found.Network.Of(unit);
            for (int k = 0; k < Images; k++)
            {
                if (k < strongest.Count)
                    sheet.Add(subject.Picture(strongest[k].Image), $"label {subject.Samples.Test.Label(strongest[k].Image)}");
                else
                    sheet.AddGap();
            }

            Overlaid("network", strongest[0].Image);
            Overlaid("itself", found.Decoded.Of(unit)[0].Image);

            void Overlaid(string by, int image)
            {
                Picture picture = subject.Picture(image);
                string label = $"{by}: {subject.Samples.Test.Label(image)}";
                // A filter smaller than the image belongs to the place that responded: only whole images are laid over.
                if ((filters.Size.Height, filters.Size.Width) == (picture.Height, picture.Width))
                    sheet.Add((MapRenderer.Signed with { MinimumWidth = 1, Percentile = 100 }).Overlay(filters.Image(unit), filters.Size.Channels, picture.Height, picture.Width, picture, 0.6).Picture, label);
                else
                    sheet.Add(picture, label);
            }
        }

        return sheet.Render();
    }
}
