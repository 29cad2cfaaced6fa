using System.Text.Json;
using Google.Protobuf.Collections;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Dimension = Preimage.Layers.Import.Onnx.Wire.TensorShapeProto.Types.Dimension;

namespace Preimage.Layers.Import.Onnx;

/// <summary>The extents that free axes of inputs stand for where nobody says others, as an entry of the file (metadata_props).</summary>
/// <remarks>ONNX gives a free axis a name but no extent, and a network that ends in dense layers runs at one size alone.</remarks>
internal static class StatedSizes
{
    /// <summary>The entry: a JSON object of arrays, by the name of the input.</summary>
    public const string Entry = "preimage.sizes";

    /// <summary>Reads the entry; one that is something else is no reason to refuse the model.</summary>
    public static IReadOnlyDictionary<string, int[]> Read(ModelProto model)
    {
        try
        {
            string? text = model.MetadataProps.FirstOrDefault(e => e.Key == Entry)?.Value;
            return (text is null ? null : JsonSerializer.Deserialize(text, EntryContext.Default.DictionaryStringInt32Array)) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, int[]>();
        }
    }

    /// <summary>The shape of an input whose extents are stated; null where they do not fit what the file declares.</summary>
    public static Shape? For(ValueInfoProto input, IReadOnlyDictionary<string, int[]> stated)
    {
        RepeatedField<Dimension>? dims = input.Type?.TensorType?.Shape?.Dim;
        if (dims is null || !stated.TryGetValue(input.Name, out int[]? extents) || extents is null || extents.Length != dims.Count || extents.Length is < 1 or > Shape.MaxRank)
            return null;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] < 1 || dims[axis].ValueCase == Dimension.ValueOneofCase.DimValue && dims[axis].DimValue != extents[axis])
                return null;
        }

        return new Shape(extents);
    }

    /// <summary>Adds the entry for inputs with free axes beside the batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nameOf">The name of an input in the file.</param>
    /// <param name="model">The file.</param>
    public static void Write(Network network, Func<Node, string> nameOf, ModelProto model)
    {
        var sizes = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        foreach (Node input in network.Inputs)
        {
            if (input.Layer is Input layer && layer.Free.Skip(1).Contains(true))
                sizes[nameOf(input)] = layer.Shape.ToArray();
        }

        if (sizes.Count > 0)
            model.MetadataProps.Add(new StringStringEntryProto { Key = Entry, Value = JsonSerializer.Serialize(sizes, EntryContext.Default.SortedDictionaryStringInt32Array) });
    }
}
