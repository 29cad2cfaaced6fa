using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The text of the page: what a reader without code sees, the document, and the stored maps and pictures.</summary>
internal static class PageText
{
    // The default encoder writes '<', '>' and '&' as escapes, so that no name can end the element that holds the document.
    static readonly JsonSerializerOptions s_json = new();

    /// <summary>Writes the page and returns its bytes.</summary>
    public static byte[] Write(GalleryDocument document, StoredData data, int bits)
    {
        IReadOnlyList<string> ids = ExhibitIds.Of(document.Exhibits);
        MapCode[] codes = [.. data.Maps.Select(m => MapCode.Encode(m.Values.Span, bits))];
        string json = PageJson.Of(document, ids, data, codes, bits).ToJsonString(s_json);
        return Encoding.UTF8.GetBytes(PageTemplate.Fill(Part));

        string Part(string name) => name switch
        {
            "title" => Escaped(document.Title),
            "introduction" => Escaped(document.Introduction),
            "made" => string.Concat(document.Made.Select(f => $"<div><dt>{Escaped(f.Name)}</dt><dd>{Escaped(f.Value)}</dd></div>")),
            "notes" => string.Concat(document.Notes.Append(Quantisation(bits, codes.Length)).Where(n => n.Length > 0).Select(n => $"<li>{Escaped(n)}</li>")),
            "contents" => string.Concat(document.Exhibits.Select((e, i) => $"<li><a href=\"#{ids[i]}\">{Escaped(e.Title)}</a></li>")),
            "exhibits" => string.Concat(document.Exhibits.Select((e, i) => Section(e, ids[i]))),
            "document" => json,
            "stored" => Stored(data, codes),
            "style" => PageTemplate.Style,
            "script" => PageTemplate.Script,
            "style-hash" => Hash(PageTemplate.Style),
            "script-hash" => Hash(PageTemplate.Script),
            _ => throw new InvalidOperationException($"page.html has a place '{name}' that nothing fills"),
        };
    }

    static string Section(Exhibit exhibit, string id) =>
        $"<section class=\"exhibit\" id=\"{id}\" aria-labelledby=\"{id}-title\">"
        + $"<h2 id=\"{id}-title\">{Escaped(exhibit.Title)}</h2><p class=\"look-for\">{Escaped(exhibit.LookFor)}</p></section>\n";

    static string Quantisation(int bits, int maps) => (maps, bits) switch
    {
        (0, _) => "",
        (_, 16) => "The values of the maps are stored with 16 bits: a number read off a map is within 1/65534 of the map's largest magnitude of the number computed.",
        _ => "To keep this page small, the values of the maps are stored with 8 bits, more finely near zero: a number read off a map is within 1/127 (0.8 %) "
            + "of the map's largest magnitude of the number computed, and much nearer for small values.",
    };

    static string Stored(StoredData data, MapCode[] codes)
    {
        var text = new StringBuilder();
        for (int i = 0; i < data.Pictures.Count; i++)
            Append("picture", i, data.Pictures[i].Png);
        for (int i = 0; i < codes.Length; i++)
            Append("map", i, codes[i].Packed);
        return text.ToString();

        void Append(string kind, int number, byte[] bytes) => text
            .Append(CultureInfo.InvariantCulture, $"<script type=\"text/plain\" id=\"{kind}-{number}\">").Append(Convert.ToBase64String(bytes)).Append("</script>\n");
    }

    static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
