using System.Text.Json;

namespace Preimage.Perf.Results;

/// <summary>Rows of a suite as a JSON array.</summary>
internal static class ResultFile
{
    static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Writes rows.</summary>
    public static void Save<TRow>(string path, IEnumerable<TRow> rows) => File.WriteAllText(path, JsonSerializer.Serialize(rows, s_json) + "\n");

    /// <summary>Reads rows; none where the file is not there.</summary>
    public static IReadOnlyList<TRow> Load<TRow>(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<List<TRow>>(File.ReadAllText(path), s_json)! : [];
}
