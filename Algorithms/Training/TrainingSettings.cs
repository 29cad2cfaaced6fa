using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>What a trained network depends on, by name: a checkpoint goes on with the same only.</summary>
internal static class TrainingSettings
{
    /// <summary>The settings: network, data, recipe without its epochs.</summary>
    /// <param name="network">The network as it was given.</param>
    /// <param name="data">The data.</param>
    /// <param name="recipe">The recipe.</param>
    public static IReadOnlyList<(string Name, string Value)> Of(Network network, DataSplit data, TrainingRecipe recipe) =>
    [
        ("network", Identity(network, recipe.Initialiser)), ("training data", Text(data.Train)), ("test data", Text(data.Test)), .. recipe.Describe(),
    ];

    /// <summary>The name of the entry of a trained model's file that holds its settings.</summary>
    public const string Property = "preimage.training";

    /// <summary>The settings with the epochs, as one text: what a file says it was trained with.</summary>
    public static string Json(IReadOnlyList<(string Name, string Value)> settings, int epochs) =>
        JsonSerializer.Serialize(settings.Append(("epochs", $"{epochs}")).ToDictionary());

    static string Text(DataSet data) => $"{data.Name}: {data.Count} of {data.SampleShape} in {data.Classes.Count} classes";

    /// <summary>A hash of the graph, and of the weights that training starts from where they are not drawn anew.</summary>
    static string Identity(Network network, Initialiser initialiser)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var seen = new HashSet<Layer>(ReferenceEqualityComparer.Instance);
        foreach ((Node node, Shape shape) in network.Nodes.Zip(network.InferShapes()))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{node.Name} {node.Layer.Operator} {shape} {node.Layer.Window} <- {string.Join(' ', node.Inputs.Select(i => i.Index))}\n"));
            if (!seen.Add(node.Layer))
                continue;
            bool drawn = node.Layer is Convolution or Dense && initialiser.Of(node.Layer) is not null;
            foreach ((_, WeightSource weights) in node.Layer.Weights)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join('x', weights.Extents)}\n"));
                if (!drawn)
                    Append(hash, weights);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Append(IncrementalHash hash, WeightSource weights)
    {
        var part = new float[Math.Min(weights.Count, 1 << 16)];
        for (int start = 0; start < weights.Count; start += part.Length)
        {
            Span<float> values = part.AsSpan(0, Math.Min(part.Length, weights.Count - start));
            weights.Read(start, values);
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }
    }
}
