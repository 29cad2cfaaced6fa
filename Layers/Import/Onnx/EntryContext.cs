using System.Text.Json.Serialization;

namespace Preimage.Layers.Import.Onnx;

/// <summary>What entries of a file's metadata_props hold as JSON, by code that is generated, so that it survives trimming.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, int[]>))]
[JsonSerializable(typeof(SortedDictionary<string, int[]>))]
internal sealed partial class EntryContext : JsonSerializerContext;
