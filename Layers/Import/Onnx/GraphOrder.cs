using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Puts a graph's nodes into an order in which inputs come first.</summary>
/// <remarks>Files are meant to be in such an order, but not all are; one that is stays as it is. Iterative: a chain of a million nodes must not end the process.</remarks>
internal static class GraphOrder
{
    /// <summary>The nodes in order.</summary>
    /// <exception cref="ModelException">Two nodes compute one value, or a node depends on itself.</exception>
    public static IReadOnlyList<NodeProto> Sort(GraphProto graph)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (string output in graph.Node[i].Output)
            {
                if (output.Length > 0 && !producers.TryAdd(output, i))
                    throw new ModelException(OnnxNode.NameOf(graph.Node[i]), graph.Node[i].OpType, $"it computes '{output}', which another node computes, too");
            }
        }

        var order = new List<NodeProto>(graph.Node.Count);
        var state = new byte[graph.Node.Count];
        var open = new Stack<(int Node, List<int> Needs, int Next)>();
        for (int root = 0; root < state.Length; root++)
        {
            Enter(root);
            while (open.TryPop(out var top))
            {
                if (top.Next == top.Needs.Count)
                {
                    state[top.Node] = Done;
                    order.Add(graph.Node[top.Node]);
                    continue;
                }

                int need = top.Needs[top.Next];
                open.Push(top with { Next = top.Next + 1 });
                if (state[need] == Open)
                    throw new ModelException(OnnxNode.NameOf(graph.Node[need]), graph.Node[need].OpType, "it depends on its own output: the graph has a cycle");
                Enter(need);
            }
        }

        return order;

        void Enter(int node)
        {
            if (state[node] != New)
                return;
            state[node] = Open;
            var needs = new List<int>();
            AddNeeds(graph.Node[node], producers, needs);
            open.Push((node, needs, 0));
        }
    }

    const byte New = 0, Open = 1, Done = 2;

    /// <summary>The nodes whose values a node reads, those its branches read included.</summary>
    static void AddNeeds(NodeProto node, Dictionary<string, int> producers, List<int> needs)
    {
        var nodes = new Stack<NodeProto>([node]);
        while (nodes.TryPop(out NodeProto? next))
        {
            foreach (string input in next.Input)
            {
                if (producers.TryGetValue(input, out int producer))
                    needs.Add(producer);
            }

            foreach (AttributeProto attribute in next.Attribute)
            {
                foreach (NodeProto inner in attribute.G?.Node ?? [])
                    nodes.Push(inner);
                foreach (ValueInfoProto output in attribute.G?.Output ?? [])
                {
                    if (producers.TryGetValue(output.Name, out int producer))
                        needs.Add(producer);
                }
            }
        }
    }
}
