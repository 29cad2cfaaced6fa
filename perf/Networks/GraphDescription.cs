using System.Text.Json;
using System.Text.Json.Nodes;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Perf.Networks;

/// <summary>A network as JSON, for peers that do not read ONNX.</summary>
internal static class GraphDescription
{
    /// <summary>Writes the description.</summary>
    public static void Save(Network network, string path)
    {
        var nodes = new JsonArray();
        foreach (Node node in network.Nodes)
        {
            var entry = new JsonObject
            {
                ["name"] = node.Name,
                ["op"] = node.Layer.Operator,
                ["inputs"] = Array([.. node.Inputs.Select(i => JsonValue.Create(i.Name))]),
                ["weights"] = Array([.. node.Layer.Weights.Select(w => Array([.. w.Value.Extents.Select(e => JsonValue.Create(e))]))]),
            };
            if (node.Layer.Window is { } window)
            {
                entry["kernel"] = Numbers(window.Kernel.Y, window.Kernel.X);
                entry["stride"] = Numbers(window.Stride.Y, window.Stride.X);
                entry["pads"] = Numbers(window.Pads.Top, window.Pads.Left, window.Pads.Bottom, window.Pads.Right);
            }

            if (node.Layer is Convolution convolution)
                entry["groups"] = convolution.Groups;
            if (node.Layer is LocalResponseNormalisation lrn)
                (entry["size"], entry["alpha"], entry["beta"], entry["kappa"]) = (lrn.Size, lrn.Alpha, lrn.Beta, lrn.Kappa);
            nodes.Add(entry);
        }

        var graph = new JsonObject { ["input"] = Numbers(network.InputShape.ToArray()), ["nodes"] = nodes };
        File.WriteAllText(path, graph.ToJsonString(new JsonSerializerOptions()));
    }

    static JsonArray Numbers(params int[] values) => Array([.. values.Select(v => JsonValue.Create(v))]);

    static JsonArray Array(JsonNode?[] values) => new(values);
}
