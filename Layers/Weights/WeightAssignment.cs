using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>Finds the array of a file for each weight of a network, and brings it into the network's order of axes.</summary>
internal sealed class WeightAssignment(Network network, IReadOnlyList<KeyValuePair<string, WeightSource>> arrays, WeightLayout layout)
{
    /// <summary>The new weights by node and role.</summary>
    /// <exception cref="PreimageException">A weight has no array, an array no weight, or one does not fit.</exception>
    public Dictionary<(Layer, string), WeightSource> Assign(WeightMatch match)
    {
        IReadOnlyList<WeightSlot> slots = WeightSlot.Of(network);
        IReadOnlyList<Shape> shapes = network.InferShapes();
        int[] chosen = match == WeightMatch.Order ? InOrder(slots) : ByName(slots);
        var assigned = new Dictionary<(Layer, string), WeightSource>();
        for (int i = 0; i < chosen.Length; i++)
        {
            (string name, WeightSource array) = (arrays[chosen[i]].Key, arrays[chosen[i]].Value);
            assigned[(slots[i].Node.Layer, slots[i].Role)] = Fit(slots[i], array, shapes) ?? throw new PreimageException(
                $"array '{name}' ({string.Join('x', array.Extents)}, layout {layout}) does not fit {slots[i]} ({string.Join('x', slots[i].Current.Extents)})");
        }

        return assigned;
    }

    int[] InOrder(IReadOnlyList<WeightSlot> slots) => slots.Count == arrays.Count
        ? [.. Enumerable.Range(0, slots.Count)]
        : throw new PreimageException($"the network has {slots.Count} weights ({Some(slots.Select(s => $"{s}"))}), {arrays.Count} arrays are given ({Some(arrays.Select(a => a.Key))})");

    int[] ByName(IReadOnlyList<WeightSlot> slots)
    {
        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < arrays.Count; i++)
        {
            if (!byName.TryAdd(arrays[i].Key, i))
                throw new PreimageException($"array '{arrays[i].Key}' is given twice");
        }

        var chosen = new int[slots.Count];
        var missing = new List<WeightSlot>();
        var used = new HashSet<int>();
        for (int i = 0; i < chosen.Length; i++)
        {
            int[] found = [.. slots[i].Names.Where(byName.ContainsKey).Select(n => byName[n]).Distinct()];
            if (found.Length > 1)
                throw new PreimageException($"{slots[i]} may be any of {string.Join(", ", found.Select(f => $"'{arrays[f].Key}'"))}: give one of them");
            if (found.Length == 0)
                missing.Add(slots[i]);
            else if (used.Add(chosen[i] = found[0]) is false)
                throw new PreimageException($"array '{arrays[found[0]].Key}' fits two weights by its name; one is {slots[i]}");
        }

        string[] left = [.. arrays.Where((_, i) => !used.Contains(i)).Select(a => a.Key)];
        if (missing.Count > 0 || left.Length > 0)
        {
            throw new PreimageException($"names do not match: {missing.Count} of {slots.Count} weights have no array ({Some(missing.Select(m => $"{m}"))}), " +
                $"{left.Length} of {arrays.Count} arrays have no weight ({Some(left)}). WeightMatch.Order takes them in order");
        }

        return chosen;
    }

    static string Some(IEnumerable<string> names)
    {
        string[] first = [.. names.Take(7)];
        return first.Length == 0 ? "none" : first.Length < 7 ? string.Join(", ", first) : $"{string.Join(", ", first[..6])}, ...";
    }

    /// <summary>The array as the layer wants it, or null where it does not fit.</summary>
    WeightSource? Fit(WeightSlot slot, WeightSource array, IReadOnlyList<Shape> shapes)
    {
        int[] wanted = [.. slot.Current.Extents], given = [.. array.Extents];
        if (wanted.Length < 2)
            return array.LongCount == slot.Current.LongCount && given.Count(e => e != 1) <= 1 ? new ReshapedWeights(array, wanted) : null;
        if (slot.Node.Layer is not Dense dense)
        {
            if (layout != WeightLayout.TensorFlow || wanted.Length != 4)
                return OutputFirst(array, wanted);
            return given.SequenceEqual([wanted[2], wanted[3], wanted[1], wanted[0]]) ? InMemory(array, [3, 2, 0, 1]) : null;
        }

        WeightSource? matrix = Matrix(slot.Node, dense, array, shapes);
        return matrix is null || dense.OutputMajor ? matrix : InMemory(matrix, [1, 0]);
    }

    /// <summary>A dense layer's matrix as [out][in].</summary>
    WeightSource? Matrix(Node node, Dense dense, WeightSource array, IReadOnlyList<Shape> shapes)
    {
        if (layout == WeightLayout.OutputFirst)
            return OutputFirst(array, [dense.Outputs, dense.Inputs]);
        if (!array.Extents.SequenceEqual([dense.Inputs, dense.Outputs]))
            return null;
        // What TensorFlow flattens has its channels innermost.
        if (layout == WeightLayout.TensorFlow && node.Inputs[0] is { Layer: Flatten or Reshape } flat && shapes[flat.Inputs[0].Index] is { Rank: 4 } plane)
            return new ReshapedWeights(InMemory(new ReshapedWeights(array, [plane.H, plane.W, plane.C, dense.Outputs]), [3, 2, 0, 1]), [dense.Outputs, dense.Inputs]);
        return InMemory(array, [1, 0]);
    }

    // A dense layer may be stored as the convolution it equals, and the other way around.
    static ReshapedWeights? OutputFirst(WeightSource array, int[] wanted) =>
        array.Extents.Count >= 2 && array.Extents[0] == wanted[0] && array.LongCount == wanted.Aggregate(1L, (a, b) => a * b)
        && (array.Extents.SequenceEqual(wanted) || array.Extents.Count == 2 || wanted.Length == 2)
            ? new ReshapedWeights(array, wanted)
            : null;

    /// <summary>Axes in another order, worked out once.</summary>
    static MemoryWeights InMemory(WeightSource array, int[] permutation)
    {
        var transposed = new TransposedWeights(array, permutation);
        return new MemoryWeights(transposed.ToArray(), [.. transposed.Extents]);
    }
}
