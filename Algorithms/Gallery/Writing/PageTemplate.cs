using System.Text.RegularExpressions;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The page's own HTML, style and code, which lie beside this source as files of their kind.</summary>
internal static partial class PageTemplate
{
    /// <summary>The files of code in the order in which the page runs them: what others build on first.</summary>
    static readonly string[] s_code =
    [
        "elements", "numbers", "stored", "palettes", "viewport", "view", "controls",
        "attribution", "methods", "compare", "sensitivity", "figures", "curve", "frames", "table", "address", "theme", "page",
    ];

    static readonly Lazy<string> s_html = new(() => Read("page.html"));
    static readonly Lazy<string> s_style = new(() => string.Concat(new[] { "page", "exhibits", "print" }.Select(n => Read($"{n}.css"))));
    static readonly Lazy<string> s_script = new(() => string.Concat(s_code.Select(n => Read($"{n}.js"))));

    /// <summary>The style sheet.</summary>
    public static string Style => s_style.Value;

    /// <summary>The code.</summary>
    public static string Script => s_script.Value;

    /// <summary>Fills the page: <c>{{name}}</c> becomes what <paramref name="part"/> says, which is not looked at again.</summary>
    public static string Fill(Func<string, string> part) => Place().Replace(s_html.Value, match => part(match.Groups[1].Value));

    static string Read(string name)
    {
        using Stream stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"Gallery/{name}")
            ?? throw new InvalidOperationException($"the library was built without its resource Gallery/{name}");
        using var reader = new StreamReader(stream);
        // Hashes in the page are of what a browser reads, whose line ends are one character.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Place();
}
