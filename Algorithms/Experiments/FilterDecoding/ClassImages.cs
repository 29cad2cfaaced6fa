using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Figure 1 of Rafegas and Vanrell: responses of the classes' decoded filters to the image that each finds strongest, and how well they classify by themselves.</summary>
internal sealed class ClassImages : Experiment
{
    /// <summary>Columns of ten in which the diagonal is to be the largest, and the part of images to be classified right, in per cent (reference specification, sections 5.5 and 9.3).</summary>
    const double Columns = 0.8, Right = 78;

    const int Cell = 48;

    static readonly Palette s_palette = Palette.Diverging;

    public override string Name => "rv-fig1";

    public override string Shows => "Rafegas and Vanrell, Figure 1: the image each class's decoded filter finds strongest, what the other filters say of it, and classification by the decoded filters alone.";

    public override string? SamplesOf(string? data) => DecodedSubject.Default(data);

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Enum.GetValues<Unpooling>().Select(u => Unit(laboratory, u));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Decoded filters of classes (rows) and the images they find strongest (columns)", TitleScale = 2, Columns = 2 };
        foreach (Unpooling unpooling in Enum.GetValues<Unpooling>())
        {
            string key = Key(unpooling);
            double classes = results.Number(key, "classes"), columns = results.Number(key, "columns"), right = results.Number(key, "right"), labels = results.Number(key, "labels");
            bool judged = unpooling != Unpooling.Zeros;
            rows.Add(ResultRow.Claim($"{unpooling}: columns whose largest response is on the diagonal, of {classes}", "at least 8 of 10", columns, "", judged ? columns >= Columns * classes : null));
            rows.Add(ResultRow.Claim($"{unpooling}: strongest images that are of the filter's class, of {classes}", "9 to 10 of 10", labels, "", judged ? labels >= 0.9 * classes : null));
            rows.Add(ResultRow.Claim($"{unpooling}: images classified right by the decoded filters alone", "at least 78", right, "%", judged ? right >= Right : null));
            sheet.Add(results[key].Pictures["matrix"], $"{unpooling}");
        }

        rows.Add(ResultRow.Measured("images classified right by the network", results.Number(Key(Unpooling.Nearest), "network"), "%"));
        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "Numbers to hold ours against are those of the reference specification, section 9.3; zeros between are the control."]);
    }

    static ExperimentUnit Unit(Laboratory laboratory, Unpooling unpooling)
    {
        var settings = new Dictionary<string, string>(DecodedSubject.Settings(laboratory)) { ["unpooling"] = $"{unpooling}" };
        return new ExperimentUnit(Key(unpooling), settings, watch => Run(laboratory, unpooling, watch));
    }

    static UnitResult Run(Laboratory laboratory, Unpooling unpooling, UnitWatch watch)
    {
        using DecodedSubject subject = DecodedSubject.Open(laboratory, watch);
        DecodedFilters filters = subject.Decode(subject.Layers[^1], unpooling, null, watch);
        using var bank = new DecodedBank(subject.Engine, filters);
        int classes = filters.Units.Count, images = subject.Count(laboratory), right = 0, network = 0;
        var strongest = new StrongestImages(classes, 1);
        foreach ((int first, int count, float[] inputs) in subject.Images(images, watch))
        {
            (float[] logits, float[] decoded) = bank.Respond(inputs, watch.Cancellation);
            for (int n = 0; n < count; n++)
            {
                ReadOnlySpan<float> scores = decoded.AsSpan(n * classes, classes);
                int label = subject.Samples.Test.Label(first + n);
                right += TensorPrimitives.IndexOfMax(scores) == label ? 1 : 0;
                network += TensorPrimitives.IndexOfMax(logits.AsSpan(n * classes, classes)) == label ? 1 : 0;
                strongest.Note(first + n, scores);
            }
        }

        int[] chosen = [.. Enumerable.Range(0, classes).Select(c => strongest.Of(c)[0].Image)];
        (_, float[] answers) = bank.Respond([.. chosen.SelectMany(subject.Image)], watch.Cancellation);
        // answers[c][r] is what filter r says of the image of filter c.
        int columns = Enumerable.Range(0, classes).Count(c => TensorPrimitives.IndexOfMax(answers.AsSpan(c * classes, classes)) == c);
        return new UnitResult
        {
            Numbers = new()
            {
                ["classes"] = classes, ["columns"] = columns, ["labels"] = Enumerable.Range(0, classes).Count(c => subject.Samples.Test.Label(chosen[c]) == c),
                ["right"] = 100.0 * right / images, ["network"] = 100.0 * network / images,
            },
            Series = new() { ["responses"] = [.. answers.Select(a => (double)a)] },
            Pictures = new() { ["matrix"] = Matrix(subject, filters, chosen, answers) },
        };
    }

    /// <summary>Images across, filters down, responses as colours: blue below zero, red above, as strong as the largest of all.</summary>
    static Picture Matrix(DecodedSubject subject, DecodedFilters filters, int[] chosen, float[] answers)
    {
        int classes = chosen.Length;
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(answers));
        var sheet = new Mosaic { Columns = classes + 1, TileWidth = Cell, Margin = 4, LabelScale = 1 };
        sheet.AddGap();
        foreach (int image in chosen)
            sheet.Add(subject.Picture(image), $"label {subject.Samples.Test.Label(image)}");
        for (int r = 0; r < classes; r++)
        {
            sheet.Add(filters.Render(r, filters.DefaultRenderer with { MinimumWidth = 1 }).Picture, $"class {r}");
            for (int c = 0; c < classes; c++)
            {
                double part = answers[c * classes + r] / largest;
                Colour colour = s_palette.At(0.5 + 0.5 * part);
                sheet.Add(new Picture(1, 1, 3, [colour.R, colour.G, colour.B]), part.ToString("0.00", CultureInfo.InvariantCulture));
            }
        }

        return sheet.Render();
    }

    static string Key(Unpooling unpooling) => ExperimentUnit.KeyOf("rv-fig1", $"{unpooling}");
}
