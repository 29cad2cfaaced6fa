using System.Text.Json;
using System.Text.Json.Serialization;

namespace Preimage.Cli.Documents;

/// <summary>The JSON documents, with serialisers made at compile time: reflection would cost a cold start a tenth of a second.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(ClassifyDocument))]
[JsonSerializable(typeof(ExplainDocument))]
[JsonSerializable(typeof(TopDocument))]
[JsonSerializable(typeof(DecodeDocument))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(TraceEvent[]))]
[JsonSerializable(typeof(DevicesDocument))]
[JsonSerializable(typeof(CompareDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(Tracking.BacktrackDocument))]
[JsonSerializable(typeof(TrainDocument))]
[JsonSerializable(typeof(Measuring.MeasureDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
