using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Reads an ONNX model into a network: opset, initialisers, inputs, nodes, outputs.</summary>
internal sealed class OnnxImporter(MappedFile file, MappedStorage storage, string? path, LoadOptions options)
{
    const int OldestOpset = 6, NewestOpset = 25;

    readonly NetworkBuilder _builder = new();

    /// <summary>Reads the model.</summary>
    /// <exception cref="ModelException">It is refused; the message names the node, operator and reason.</exception>
    public Network Read()
    {
        ModelProto model = WireSkeleton.Read(file);
        GraphProto graph = model.Graph ?? throw new ModelException("this is not an ONNX model: it has no graph");
        if (graph.Output.Count == 0)
            throw new ModelException("this is not a whole ONNX model: its graph has no output");
        var external = new ExternalData(storage, path is null ? null : Path.GetDirectoryName(Path.GetFullPath(path)), options.Copy);
        var import = new GraphImport(_builder, new TensorReader(file, storage, external), Opset(model));
        var scope = new GraphScope();
        Bind(graph, scope);
        import.ReadInitialisers(graph, scope, name => options.Bind?.ContainsKey(name) == true);
        IReadOnlyDictionary<string, int[]> sizes = StatedSizes.Read(model);
        foreach (ValueInfoProto input in graph.Input)
            AddInput(input, sizes, import, scope);
        RequireInputs(graph, options.InputShapes?.Keys, "InputShapes");
        import.ReadNodes(graph, scope);
        foreach (ValueInfoProto output in graph.Output)
            AddOutput(output, import, scope);
        _builder.Metadata = MetadataEntries.Read(model);
        return _builder.Build(storage, path);
    }

    static int Opset(ModelProto model)
    {
        // Files from before operator sets had versions mean the first one.
        long opset = model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 1;
        return opset is >= OldestOpset and <= NewestOpset
            ? (int)opset
            : throw new ModelException($"opset {opset} is not supported: {OldestOpset} to {NewestOpset} are. Convert the model to one of these");
    }

    void Bind(GraphProto graph, GraphScope scope)
    {
        RequireInputs(graph, options.Bind?.Keys, "Bind");
        foreach ((string name, BoundValue value) in options.Bind ?? new Dictionary<string, BoundValue>())
            scope.TryAdd(name, value.Weights is not null ? GraphValue.Of(name, value.Weights) : GraphValue.Of(name, value.Host!));
    }

    static void RequireInputs(GraphProto graph, IEnumerable<string>? names, string option)
    {
        foreach (string name in names ?? [])
        {
            if (!graph.Input.Any(i => i.Name == name) && !graph.Initializer.Any(i => i.Name == name))
                throw new ModelException($"LoadOptions.{option} names '{name}', but the model's inputs are: {string.Join(", ", graph.Input.Select(i => i.Name))}");
        }
    }

    void AddInput(ValueInfoProto input, IReadOnlyDictionary<string, int[]> sizes, GraphImport import, GraphScope scope)
    {
        // Up to IR version 3 every initialiser is listed as an input, too.
        if (scope.Find(input.Name) is { } known)
        {
            if (known.Node is not null)
                throw new ModelException($"two inputs have the name '{input.Name}'");
            return;
        }

        try
        {
            (Shape shape, bool[] free) = InputShapes.Read(input, Given(input.Name) ?? StatedSizes.For(input, sizes));
            scope.TryAdd(input.Name, import.AddInput(input.Name, shape, free));
        }
        catch (ShapeException e)
        {
            throw new ModelException($"input '{input.Name}': {e.Message}", e);
        }
    }

    Shape? Given(string input) => options.InputShapes is { } shapes && shapes.TryGetValue(input, out Shape shape) ? shape : null;

    void AddOutput(ValueInfoProto output, GraphImport import, GraphScope scope)
    {
        GraphValue value = scope.Find(output.Name) ?? throw new ModelException($"output '{output.Name}' is computed by no node");
        if (value.Refusal is not null)
            throw new ModelException($"output '{output.Name}' cannot be computed: {value.Refusal}");
        var type = (TensorType)(output.Type?.TensorType?.ElemType ?? 0);
        if (value.Host is not null)
            throw new ModelException($"output '{output.Name}' holds values of type Int64: outputs of float32 only are supported");
        if (type != TensorType.Undefined && !type.RunsAsFloat())
            throw new ModelException($"output '{output.Name}' has the type {type}: outputs of float32 only are supported");
        try
        {
            _builder.Output(import.AsNode(value));
        }
        catch (ShapeException e)
        {
            throw new ModelException($"output '{output.Name}': {e.Message}", e);
        }
    }
}
