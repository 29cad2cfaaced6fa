using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>What the user should know about maps.</summary>
internal static class AttributionNotes
{
    /// <summary>A softmax stepped over, maps without signal, values that are not finite.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="resolver">The targets.</param>
    /// <param name="maps">Maps by input, all of the same number of rows.</param>
    /// <param name="rows">N*K.</param>
    /// <param name="empty">Why a map may be zero everywhere; given by methods whose zeros at a part of the pixels are as they should be.</param>
    public static List<string> Of(string method, TargetResolver resolver, IReadOnlyDictionary<Node, float[]> maps, int rows, string? empty = null)
    {
        var notes = new List<string>();
        if (resolver.Softmax is { } softmax)
            notes.Add($"the network ends in a softmax ('{softmax.Name}'): the logits before it ('{resolver.Node.Name}') are explained");
        foreach ((Node input, float[] map) in maps)
        {
            int size = map.Length / rows;
            for (int row = 0; row < rows; row++)
            {
                string where = (maps.Count > 1 ? $" for input '{input.Name}'" : "") + (rows > 1 ? $" of row {row}" : "");
                if (MapNote(map.AsSpan(row * size, size), resolver.IsAtLogits, empty) is { } note)
                    notes.Add($"the {method} map{where} {note}");
            }
        }

        return notes;
    }

    static string? MapNote(ReadOnlySpan<float> map, bool isAtLogits, string? empty)
    {
        int zeros = map.Count(0f);
        if (zeros == map.Length)
            return $"is zero everywhere: {empty ?? "no signal reaches the input from this target; try another node"}";
        if (!TensorPrimitives.IsFiniteAll(map))
            return "has values that are not finite";
        // 90 %: DeconvNet from a logit of a net with global pooling leaves 92 to 100 % zeros, ordinary maps a few percent.
        // A unit inside sees a part of the input only, so that zeros around it are as they should be.
        return empty is null && isAtLogits && zeros >= 0.9 * map.Length ? $"is zero at {100.0 * zeros / map.Length:F0} % of the values: hardly any signal reaches the input; an inner node shows more" : null;
    }
}
