using System.Globalization;

namespace Preimage.Algorithms.Training.Data;

/// <summary>The text that names a data source: KIND[:DIR][,KEY=VALUE]...; a piece without '=' goes on with what stands before it, so that a folder or a
/// rectangle may have commas.</summary>
internal sealed class SourceText
{
    const int DefaultCache = 256;

    readonly string _text;
    readonly string? _folder;
    readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    SourceText(string text)
    {
        _text = text;
        string[] pieces = text.Split(',');
        string head = pieces[0], key = "";
        foreach (string piece in pieces.Skip(1))
        {
            int equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && key.Length == 0)
            {
                head += $",{piece}";
            }
            else if (equals < 0)
            {
                _options[key] += $",{piece}";
            }
            else
            {
                key = piece[..equals].Trim();
                if (!_options.TryAdd(key, piece[(equals + 1)..].Trim())) throw Error($"the option '{key}' is given twice");
            }
        }

        int colon = head.IndexOf(':', StringComparison.Ordinal);
        Kind = (colon < 0 ? head : head[..colon]).Trim();
        _folder = colon < 0 ? null : head[(colon + 1)..];
    }

    /// <summary>What stands before the colon.</summary>
    public string Kind { get; }

    public static SourceText Parse(string text) => new(text);

    public FormatException Error(string reason) => new($"data '{_text}': {reason}.");

    /// <summary>The folder after the colon, which must be there.</summary>
    public string Folder()
    {
        if (string.IsNullOrWhiteSpace(_folder)) throw Error($"'{Kind}' needs a folder: {Kind}:DIR");
        if (!Directory.Exists(_folder)) throw new DataFormatException(_folder, "there is no such folder.");
        return _folder;
    }

    /// <summary>Refuses a folder where samples are drawn.</summary>
    public SourceText NoFolder() => _folder is null ? this : throw Error($"'{Kind}' is drawn and takes no folder");

    /// <summary>The value of an option, or null.</summary>
    public string? Text(string key)
    {
        _read.Add(key);
        return _options.GetValueOrDefault(key);
    }

    /// <summary>A whole number from 1 on.</summary>
    public int Number(string key, int otherwise, int most = int.MaxValue)
    {
        if (Text(key) is not { } value) return otherwise;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw Error($"{key}={value} is not a whole number from 1 to {most}");
    }

    /// <summary>One of some words, by its place; 0 where the option is not given.</summary>
    public int Choice(string key, params ReadOnlySpan<string> words)
    {
        if (Text(key) is not { } value) return 0;
        int place = words.IndexOf(value);
        return place >= 0 ? place : throw Error($"{key}={value} is none of {string.Join(", ", words)}");
    }

    /// <summary>What <c>cache=MB</c> allows, in bytes; 0 keeps nothing.</summary>
    public long CacheBytes()
    {
        const int Most = 1 << 20;
        if (Text("cache") is not { } value) return (long)DefaultCache << 20;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Most
            ? (long)number << 20
            : throw Error($"cache={value} is not a whole number of MB from 0 to {Most}");
    }

    /// <summary>Refuses options that nobody asked for: a misspelt one would be left out in silence.</summary>
    public void RequireAllRead()
    {
        foreach (string key in _options.Keys)
        {
            if (!_read.Contains(key)) throw Error($"'{Kind}' has no option '{key}'{(_read.Count > 0 ? $"; it has {string.Join(", ", _read)}" : "")}");
        }
    }
}
