using System.Text.Json;
using System.Text.Json.Nodes;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Perf.Decoding;

/// <summary>A layer of a well-known network, some of whose filters are decoded.</summary>
/// <param name="Topology">The network.</param>
/// <param name="Node">The layer.</param>
/// <param name="Filters">How many filters, from the first on.</param>
/// <param name="Unpooling">What a pool becomes.</param>
internal sealed record DecodeCase(string Topology, string Node, int Filters, Unpooling Unpooling)
{
    public static IReadOnlyList<DecodeCase> All { get; } =
    [
        new("lenet", "L7", 10, Unpooling.Nearest),
        new("alexnet", "conv5", 32, Unpooling.Nearest),
        new("vgg-m", "conv5", 32, Unpooling.Nearest),
        new("vgg-16", "conv3_3", 64, Unpooling.Nearest),
        new("vgg-16", "conv5_3", 32, Unpooling.Nearest),
        new("vgg-16", "conv5_3", 32, Unpooling.Bicubic),
    ];

    /// <summary>A name for the command line.</summary>
    public string Name => $"{Topology}-{Node}";

    /// <summary>The decoding network of one filter: its size and its multiply-adds.</summary>
    public (Shape Size, long MultiplyAdds) Describe(Network network)
    {
        using Network decoding = Decoding(network);
        return (decoding.InferShapes()[decoding.Output.Index], NodeSummary.Of(decoding).Sum(s => s.MultiplyAdds));
    }

    /// <summary>The decoding network for PyTorch: the shape of the filters, then transposed convolutions and sizes of maps.</summary>
    public void Save(Network network, string path)
    {
        using Network decoding = Decoding(network);
        IReadOnlyList<Shape> shapes = decoding.InferShapes();
        var steps = new JsonArray();
        foreach (Node node in decoding.Nodes.Skip(1))
        {
            Shape shape = shapes[node.Index];
            steps.Add(node.Layer switch
            {
                TransposedConvolution t => new JsonObject
                {
                    ["op"] = "stamp", ["weight"] = Numbers([.. t.Weight.Extents]), ["stride"] = Numbers(t.Sliding.Stride.Y, t.Sliding.Stride.X), ["groups"] = t.Groups,
                },
                Resample => new JsonObject { ["op"] = "unpool", ["size"] = Numbers(shape.H, shape.W), ["mode"] = $"{Unpooling}" },
                _ => throw new NotSupportedException($"{node} is not known to the peer"),
            });
        }

        JsonArray input = Numbers(decoding.InputShape.ToArray());
        input[0] = Filters;
        File.WriteAllText(path, new JsonObject { ["input"] = input, ["steps"] = steps }.ToJsonString(new JsonSerializerOptions()));
    }

    Network Decoding(Network network)
    {
        DecodingPath path = DecodingPath.Of(network, network.Nodes[Node]);
        return DecodingNetwork.Build(path.Steps, new LayerFilters(path.Top).Shape, Unpooling);
    }

    static JsonArray Numbers(params int[] values) => new([.. values.Select(v => (JsonNode)v)]);
}
