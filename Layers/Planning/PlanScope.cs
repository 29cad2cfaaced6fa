using Preimage.Layers.Kinds;

namespace Preimage.Layers.Planning;

/// <summary>Which part of a network a plan runs, at which shapes, and which part signals go back through.</summary>
internal sealed class PlanScope
{
    public PlanScope(Network network, PlanOptions options)
    {
        Network = network;
        Options = options;
        if (options.Seeds < 1)
            throw new PreimageException($"a plan for {options.Seeds} seeds: at least 1 is needed");
        Observed = [.. (options.Observe?.Select(n => network.Nodes[n]) ?? network.Outputs).Distinct()];
        SeedNode = options.SeedNode is { } name ? network.Nodes[name]
            : options.Keep == Keep.Nothing ? null
            : Observed.Count == 1 ? Observed[0]
            : throw new PreimageException($"the plan observes {Observed.Count} nodes: say at which one signals start (PlanOptions.SeedNode)");
        Seeded = SeedNode is null ? [] : [.. (options.AlsoSeeded ?? []).Select(n => network.Nodes[n]).Prepend(SeedNode).Distinct()];
        Node[] ends = options.Keep == Keep.ForBackward && options.GradientsOf is { } names ? [.. names.Select(n => Find(network, n)).Distinct()] : [.. network.Inputs];
        // Fusion crosses no observed node, and no operator applies the rule of one ahead.
        Observed = [.. Observed.Union(Seeded).Union(ends.Where(n => n.Layer is not Input))];
        Wanted = Ancestors(Observed, network.Nodes.Count);
        InputShapes = Shapes(network, options);
        ShapeInference.Result inferred = ShapeInference.Run(network, InputShapes, Wanted);
        Values = inferred.Values;
        RequireFreeBatch(inferred.MixedAt);
        OnPath = new bool[network.Nodes.Count];
        Gradients = [];
        Parameters = WithSharers([.. (options.ParametersOf ?? []).Select(n => network.Nodes[n]).Distinct()]);
        if (Parameters.Count > 0)
            RequireParameters();
        if (options.Keep == Keep.ForBackward)
            FindPath(ends);
    }

    public Network Network { get; }

    public PlanOptions Options { get; }

    /// <summary>Nodes whose values can be read after a run.</summary>
    public IReadOnlyList<Node> Observed { get; }

    /// <summary>Where signals start; null in a forward-only plan.</summary>
    public Node? SeedNode { get; }

    /// <summary>All nodes at which signals start, that one first.</summary>
    public IReadOnlyList<Node> Seeded { get; }

    /// <summary>Inputs and inner nodes whose gradient the plan computes; signals stop there.</summary>
    public IReadOnlyList<Node> Gradients { get; private set; }

    /// <summary>Nodes whose parameters the plan computes gradients of.</summary>
    public IReadOnlyList<Node> Parameters { get; }

    /// <summary>Per node: whether it runs at all.</summary>
    public bool[] Wanted { get; }

    /// <summary>Per node: whether a signal passes it.</summary>
    public bool[] OnPath { get; }

    /// <summary>Per node: what is known of its value.</summary>
    public NodeValue[] Values { get; }

    public Shape[] InputShapes { get; }

    /// <summary>Samples of the first input; 1 where a network has none.</summary>
    public int Samples => Network.Inputs.Count > 0 ? InputShapes[Network.Inputs[0].Index].N : 1;

    /// <summary>Whether a batch may run in parts: no node mixes samples, all inputs have as many, and no shape in the model names how many.</summary>
    public bool CanBeCut =>
        !Network.MixesSamples && Network.Inputs.Count > 0 && Network.Inputs.All(i => InputShapes[i.Index].N == Samples) && FitsOneSample();

    /// <summary>The shape of the signal at a node: N*K rows.</summary>
    public Shape SignalShape(Node node) => Values[node.Index].Shape.WithSamples(checked(Values[node.Index].Shape.N * Options.Seeds));

    bool FitsOneSample()
    {
        Shape[] shapes = [.. InputShapes];
        foreach (Node input in Network.Inputs)
            shapes[input.Index] = shapes[input.Index].WithSamples(1);
        try
        {
            return ShapeInference.Run(Network, shapes, Wanted).MixedAt is null;
        }
        catch (ModelException)
        {
            return false;
        }
    }

    /// <summary>Per node: whether it is one of some nodes, or one of them depends on it.</summary>
    public static bool[] Ancestors(IEnumerable<Node> nodes, int count)
    {
        var found = new HashSet<Node>(nodes);
        var open = new Stack<Node>(found);
        while (open.TryPop(out Node? node))
        {
            foreach (Node input in node.Inputs)
            {
                if (found.Add(input))
                    open.Push(input);
            }
        }

        var marked = new bool[count];
        foreach (Node node in found)
            marked[node.Index] = true;
        return marked;
    }

    static Shape[] Shapes(Network network, PlanOptions options)
    {
        Shape[] shapes = ShapeInference.DeclaredShapes(network);
        foreach (Node input in network.Inputs)
        {
            int[] extents = shapes[input.Index].ToArray();
            extents[0] = options.Batch ?? extents[0];
            if (extents.Length == 4)
                extents[2] = options.Height ?? extents[2];
            if (extents.Length >= 3)
                extents[^1] = options.Width ?? extents[^1];
            shapes[input.Index] = new Shape(extents);
        }

        foreach ((string name, Shape shape) in options.InputShapes ?? new Dictionary<string, Shape>())
        {
            Node input = network.Inputs[name];
            Shape declared = ((Input)input.Layer).Shape;
            if (shape.Rank != declared.Rank)
                throw new ShapeException($"input '{input.Name}' has {declared.Rank} axes ({declared}), not {shape.Rank} ({shape})");
            shapes[input.Index] = shape;
        }

        return shapes;
    }

    void RequireFreeBatch(Node? mixedAt)
    {
        if (mixedAt is null)
            return;
        bool declared = Network.Inputs.All(i => InputShapes[i.Index].N == ((Input)i.Layer).Shape.N);
        if (Options.Seeds > 1 || !declared)
        {
            throw new ModelException(mixedAt.Name, mixedAt.Layer.Operator,
                "it mixes axis 0, so that the batch is fixed to the declared one and one signal at a time goes back; run samples one by one");
        }
    }

    /// <summary>Together with the nodes that share a layer with one of them: their gradient is that of the layer.</summary>
    IReadOnlyList<Node> WithSharers(IReadOnlyList<Node> listed)
    {
        bool[] above = Ancestors(Seeded, Network.Nodes.Count);
        return [.. listed.Union(Network.Nodes.Where(n => above[n.Index] && listed.Any(l => l.Layer == n.Layer)))];
    }

    void RequireParameters()
    {
        if (Options.Keep != Keep.ForBackward)
            throw new PreimageException("gradients of parameters need what the forward pass leaves: set PlanOptions.Keep to ForBackward");
        if (Options.Seeds > 1)
            throw new PreimageException($"gradients of parameters are sums over samples: they take one seed at a time, not {Options.Seeds}");
        if (Options.NodeRule is not null)
            throw new PreimageException("gradients of parameters have no meaning under a node rule");
    }

    static Node Find(Network network, string name) => network.Inputs.TryFind(name, out Node? input) ? input : network.Nodes[name];

    /// <summary>Finds the nodes that signals pass on their way to some others, where they stop.</summary>
    void FindPath(Node[] ends)
    {
        bool[] above = Ancestors(Seeded, Network.Nodes.Count);
        foreach (Node node in Network.Nodes)
        {
            if (above[node.Index])
                OnPath[node.Index] = ends.Contains(node) || Parameters.Contains(node) || node.Inputs.Where((_, i) => !node.Layer.ReadsOnHost(i)).Any(i => OnPath[i.Index]);
        }

        Gradients = [.. ends.Where(i => OnPath[i.Index])];
        if (Seeded.FirstOrDefault(n => !OnPath[n.Index]) is { } apart)
            throw new PreimageException($"node '{apart.Name}' does not depend on {string.Join(", ", ends.Select(i => i.Name))}: there is no signal to carry back");
        foreach (Node inner in ends.Where(n => n.Layer is not Input))
        {
            if (!OnPath[inner.Index] || !Values[inner.Index].Varies)
                throw new PreimageException($"node '{SeedNode?.Name}' does not depend on '{inner.Name}': there is no gradient of it");
            if (inner.Inputs.Any(i => OnPath[i.Index]))
                throw new PreimageException($"signals stop at node '{inner.Name}', whose gradient is wanted, and would have to go on to others below it: make a plan for each");
        }
    }
}
