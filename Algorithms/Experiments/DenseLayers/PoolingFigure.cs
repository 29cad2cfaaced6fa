using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Figure 4: what max pooling keeps of 4 x 4 numbers and of a photo, and what unpooling by the switches gives back.</summary>
internal sealed class PoolingFigure : Experiment
{
    const int Side = 512;

    /// <summary>Numbers of our own: each window has its maximum in another corner.</summary>
    static readonly float[] s_numbers = [1, 4, 2, 0, 3, 2, 1, 5, 7, 0, 3, 1, 6, 2, 8, 4];

    public override string Name => "fang-fig4";

    public override string Shows => "Figure 4: 2 x 2 max pooling of stride 2, and unpooling with zeros: 4 x 4 numbers and a grey photo of 512 x 512.";

    public override bool TakesModels => false;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => [new ExperimentUnit(
        "pooling", new Dictionary<string, string> { ["photo"] = Photographed(laboratory).Hash }, _ => Pool(laboratory))];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results["pooling"];
        var sheet = new Mosaic { Title = "Max pooling and unpooling", Columns = 3, TileWidth = Side };
        sheet.Add(Grid(s_numbers, 4), "4 x 4").Add(Grid(Singles("pooled"), 2), "pooled").Add(Grid(Singles("unpooled"), 4), "unpooled");
        foreach (string name in (string[])["photo", "pooled", "unpooled"])
            sheet.Add(found.Pictures[name], name);
        return new ExperimentReport(
            [
                ResultRow.Claim("4 x 4 numbers: sum of what is pooled", "", Singles("pooled").Sum(), "", null),
                ResultRow.Claim("pixels of the unpooled photo that are the photo's, or zero", "all", found.Numbers["kept or zero"], "%", found.Numbers["kept or zero"] == 100),
                ResultRow.Measured("pixels of the unpooled photo that are the photo's", found.Numbers["kept"], "%"),
                ResultRow.Claim("pooling the unpooled photo once more gives the pooled one", "all pixels", found.Numbers["pooled again"], "%", found.Numbers["pooled again"] == 100),
            ], sheet.Render(), [.. results.Notes]);

        float[] Singles(string name) => [.. found.Series[name].Select(v => (float)v)];
    }

    /// <summary>The photographer of the paper's figure where the reference folder has it, else the first picture.</summary>
    static Photo Photographed(Laboratory laboratory)
    {
        string? data = laboratory.Options.Images is null ? ReferenceFolder.Find(laboratory.Options.Data) : null;
        string path = data is null ? "" : Path.Combine(data, "photos/skimage/camera.png");
        return File.Exists(path) ? Photo.File(path) : laboratory.Photos[0];
    }

    static UnitResult Pool(Laboratory laboratory)
    {
        Picture photo = Photographed(laboratory).Picture.ToGrey();
        if (photo.Width != Side || photo.Height != Side)
            photo = photo.Resize(Side, Side);
        float[] values = [.. photo.Pixels.ToArray().Select(v => (float)v)];
        (float[] pooled, float[] unpooled) = Pool(laboratory.Options.Device, values, Side);
        (float[] small, float[] placed) = Pool(laboratory.Options.Device, s_numbers, 4);
        (float[] again, _) = Pool(laboratory.Options.Device, unpooled, Side);
        return new UnitResult
        {
            Series = { ["pooled"] = [.. small.Select(v => (double)v)], ["unpooled"] = [.. placed.Select(v => (double)v)] },
            Numbers =
            {
                ["kept or zero"] = 100.0 * values.Where((v, i) => unpooled[i] == v || unpooled[i] == 0).Count() / values.Length,
                ["kept"] = 100.0 * values.Where((v, i) => unpooled[i] == v).Count() / values.Length,
                ["pooled again"] = 100.0 * pooled.Where((v, i) => v == again[i]).Count() / pooled.Length,
            },
            Pictures = { ["photo"] = photo, ["pooled"] = Grey(pooled, Side / 2), ["unpooled"] = Grey(unpooled, Side) },
        };
    }

    /// <summary>Pools on the device, and carries the pooled values back by the switches.</summary>
    static (float[] Pooled, float[] Unpooled) Pool(Device device, float[] values, int side)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, side, side));
        builder.Output(builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x));
        using Network network = builder.Build();
        using Engine engine = network.On(device);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        float[] pooled = new float[values.Length / 4], unpooled = new float[values.Length];
        plan.Forward(values, pooled);
        plan.Backward(pooled, BackwardRule.Deconvnet, unpooled);
        return (pooled, unpooled);
    }

    static Picture Grey(float[] values, int side) => new(side, side, 1, [.. values.Select(v => (byte)v)]);

    /// <summary>Numbers in a square grid, the zeros pale.</summary>
    static Picture Grid(float[] numbers, int side)
    {
        int cell = Side / side, scale = 8;
        var canvas = new Canvas(Side, Side, Colour.White);
        for (int i = 0; i < numbers.Length; i++)
        {
            (int left, int top) = (i % side * cell, i / side * cell);
            string text = $"{numbers[i]}";
            Colour colour = numbers[i] == 0 ? new Colour(190, 190, 195) : Colour.Ink;
            canvas.Frame(left, top, cell, cell, 2, Colour.Ink);
            canvas.Text(text, left + (cell - PixelFont.Measure(text, scale)) / 2, top + (cell - PixelFont.Height * scale) / 2, scale, colour);
        }

        return canvas.ToPicture();
    }
}
