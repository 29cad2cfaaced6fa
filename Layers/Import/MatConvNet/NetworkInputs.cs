namespace Preimage.Layers.Import.MatConvNet;

/// <summary>The inputs of the network and their shapes: from the options, else from the file, else 224 rows and columns.</summary>
internal sealed class NetworkInputs(ImportedGraph graph, LoadOptions options)
{
    // What stands in for a size that no file says: LoadOptions.InputShapes.
    const int Side = 224;

    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="depth">The channels that the layer behind it takes, or 0 where any number will do.</param>
    public Node Add(string name, int depth)
    {
        _names.Add(name);
        if (options.InputShapes?.TryGetValue(name, out Shape given) == true)
            return given.Rank == 4 ? graph.Input(name, given) : throw new ModelException($"input '{name}' has rows and columns: a shape of {given} does not fit it");
        if (graph.Builder.Metadata.Normalisation is { } normalisation)
            return graph.Input(name, normalisation.InputShape);
        return graph.Input(name, new Shape(1, depth > 0 ? depth : 3, Side, Side));
    }

    /// <summary>Refuses shapes that were given for inputs that are not there.</summary>
    public void RequireAllUsed()
    {
        foreach (string name in options.InputShapes?.Keys ?? [])
        {
            if (!_names.Contains(name))
                throw new ModelException($"LoadOptions.InputShapes names '{name}', but the model's inputs are: {string.Join(", ", _names)}");
        }
    }
}
