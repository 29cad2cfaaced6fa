using System.Text.Json;
using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Import.Onnx;

/// <summary>What an ONNX file says beside its graph: entries of two texts (metadata_props), one of which names the classes.</summary>
internal static class MetadataEntries
{
    /// <summary>The entry with the names of the classes, a JSON array.</summary>
    const string Classes = "preimage.classes";

    /// <summary>Reads the entries; names of classes that are no JSON array of texts are left as they are.</summary>
    public static ModelMetadata Read(ModelProto model)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in model.MetadataProps)
            properties[entry.Key] = entry.Value;
        string[] classes = properties.TryGetValue(Classes, out string? text) ? Names(text) : [];
        if (classes.Length > 0)
            properties.Remove(Classes);
        // It is about this file, not about the network.
        properties.Remove(StatedSizes.Entry);
        return new ModelMetadata { ClassNames = classes, Properties = properties };
    }

    /// <summary>Adds the entries to a model that is to be written, in the order of their names.</summary>
    public static void Write(ModelMetadata metadata, ModelProto model)
    {
        var entries = new SortedDictionary<string, string>(metadata.Properties.ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal);
        if (metadata.ClassNames.Count > 0)
            entries[Classes] = JsonSerializer.Serialize([.. metadata.ClassNames], EntryContext.Default.StringArray);
        foreach ((string key, string value) in entries)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    static string[] Names(string json)
    {
        try
        {
            string?[]? names = JsonSerializer.Deserialize(json, EntryContext.Default.StringArray);
            return names is null ? [] : Array.ConvertAll(names, n => n ?? "");
        }
        catch (JsonException)
        {
            // Another program's entry of that name is no reason to refuse the model.
            return [];
        }
    }
}
