using Preimage.Layers.Import.Matlab;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>Reads DagNN as its <c>saveobj</c> writes it: layers that name the values they read and write, and the parameters they use.</summary>
internal sealed class DagNnReader(ImportedGraph graph, NetworkInputs inputs)
{
    readonly LayerTable _table = new(graph);
    readonly Dictionary<string, Node> _values = new(StringComparer.Ordinal);

    sealed class DagLayer(LayerRecord record, string[] inputs, string output)
    {
        public LayerRecord Record => record;

        public string[] Inputs => inputs;

        public string Output => output;
    }

    /// <summary>Adds all layers, in an order in which inputs come first, and the outputs.</summary>
    public void Read(MatArray layers, MatArray? parameters)
    {
        Dictionary<string, MatArray> named = Parameters(parameters);
        DagLayer[] all = [.. Enumerable.Range(0, layers.Count).Select(i => Layer(layers, i, named)).Where(l => !LayerTable.IsLoss(l.Record.Type))];
        var writers = new Dictionary<string, DagLayer>(StringComparer.Ordinal);
        foreach (DagLayer layer in all)
        {
            if (!writers.TryAdd(layer.Output, layer))
                throw layer.Record.Refused($"its output '{layer.Output}' is the output of layer '{writers[layer.Output].Record.Name}', too");
        }

        foreach (DagLayer layer in all)
        {
            foreach (string name in layer.Inputs)
            {
                if (!writers.ContainsKey(name) && !_values.ContainsKey(name))
                    _values[name] = inputs.Add(name, Depth(all, name));
            }
        }

        AddInOrder(all, writers);
        HashSet<string> read = [.. all.SelectMany(l => l.Inputs)];
        foreach (DagLayer layer in all.Where(l => !read.Contains(l.Output)))
            graph.Builder.Output(_values[layer.Output]);
    }

    /// <summary>Adds every layer once all its inputs are there, otherwise in the order of the file.</summary>
    void AddInOrder(DagLayer[] all, Dictionary<string, DagLayer> writers)
    {
        var waiting = all.ToDictionary(l => l, l => l.Inputs.Count(writers.ContainsKey));
        ILookup<string, DagLayer> readers = all.SelectMany(l => l.Inputs.Select(i => (Input: i, Layer: l))).ToLookup(p => p.Input, p => p.Layer, StringComparer.Ordinal);
        var ready = new PriorityQueue<DagLayer, int>();
        var order = all.Select((l, i) => (l, i)).ToDictionary(p => p.l, p => p.i);
        foreach (DagLayer layer in all.Where(l => waiting[l] == 0))
            ready.Enqueue(layer, order[layer]);
        int added = 0;
        for (; ready.TryDequeue(out DagLayer? layer, out _); added++)
        {
            Add(layer);
            foreach (DagLayer reader in readers[layer.Output])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, order[reader]);
            }
        }

        if (added < all.Length)
            throw all.First(l => waiting[l] > 0).Record.Refused("it reads what depends on its own output");
    }

    void Add(DagLayer layer)
    {
        Node[] read = Array.ConvertAll(layer.Inputs, name => _values[name]);
        if (!LayerTable.IsDropped(layer.Record.Type))
            _values[layer.Output] = _table.Add(layer.Record, read);
        else
            _values[layer.Output] = read.Length > 0 ? read[0] : throw layer.Record.Refused("it has no input");
    }

    static DagLayer Layer(MatArray layers, int index, Dictionary<string, MatArray> parameters)
    {
        string name = layers.Field("name", index) is { Text: { Length: > 0 } given } ? given : $"layer{index + 1}";
        if (layers.Field("type", index) is not { Text: { Length: > 0 } fullType })
            throw new ModelException($"layer '{name}' has no field 'type' with text");
        string type = TypeOf(fullType);
        MatArray fields = layers.Field("block", index) is { IsStruct: true, Count: 1 } block
            ? block
            : throw new ModelException(name, type, "it has no field 'block' with a struct");
        string[] weights = Names(layers, "params", index, name, type), outputs = Names(layers, "outputs", index, name, type);
        var record = new LayerRecord(name, type, fields, Array.ConvertAll(weights, w => parameters.TryGetValue(w, out MatArray? value)
            ? value
            : throw new ModelException(name, type, $"its parameter '{w}' is not in the file")));
        return outputs is [var output] ? new DagLayer(record, Names(layers, "inputs", index, name, type), output)
            : throw record.Refused($"it has {outputs.Length} outputs: 1 is expected");
    }

    /// <summary>The type as SimpleNN calls it.</summary>
    static string TypeOf(string type) => type.StartsWith("dagnn.", StringComparison.Ordinal) ? type[6..] switch
    {
        "Conv" => "conv",
        "ConvTranspose" => "convt",
        "Pooling" => "pool",
        "ReLU" => "relu",
        "LRN" => "lrn",
        "SoftMax" => "softmax",
        "DropOut" => "dropout",
        "BatchNorm" => "bnorm",
        "Concat" => "concat",
        "Sum" => "sum",
        "Loss" => "loss",
        _ => type,
    } : type;

    static Dictionary<string, MatArray> Parameters(MatArray? parameters)
    {
        var named = new Dictionary<string, MatArray>(StringComparer.Ordinal);
        if (parameters is null || parameters.Count == 0)
            return named;
        if (!parameters.IsStruct)
            throw new ModelException($"variable 'params' is a {parameters}: a struct array is expected");
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters.Field("name", i) is not { Text: { Length: > 0 } name } || parameters.Field("value", i) is not { } value)
                throw new ModelException($"parameter {i + 1} has no fields 'name' and 'value'");
            if (!named.TryAdd(name, value))
                throw new ModelException($"parameter '{name}' is there twice");
        }

        return named;
    }

    static string[] Names(MatArray layers, string field, int index, string name, string type) => layers.Field(field, index) switch
    {
        null or { Count: 0 } => [],
        { Text: { } one } => [one],
        { Class: MatClass.Cell, Children: { } cells } when cells.All(c => c.Text is not null) => [.. cells.Select(c => c.Text!)],
        var other => throw new ModelException(name, type, $"field '{field}' is a {other}: names are expected"),
    };

    /// <summary>The channels of an input, from the first convolution that reads it.</summary>
    static int Depth(DagLayer[] all, string name) =>
        all.FirstOrDefault(l => l.Record.Type == "conv" && l.Inputs.Contains(name))?.Record.Weights is [{ Extents: var e }, ..] ? e.Length > 2 ? e[2] : 1 : 0;
}
