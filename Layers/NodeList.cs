using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Preimage.Layers;

/// <summary>Nodes in order, and by name: the node's own name first, then the name of its value.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A list that is also looked up by name.")]
public sealed class NodeList : IReadOnlyList<Node>
{
    readonly Node[] _nodes;
    readonly Dictionary<string, Node> _byName = new(StringComparer.Ordinal);
    readonly string _what;

    internal NodeList(IEnumerable<Node> nodes, string what)
    {
        _nodes = [.. nodes];
        _what = what;
        foreach (Node node in _nodes)
            _byName.TryAdd(node.Name, node);
        foreach (Node node in _nodes)
            _byName.TryAdd(node.Output, node);
    }

    /// <inheritdoc/>
    public int Count => _nodes.Length;

    /// <inheritdoc/>
    public Node this[int index] => _nodes[index];

    /// <summary>The node of that name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the closest names.</exception>
    public Node this[string name] => TryFind(name, out Node? node)
        ? node
        : throw new PreimageException($"there is no {_what} '{name}'. {Suggest(name)}");

    /// <summary>Finds a node by name.</summary>
    public bool TryFind(string name, [MaybeNullWhen(false)] out Node node) => _byName.TryGetValue(name, out node);

    /// <inheritdoc/>
    public IEnumerator<Node> GetEnumerator() => ((IEnumerable<Node>)_nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string Suggest(string name)
    {
        const int Shown = 8;
        IEnumerable<string> closest = _nodes.Select(n => n.Name)
            .OrderBy(n => n.Contains(name, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .ThenBy(n => Distance(n, name))
            .Take(Shown);
        return _nodes.Length <= Shown
            ? $"There are: {string.Join(", ", _nodes.Select(n => n.Name))}"
            : $"The closest of {_nodes.Length}: {string.Join(", ", closest)}";
    }

    /// <summary>Levenshtein's edit distance.</summary>
    static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                int change = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, change);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
