using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

public sealed partial class Network
{
    /// <summary>The same graph with other weights; this network stays as it is.</summary>
    /// <example><c>Topology.ByName("vgg-16").WithWeights(WeightFile.Load("vgg16_weights.npz"), WeightLayout.TensorFlow)</c></example>
    /// <param name="weights">Arrays by name: of <see cref="WeightFile.Load(string)"/>, or made by the caller. Every weight needs one, and every array must be needed.</param>
    /// <param name="layout">The order of the arrays' axes.</param>
    /// <param name="match">How arrays find their layers.</param>
    /// <exception cref="PreimageException">A weight has no array, an array no weight, or one does not fit: the message names them.</exception>
    public Network WithWeights(
        IReadOnlyList<KeyValuePair<string, WeightSource>> weights, WeightLayout layout = WeightLayout.OutputFirst, WeightMatch match = WeightMatch.Name)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Dictionary<(Layer, string), WeightSource> assigned = new WeightAssignment(this, weights, layout).Assign(match);
        return WithSources((slot, _) => assigned[slot], null);
    }

    /// <summary>The same graph, nodes under the same names, with other sources of weights.</summary>
    /// <param name="replace">The source for a layer's role and what stands there now; null keeps it.</param>
    /// <param name="storage">What holds the new sources, which the network takes over once it is made; null where they hold themselves.</param>
    internal Network WithSources(Func<(Layer, string), WeightSource, WeightSource?> replace, WeightStorage? storage)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var layers = new Dictionary<Layer, Layer>(ReferenceEqualityComparer.Instance);
        var builder = new NetworkBuilder { Metadata = Metadata };
        var copies = new Node[Nodes.Count];
        foreach (Node node in Nodes)
        {
            if (!layers.TryGetValue(node.Layer, out Layer? layer))
                layers[node.Layer] = layer = Replaced(node.Layer, (role, current) => replace((node.Layer, role), current) ?? current);
            copies[node.Index] = builder.AddValue(node.Name, node.Output, layer, [.. node.Inputs.Select(i => copies[i.Index])]);
        }

        foreach (Node output in Outputs)
            builder.Output(copies[output.Index]);
        if (storage is not null)
            return builder.Build(storage, null);
        // What was kept may still lie in this network's file.
        var borrowed = _storage is null ? null : new BorrowedStorage(_storage);
        try
        {
            return builder.Build(borrowed, null);
        }
        catch
        {
            borrowed?.Release();
            throw;
        }
    }

    /// <summary>The same layer with copies of its weights, as they are now.</summary>
    internal static Layer Copied(Layer layer) => Replaced(layer, (_, source) => new MemoryWeights(source.ToArray(), [.. source.Extents]));

    static Layer Replaced(Layer layer, Func<string, WeightSource, WeightSource> weight) => layer switch
    {
        Constant or { Weights.Count: 0 } => layer,
        Convolution c => new Convolution { Weight = weight("weight", c.Weight), Bias = Other("bias", c.Bias, weight), Sliding = c.Sliding, Groups = c.Groups },
        TransposedConvolution t => new TransposedConvolution
        {
            Weight = weight("weight", t.Weight), Bias = Other("bias", t.Bias, weight), Sliding = t.Sliding, Groups = t.Groups,
            OutputPadding = t.OutputPadding, OutputExtents = t.OutputExtents,
        },
        Dense d => new Dense { Weight = weight("weight", d.Weight), Bias = Other("bias", d.Bias, weight), OutputMajor = d.OutputMajor, Alpha = d.Alpha, Beta = d.Beta },
        BatchNormalisation b => new BatchNormalisation
        {
            Scale = weight("scale", b.Scale), Shift = weight("shift", b.Shift), Mean = weight("mean", b.Mean), Variance = weight("variance", b.Variance), Epsilon = b.Epsilon,
        },
        InstanceNormalisation i => new InstanceNormalisation { Scale = weight("scale", i.Scale), Shift = weight("shift", i.Shift), Epsilon = i.Epsilon },
        ParametricRelu p => new ParametricRelu { Slope = weight("slope", p.Slope) },
        _ => throw new NotSupportedException($"{layer.Operator} has weights that cannot be replaced yet"),
    };

    static WeightSource? Other(string role, WeightSource? source, Func<string, WeightSource, WeightSource> weight) => source is null ? null : weight(role, source);
}
