using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;

namespace Preimage.Cli.Explaining;

/// <summary>Draws explanations: a row per image, the image first, a column per method.</summary>
internal static class ExplainSheet
{
    /// <summary>Draws the sheet.</summary>
    /// <param name="title">The line above.</param>
    /// <param name="explanations">Image by image, each under the same methods.</param>
    /// <param name="labels">Names of classes.</param>
    /// <param name="methods">How many methods there are.</param>
    /// <param name="order">The order of the network's colour channels.</param>
    public static Picture Draw(string title, IReadOnlyList<Explanation> explanations, Labels labels, int methods, ChannelOrder order)
    {
        var sheet = new Mosaic { Title = title, Columns = methods + 1 };
        var settings = new Dictionary<string, string> { ["Title"] = title };
        foreach (Explanation[] row in explanations.Chunk(methods))
        {
            Picture? shown = row[0].Input.Shown;
            sheet.Add((shown ?? new Picture(1, 1, 1, [255])).AtLeast(MapRenderer.Signed.MinimumWidth), row[0].Caption(labels));
            foreach (Explanation explanation in row)
            {
                int channels = (int)explanation.Result.Map.Lengths[1];
                RenderedMap map = explanation.Result.Render(MethodCatalogue.ByName(explanation.Method).LookFor(channels) with { Order = order });
                sheet.Add(map.Picture, explanation.Method + (explanation.Result.Notes.Any(n => n.Contains(" zero ", StringComparison.Ordinal)) ? " (~zero)" : ""));
                settings[$"{explanation.Input.Source} {explanation.Method}"] = $"{explanation.Describe(labels)}; {map}";
            }
        }

        AttributionResult first = explanations[0].Result;
        settings["Device"] = string.Join(", ", first.Libraries.Select(l => l.ToString()).Prepend($"{first.Device}, precision {EngineFacts.Word(first.Precision)}"));
        if (explanations[0].Input.Preprocessing is { } preprocessing)
            settings["Preprocessing"] = preprocessing.ToString();
        // Only what PNG text can hold: names of files may be anything.
        return sheet.Render().WithText(settings.Select(s => KeyValuePair.Create(Latin(s.Key, 79), Latin(s.Value, int.MaxValue))).DistinctBy(s => s.Key));
    }

    static string Latin(string text, int longest) =>
        string.Concat(text.Take(longest).Select(c => c is >= ' ' and <= '~' ? c : '?')).Trim();
}
