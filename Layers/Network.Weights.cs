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
        var layers = new Dictionary<Layer, Layer>(ReferenceEqualityComparer.Instance);
        var builder = new NetworkBuilder { Metadata = Metadata };
        var copies = new Node[Nodes.Count];
        foreach (Node node in Nodes)
        {
            if (!layers.TryGetValue(node.Layer, out Layer? layer))
                layers[node.Layer] = layer = Replaced(node.Layer, role => assigned[(node.Layer, role)]);
            copies[node.Index] = builder.AddValue(node.Name, node.Output, layer, [.. node.Inputs.Select(i => copies[i.Index])]);
        }

        foreach (Node output in Outputs)
            builder.Output(copies[output.Index]);
        // Constants may still lie in this network's file.
        var storage = _storage is null ? null : new BorrowedStorage(_storage);
        try
        {
            return builder.Build(storage, null);
        }
        catch
        {
            storage?.Release();
            throw;
        }
    }

    static Layer Replaced(Layer layer, Func<string, WeightSource> weight) => layer switch
    {
        Convolution c => new Convolution { Weight = weight("weight"), Bias = c.Bias is null ? null : weight("bias"), Sliding = c.Sliding, Groups = c.Groups },
        TransposedConvolution t => new TransposedConvolution
        {
            Weight = weight("weight"), Bias = t.Bias is null ? null : weight("bias"), Sliding = t.Sliding, Groups = t.Groups,
            OutputPadding = t.OutputPadding, OutputExtents = t.OutputExtents,
        },
        Dense d => new Dense { Weight = weight("weight"), Bias = d.Bias is null ? null : weight("bias"), OutputMajor = d.OutputMajor, Alpha = d.Alpha, Beta = d.Beta },
        BatchNormalisation b => new BatchNormalisation
        {
            Scale = weight("scale"), Shift = weight("shift"), Mean = weight("mean"), Variance = weight("variance"), Epsilon = b.Epsilon,
        },
        InstanceNormalisation i => new InstanceNormalisation { Scale = weight("scale"), Shift = weight("shift"), Epsilon = i.Epsilon },
        ParametricRelu => new ParametricRelu { Slope = weight("slope") },
        Constant or { Weights.Count: 0 } => layer,
        _ => throw new NotSupportedException($"{layer.Operator} has weights that cannot be replaced yet"),
    };
}
