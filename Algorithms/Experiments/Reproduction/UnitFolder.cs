using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>The results of units as files: <c>units/KEY.json</c>, and <c>units/KEY_NAME.png</c> for each picture.</summary>
/// <remarks>The document is written last and at once, so that where it is, the unit is done; it holds the settings it was done with, and one of other settings does not count.</remarks>
internal sealed class UnitFolder
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    readonly string _folder;

    /// <summary>Opens a folder of results, making it where it is not there.</summary>
    public UnitFolder(string results)
    {
        _folder = Path.Combine(results, "units");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>The hash of settings, in the order of their names.</summary>
    public static string HashOf(IReadOnlyDictionary<string, string> settings)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(value).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Whether the unit was done with these settings.</summary>
    public bool Has(string key, IReadOnlyDictionary<string, string> settings) => Find(key, settings) is not null;

    /// <summary>The device and the seconds of a unit that is there.</summary>
    public (string Device, double Seconds) Origin(string key, IReadOnlyDictionary<string, string> settings)
    {
        UnitDocument document = Find(key, settings) ?? throw Missing(key);
        return (document.Device, document.Seconds);
    }

    /// <summary>Reads a unit that is there.</summary>
    public UnitResult Read(string key, IReadOnlyDictionary<string, string> settings)
    {
        UnitDocument document = Find(key, settings) ?? throw Missing(key);
        return new UnitResult
        {
            Numbers = new(document.Numbers), Series = new(document.Series), Notes = [.. document.Notes],
            Pictures = document.Pictures.ToDictionary(name => name, name => Picture.Load(PicturePath(key, name))),
        };
    }

    /// <summary>Writes a unit that is done.</summary>
    public void Write(string experiment, string key, IReadOnlyDictionary<string, string> settings, Device device, TimeSpan time, UnitResult result)
    {
        foreach ((string name, Picture picture) in result.Pictures)
            picture.Save(PicturePath(key, name));
        var document = new UnitDocument(
            experiment, key, HashOf(settings), settings, $"{device}", time.TotalSeconds, result.Numbers, result.Series, [.. result.Pictures.Keys], result.Notes);
        AtomicFile.Write(DocumentPath(key), stream => JsonSerializer.Serialize(stream, document, s_json));
    }

    UnitDocument? Find(string key, IReadOnlyDictionary<string, string> settings)
    {
        if (!File.Exists(DocumentPath(key)))
            return null;
        try
        {
            UnitDocument? document = JsonSerializer.Deserialize<UnitDocument>(File.ReadAllBytes(DocumentPath(key)), s_json);
            return document is not null && document.SettingsHash == HashOf(settings) && document.Pictures.All(name => File.Exists(PicturePath(key, name))) ? document : null;
        }
        catch (JsonException)
        {
            // Somebody else's file, or a damaged one: the unit is done again.
            return null;
        }
    }

    string DocumentPath(string key) => Path.Combine(_folder, $"{key}.json");

    string PicturePath(string key, string name) => Path.Combine(_folder, $"{key}_{name}.png");

    PreimageException Missing(string key) => new($"{DocumentPath(key)} is not there, or of other settings");

    /// <summary>The file of a unit.</summary>
    sealed record UnitDocument(
        string Experiment, string Unit, string SettingsHash, IReadOnlyDictionary<string, string> Settings, string Device, double Seconds,
        Dictionary<string, double> Numbers, Dictionary<string, double[]> Series, string[] Pictures, IReadOnlyList<string> Notes);
}
