namespace Preimage.Layers.Import.Caffe;

/// <summary>The inputs of a structure: declared at its top, by Input layers, or by layers that would read a data set.</summary>
internal sealed class CaffeSources(CaffeMessage net, List<CaffeLayer> layers, CaffeWeights? weights, LoadOptions options, CaffeGraph graph)
{
    const int LegacyRank = 4;

    /// <summary>Declares them all.</summary>
    /// <exception cref="ModelException">A shape is not known or is refused, or the options name an input that is not there.</exception>
    public void Declare()
    {
        string[] names = [.. net.Texts("input")];
        CaffeMessage[] shapes = [.. net.Messages("input_shape")];
        int[] dims = net.Integers("input_dim");
        for (int i = 0; i < names.Length; i++)
        {
            Declare(names[i], i < shapes.Length ? shapes[i].Integers("dim")
                : dims.Length >= LegacyRank * (i + 1) ? dims[(LegacyRank * i)..(LegacyRank * (i + 1))]
                : null);
        }

        foreach (CaffeLayer layer in layers.Where(l => CaffeTypes.IsSource(l.Type)))
        {
            for (int top = 0; top < layer.Tops.Length; top++)
                Declare(layer, top);
        }

        foreach (string name in options.InputShapes?.Keys ?? [])
        {
            if (!graph.Declared.Contains(name))
                throw new ModelException($"LoadOptions.InputShapes names '{name}', but the model's inputs are: {string.Join(", ", graph.Declared)}");
        }
    }

    void Declare(CaffeLayer layer, int top)
    {
        string name = layer.Tops[top];
        int[]? extents;
        switch (layer.Type)
        {
            case "Input" or "DummyData" when Shapes(layer, layer.Type == "Input" ? "input_param" : "dummy_data_param") is { Length: > 0 } shapes:
                extents = shapes[Math.Min(top, shapes.Length - 1)].Integers("dim");
                break;
            case "DummyData" or "MemoryData" when top == 0 && layer.Parameters(layer.Type == "MemoryData" ? "memory_data_param" : "dummy_data_param") is var p && p.Has("channels"):
                extents = [1, p.Integer("channels", 0), p.Integer("height", 0), p.Integer("width", 0)];
                break;
            default:
                // Behind the data come their labels, which nothing but losses and measures reads.
                if (top > 0 && !layers.Exists(l => !CaffeTypes.IsDropped(l.Type) && l.Bottoms.Contains(name)))
                    return;
                extents = Cropped(layer, name);
                break;
        }

        Declare(name, extents);
    }

    static CaffeMessage[] Shapes(CaffeLayer layer, string parameters) => [.. layer.Parameters(parameters).Messages("shape")];

    /// <summary>The shape of cropped pictures: their channels are those of the first filters.</summary>
    int[]? Cropped(CaffeLayer layer, string name)
    {
        int crop = layer.Parameters("transform_param").Integer("crop_size", 0);
        CaffeLayer? reader = layers.Find(l => l.Type == "Convolution" && l.Bottoms.Contains(name));
        if (crop < 1 || reader is null || weights is null || weights.Count(reader.Label) == 0)
            return null;
        return weights.Extents(reader.Label, 0) is { Length: 4 } filters
            ? [1, checked(filters[1] * Math.Max(reader.Parameters("convolution_param").Integer("group", 1), 1)), crop, crop]
            : null;
    }

    void Declare(string name, int[]? extents)
    {
        try
        {
            Shape? given = options.InputShapes is { } shapes && shapes.TryGetValue(name, out Shape wanted) ? wanted : null;
            if (extents is { Length: > 0 })
                graph.DeclaredBatch = extents[0];
            else if (given is null)
                throw new ShapeException("its shape is not declared: name a structure for testing by LoadOptions.Structure (--structure on the command line), or give the shape by LoadOptions.InputShapes");
            if (given is { } shape && extents is { Length: > 0 } && shape.Rank != extents.Length)
                throw new ShapeException($"LoadOptions.InputShapes gives it {shape}, but its rank is {extents.Length}");
            // The declared number of samples is that of one run: any other will do.
            graph.Declare(name, given ?? new Shape(extents!).WithSamples(1));
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new ModelException($"input '{name}': {e.Message}", e);
        }
    }
}
