using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>Makes a network from a structure and the weights of its layers.</summary>
/// <param name="net">The structure.</param>
/// <param name="weights">The weights by layer, or null where there are none.</param>
/// <param name="choosePhase">Whether layers are left out that are for training; a file of weights holds one phase alone.</param>
/// <param name="options">How to load it.</param>
internal sealed class CaffeImporter(CaffeMessage net, CaffeWeights? weights, bool choosePhase, LoadOptions options)
{
    const int MaxNamed = 6;

    readonly CaffeGraph _graph = new();

    /// <summary>Reads the network, which owns the storage from then on.</summary>
    /// <exception cref="ModelException">It is refused; the message names the layer, its type and the reason.</exception>
    public Network Read(MappedStorage storage, string? path)
    {
        if (options.Bind is { Count: > 0 })
            throw new ModelException("LoadOptions.Bind names inputs, but a Caffe network has none that could become constants");
        var learnt = new LearntWeights(weights, options.Seed);
        List<CaffeLayer> layers = [.. Layers(learnt)];
        RequireWeights(layers);
        _graph.FreePlane = !layers.Exists(l => l.Type is "InnerProduct" or "Reshape");
        var sources = new CaffeSources(net, layers, weights, options, _graph);
        sources.Declare();
        foreach (CaffeLayer layer in layers.Where(l => !CaffeTypes.IsSource(l.Type) && !CaffeTypes.IsDropped(l.Type)))
            Read(layer);
        return _graph.Build(storage, path);
    }

    IEnumerable<CaffeLayer> Layers(LearntWeights learnt)
    {
        int number = 0;
        foreach (CaffeMessage message in net.Messages("layers").Concat(net.Messages("layer")))
        {
            if (!choosePhase || PhaseRules.TakesPart(message))
                yield return new CaffeLayer(message, number, _graph, learnt);
            number++;
        }
    }

    void RequireWeights(List<CaffeLayer> layers)
    {
        if (weights is not null || options.Seed is not null)
            return;
        string[] learnt = [.. layers.Where(l => CaffeTypes.IsLearnt(l.Type)).Select(l => l.Name)];
        if (learnt.Length > 0)
        {
            throw new ModelException($"this is the structure of a Caffe network without its weights, which {learnt.Length} layers need " +
                $"({string.Join(", ", learnt.Take(MaxNamed))}{(learnt.Length > MaxNamed ? ", ..." : "")}). Load its .caffemodel file instead, which finds a " +
                "structure that lies beside it or is named by LoadOptions.Structure (--structure on the command line), or ask for random weights by LoadOptions.Seed");
        }
    }

    static void Read(CaffeLayer layer)
    {
        Action<CaffeLayer> read = LayerTable.Find(layer.Type) ?? throw new UnsupportedOperatorException(layer.Name, layer.Type,
            LayerTable.Refusal(layer.Type) ?? "this type of layer is not supported");
        try
        {
            read(layer);
            layer.RequireWhole();
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new ModelException(layer.Name, layer.Type, e.Message, e);
        }
    }
}
