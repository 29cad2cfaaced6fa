namespace Preimage.Layers.Import.Onnx;

/// <summary>The values that can be named in a graph, those of the graphs around it included.</summary>
internal sealed class GraphScope(GraphScope? parent = null)
{
    readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);

    /// <summary>Finds a value by name, or null.</summary>
    public GraphValue? Find(string name)
    {
        for (GraphScope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._values.TryGetValue(name, out GraphValue? value))
                return value;
        }

        return null;
    }

    /// <summary>Defines a value; false when this very graph has one of that name already.</summary>
    public bool TryAdd(string name, GraphValue value) => _values.TryAdd(name, value);

    GraphScope? Parent { get; } = parent;
}
