using System.Text.Json.Nodes;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The document as the page's code reads it; maps and pictures are numbers into <see cref="StoredData"/>.</summary>
internal static class PageJson
{
    const int PaletteSteps = 256;

    /// <summary>The whole document.</summary>
    public static JsonObject Of(GalleryDocument document, IReadOnlyList<string> ids, StoredData data, IReadOnlyList<MapCode> codes, int bits)
    {
        var exhibits = new JsonArray();
        for (int i = 0; i < document.Exhibits.Count; i++)
            exhibits.Add(Of(document.Exhibits[i], ids[i], data));
        return new JsonObject
        {
            ["mapBits"] = bits,
            ["palettes"] = new JsonArray([.. Palette.All.Select(Of)]),
            ["exhibits"] = exhibits,
            ["maps"] = new JsonArray([.. data.Maps.Select((map, i) => Of(map, codes[i]))]),
            ["pictures"] = new JsonArray([.. data.Pictures.Select(p => new JsonObject { ["width"] = p.Width, ["height"] = p.Height })]),
        };
    }

    /// <summary>Gives every map and picture of an exhibit its number.</summary>
    public static void Number(Exhibit exhibit, StoredData data) => Of(exhibit, "", data);

    static JsonObject Of(Exhibit exhibit, string id, StoredData data)
    {
        var json = exhibit switch
        {
            AttributionExhibit attribution => AttributionOf(attribution, data),
            SensitivityExhibit sensitivity => SensitivityOf(sensitivity, data),
            FiguresExhibit figures => FiguresOf(figures, data),
            FramesExhibit frames => FramesOf(frames, data),
            TableExhibit table => TableOf(table),
            _ => throw new ArgumentOutOfRangeException(nameof(exhibit), exhibit, "no such exhibit"),
        };
        json["id"] = id;
        json["title"] = exhibit.Title;
        json["notes"] = Of(exhibit.Notes);
        json["facts"] = Of(exhibit.Facts);
        json["command"] = exhibit.Command;
        return json;
    }

    static JsonObject AttributionOf(AttributionExhibit exhibit, StoredData data) => new()
    {
        ["kind"] = "attribution",
        ["images"] = new JsonArray([.. exhibit.Images.Select(i => Of(i, data))]),
        ["methods"] = new JsonArray([.. exhibit.Methods.Select(Of)]),
        ["maps"] = new JsonArray([.. exhibit.Maps.Select(m => (JsonNode)data.NumberOf(m))]),
    };

    static JsonObject SensitivityOf(SensitivityExhibit exhibit, StoredData data) => new()
    {
        ["kind"] = "sensitivity",
        ["image"] = Of(exhibit.Image, data),
        ["rows"] = new JsonArray([.. exhibit.Rows.Select(r => new JsonObject
        {
            ["method"] = Of(r.Method),
            ["maps"] = new JsonArray([.. r.Maps.Select(m => m is null ? null : (JsonNode)data.NumberOf(m))]),
            ["cosine"] = Of(r.Cosine),
        })]),
    };

    static JsonObject FiguresOf(FiguresExhibit exhibit, StoredData data) => new()
    {
        ["kind"] = "figures",
        ["figures"] = new JsonArray([.. exhibit.Figures.Select(f => new JsonObject
        {
            ["title"] = f.Title, ["caption"] = f.Caption, ["alt"] = f.Alt, ["picture"] = data.NumberOf(f.Picture), ["facts"] = Of(f.Facts), ["command"] = f.Command,
        })]),
    };

    static JsonObject FramesOf(FramesExhibit exhibit, StoredData data) => new()
    {
        ["kind"] = "frames",
        ["series"] = Of(exhibit.Series),
        ["frames"] = new JsonArray([.. exhibit.Frames.Select(f => new JsonObject
        {
            ["iteration"] = f.Iteration, ["picture"] = data.NumberOf(f.Picture), ["numbers"] = new JsonArray([.. f.Numbers.Select(n => Of(n))]),
        })]),
        ["target"] = exhibit.Target is null ? null : data.NumberOf(exhibit.Target),
        ["targetAlt"] = exhibit.TargetAlt,
        ["curve"] = new JsonArray([.. CurveOf(exhibit).Select(p => new JsonArray(p.Iteration, Of(p.Value)))]),
        ["curveName"] = exhibit.CurveName.Length > 0 || exhibit.Series.Count == 0 ? exhibit.CurveName : exhibit.Series[0],
        ["logCurve"] = exhibit.LogCurve,
    };

    static IEnumerable<CurvePoint> CurveOf(FramesExhibit exhibit) => exhibit.Curve.Count > 0 || exhibit.Series.Count == 0
        ? exhibit.Curve
        : exhibit.Frames.Select(f => new CurvePoint(f.Iteration, f.Numbers[0]));

    static JsonObject TableOf(TableExhibit exhibit) => new()
    {
        ["kind"] = "table",
        ["rowHeader"] = exhibit.RowHeader,
        ["columns"] = new JsonArray([.. exhibit.Columns.Select(c => new JsonObject
        {
            ["header"] = c.Header, ["unit"] = c.Unit, ["better"] = c.Better.ToString().ToLowerInvariant(), ["meaning"] = c.Meaning,
        })]),
        ["rows"] = new JsonArray([.. exhibit.Rows.Select(r => new JsonObject { ["name"] = r.Name, ["cells"] = new JsonArray([.. r.Cells.Select(Of)]) })]),
    };

    static JsonObject Of(GalleryImage image, StoredData data) => new()
    {
        ["name"] = image.Name,
        ["alt"] = image.Alt,
        ["picture"] = data.NumberOf(image.Picture),
        ["targets"] = new JsonArray([.. image.Targets.Select(t => new JsonObject { ["class"] = t.Class, ["name"] = t.Name, ["probability"] = Of(t.Probability) })]),
    };

    static JsonObject Of(GalleryMethod method) => new()
    {
        ["name"] = method.Name,
        ["title"] = method.Title,
        ["explanation"] = method.Explanation,
        ["settings"] = Of(method.Settings),
        ["drawing"] = method.Drawing.ToString().ToLowerInvariant(),
        ["percentile"] = method.Percentile,
    };

    static JsonObject Of(GalleryMap map, MapCode code) => new()
    {
        ["image"] = map.Image, ["class"] = map.Class, ["method"] = map.Method,
        ["width"] = map.Width, ["height"] = map.Height, ["channels"] = map.Channels,
        ["bits"] = code.Bits, ["scale"] = code.Scale, ["lowest"] = code.Lowest, ["highest"] = code.Highest, ["error"] = code.Error, ["notFinite"] = code.NotFinite,
        ["notes"] = Of(map.Notes), ["command"] = map.Command,
    };

    static JsonObject Of(GalleryCell cell) => new() { ["value"] = Of(cell.Value), ["low"] = Of(cell.Low), ["high"] = Of(cell.High), ["text"] = cell.Text };

    static JsonObject Of(Palette palette)
    {
        var colours = new byte[3 * PaletteSteps];
        for (int i = 0; i < PaletteSteps; i++)
        {
            Colour colour = palette.At(i / (PaletteSteps - 1.0));
            (colours[3 * i], colours[3 * i + 1], colours[3 * i + 2]) = (colour.R, colour.G, colour.B);
        }

        return new JsonObject { ["name"] = palette.Name, ["diverging"] = palette.IsDiverging, ["colours"] = Convert.ToBase64String(colours) };
    }

    static JsonArray Of(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    static JsonArray Of(IEnumerable<GalleryFact> facts) => new([.. facts.Select(f => new JsonArray(f.Name, f.Value))]);

    // JSON has no number that is not finite: the page reads null as "not measured".
    static JsonValue? Of(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
