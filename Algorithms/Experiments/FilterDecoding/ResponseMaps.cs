using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Figure 3 of Rafegas and Vanrell: responses of the layers to one digit, beside those of the decoded filters.</summary>
internal sealed class ResponseMaps : Experiment
{
    /// <summary>The digit, and how many maps are shown of a layer.</summary>
    const int Digit = 3, Maps = 16;

    /// <summary>What both are scaled to, so that they are drawn in the same contrast.</summary>
    static readonly DisplayRange s_unit = new(0, 1);

    public override string Name => "rv-fig3";

    public override string Shows => "Rafegas and Vanrell, Figure 3: responses of each layer to a digit 3, the network's beside the decoded filters'.";

    public override string? SamplesOf(string? data) => DecodedSubject.Default(data);

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory)
    {
        var settings = new Dictionary<string, string>(DecodedSubject.Settings(laboratory)) { ["unpooling"] = $"{Unpooling.Nearest}" };
        return [new ExperimentUnit("rv-fig3", settings, watch => Run(laboratory, watch))];
    }

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results["rv-fig3"];
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Responses to a digit: the network's, and its decoded filters'", Columns = 2, TileWidth = 300, TitleScale = 2 }.Add(found.Pictures["image"], "image");
        IReadOnlyList<string> layers = DecodedSubject.LayersOf(laboratory);
        sheet.Add(found.Pictures["first"], $"{layers[0]}: its filters need no decoding");
        for (int i = 1; i < layers.Count; i++)
        {
            rows.Add(ResultRow.Measured($"{layers[i]}: error of the decoded filters' responses (equation 3)", found.Numbers[$"error{i}"], ""));
            rows.Add(ResultRow.Measured($"{layers[i]}: correlation of both over all units and places", found.Numbers[$"correlation{i}"], ""));
            sheet.Add(found.Pictures[$"network{i}"], $"{layers[i]}, network").Add(found.Pictures[$"decoded{i}"], $"{layers[i]}, decoded filters");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "The paper judges these by eye. Of a layer with one place a pixel is a unit."]);
    }

    static UnitResult Run(Laboratory laboratory, UnitWatch watch)
    {
        using DecodedSubject subject = DecodedSubject.Open(laboratory, watch);
        int image = Enumerable.Range(0, subject.Samples.Test.Count).FirstOrDefault(n => subject.Samples.Test.Label(n) == Digit);
        float[] input = subject.Image(image);
        var result = new UnitResult { Pictures = new() { ["image"] = subject.Picture(image) } };
        for (int i = 0; i < subject.Layers.Count; i++)
        {
            using var bank = new DecodedBank(subject.Engine, subject.Decode(subject.Layers[i], Unpooling.Nearest, null, watch));
            (float[] network, float[] decoded) = bank.Respond(input, watch.Cancellation);
            (float[] theirs, float[] ours) = (DecodedBank.Scaled(network), DecodedBank.Scaled(decoded));
            if (i == 0)
            {
                result.Pictures["first"] = Draw(theirs, bank);
                continue;
            }

            result.Numbers[$"error{i}"] = DecodedBank.Errors(network, decoded, 1)[0];
            result.Numbers[$"correlation{i}"] = Correlation.Pearson(network, decoded);
            result.Pictures[$"network{i}"] = Draw(theirs, bank);
            result.Pictures[$"decoded{i}"] = Draw(ours, bank);
            watch.Progress?.Report((i + 1.0) / subject.Layers.Count);
        }

        return result;
    }

    /// <summary>The first maps, or, where a map is one place, all units row by row.</summary>
    static Picture Draw(float[] responses, DecodedBank bank)
    {
        int plane = bank.Rows * bank.Columns, units = responses.Length / plane;
        if (plane == 1)
            return FilterTiles.Row(responses, s_unit);
        int shown = Math.Min(Maps, units);
        return FilterTiles.Planes(responses.AsSpan(0, shown * plane), shown, bank.Rows, bank.Columns, s_unit);
    }
}
