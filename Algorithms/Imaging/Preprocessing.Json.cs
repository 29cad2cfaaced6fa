using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Imaging;

public sealed partial record Preprocessing
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        // Integers would pass as undefined enum values.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Loads settings from a JSON file.</summary>
    /// <exception cref="JsonException">The text is no JSON, or a key or value is not known; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Preprocessing Load(string path) => FromJson(File.ReadAllText(path), path);

    /// <summary>Reads settings from JSON text; keys left out keep their default.</summary>
    /// <inheritdoc cref="Load"/>
    public static Preprocessing FromJson(string json, string source = "preprocessing")
    {
        try
        {
            var settings = JsonSerializer.Deserialize<Preprocessing>(json, s_json) ?? throw new JsonException("null is no settings.");
            settings.Validate();
            return settings;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new JsonException($"{source}: {e.Message} Known keys: {string.Join(", ", Keys())}.", e);
        }
    }

    /// <summary>Saves the settings as JSON through a temporary file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, s_json));

    /// <summary>The settings as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Whether all settings are equal.</summary>
    public bool Equals(Preprocessing? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    /// <summary>Every setting on one line.</summary>
    public override string ToString() =>
        $"{Name}: resize {Resize} {Word(Filter)} ({Word(Convention)}), crop {Crop}, order {Word(Order)}, scale {Scale}, " +
        $"mean [{string.Join(", ", Mean)}], std [{string.Join(", ", Std)}]";

    static string Word(Enum value) => value.ToString().ToLowerInvariant();

    static IEnumerable<string> Keys() =>
        s_json.GetTypeInfo(typeof(Preprocessing)).Properties.Select(property => property.Name);
}
