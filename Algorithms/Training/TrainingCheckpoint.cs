using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Algorithms.Training;

/// <summary>The file a training is kept in: an .npz archive of its settings, its progress and its arrays, written at once.</summary>
internal static class TrainingCheckpoint
{
    const string SettingsName = "settings", ProgressName = "progress";

    static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Saves a training through a temporary file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">All that the trained network depends on, by name.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="arrays">Parameters, what the optimiser keeps of them, and the best ones so far.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Save(string path, IReadOnlyList<(string Name, string Value)> settings, TrainingState state, IEnumerable<(string Name, float[] Values)> arrays)
    {
        IEnumerable<KeyValuePair<string, NpyArray>> entries = arrays.Select(a => new KeyValuePair<string, NpyArray>(a.Name, NpyArray.From(Tensor.Create(a.Values))));
        // Weights hardly compress.
        NpzFile.Save(path, entries.Prepend(new(ProgressName, Text(JsonSerializer.Serialize(state, s_json)))).Prepend(new(SettingsName, Text(JsonSerializer.Serialize(settings.ToDictionary(), s_json)))), compress: false);
    }

    /// <summary>Loads a training.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What it must have been trained with.</param>
    /// <returns>Where it stands, and its arrays.</returns>
    /// <exception cref="PreimageException">The file is no training, or one of other settings; the message names one that differs.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (TrainingState State, NpzFile Arrays) Load(string path, IReadOnlyList<(string Name, string Value)> settings)
    {
        NpzFile file = Read(path);
        Dictionary<string, string> theirs = Parse<Dictionary<string, string>>(path, file, SettingsName);
        foreach ((string name, string value) in settings)
        {
            if (!theirs.TryGetValue(name, out string? other) || other != value)
                throw new PreimageException($"'{path}' is the checkpoint of another training: its {name} is '{other}', not '{value}'. Train with its settings, or without going on from it");
        }

        return (Parse<TrainingState>(path, file, ProgressName), file);
    }

    static NpzFile Read(string path)
    {
        try
        {
            return NpzFile.Load(path);
        }
        catch (ArrayFormatException e)
        {
            throw new PreimageException($"'{path}' is no checkpoint of a training: {e.Message}", e);
        }
    }

    static T Parse<T>(string path, NpzFile file, string name)
    {
        try
        {
            if (!file.Names.Contains(name))
                throw new JsonException($"it has no array '{name}'");
            Tensor<byte> tensor = file[name].ToByte();
            var bytes = new byte[tensor.FlattenedLength];
            tensor.FlattenTo(bytes);
            return JsonSerializer.Deserialize<T>(bytes, s_json) ?? throw new JsonException($"its array '{name}' holds nothing");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PreimageException($"'{path}' is no checkpoint of a training: {e.Message}", e);
        }
    }

    static NpyArray Text(string text) => NpyArray.From(Tensor.Create(Encoding.UTF8.GetBytes(text)));
}
