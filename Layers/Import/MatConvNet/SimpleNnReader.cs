using Preimage.Layers.Import.Matlab;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>Reads SimpleNN: a cell array of structs, each the next layer of a chain.</summary>
internal sealed class SimpleNnReader(ImportedGraph graph, NetworkInputs inputs)
{
    readonly LayerTable _table = new(graph);

    /// <summary>Adds all layers and the output.</summary>
    public void Read(MatArray layers)
    {
        LayerRecord[] records = [.. layers.Children!.Select(Record)];
        if (records.Length == 0)
            throw new ModelException("the network has no layers");
        LayerRecord? first = records.FirstOrDefault(r => r.Type == "conv");
        Node x = inputs.Add("data", first is { Weights: [{ Extents: var e }, ..] } && e.Length > 2 ? e[2] : first is null ? 0 : 1);
        for (int i = 0; i < records.Length; i++)
        {
            if (LayerTable.IsLoss(records[i].Type) && i < records.Length - 1)
                throw records[i].Refused($"a loss stands before layer '{records[i + 1].Name}'");
            if (!LayerTable.IsDropped(records[i].Type))
                x = _table.Add(records[i], x);
        }

        graph.Builder.Output(x);
    }

    static LayerRecord Record(MatArray fields, int index)
    {
        if (!fields.IsStruct || fields.Count != 1)
            throw new ModelException($"layer {index + 1} is a {fields}: a struct is expected");
        string name = fields.Field("name") is { Text: { Length: > 0 } given } ? given : $"layer{index + 1}";
        if (fields.Field("type") is not { Text: { Length: > 0 } type })
            throw new ModelException($"layer '{name}' has no field 'type' with text");
        // The older of two names for the same layer.
        return new LayerRecord(name, type == "normalize" ? "lrn" : type, fields, Weights(name, type, fields));
    }

    /// <summary>The parameters: the cell array <c>weights</c>, or the fields that older files have instead.</summary>
    static MatArray[] Weights(string name, string type, MatArray fields)
    {
        if (fields.Field("weights") is not { Count: > 0 } weights)
            return [.. new[] { fields.Field("filters"), fields.Field("biases"), fields.Field("moments") }.OfType<MatArray>()];
        if (weights.Class != MatClass.Cell)
            throw new ModelException(name, type, $"field 'weights' is a {weights}: a cell array is expected");
        // Early batch normalisation kept its moments apart.
        return fields.Field("moments") is { Count: > 0 } moments && weights.Count == 2 ? [.. weights.Children!, moments] : weights.Children!;
    }
}
