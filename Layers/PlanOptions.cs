namespace Preimage.Layers;

/// <summary>What a plan keeps of its forward pass.</summary>
public enum Keep
{
    /// <summary>Nothing but the observed nodes: the smallest memory.</summary>
    Nothing,

    /// <summary>What the backward passes of every rule read: masks, switches and the few activations that need them.</summary>
    ForBackward,
}

/// <summary>What an execution plan is made for.</summary>
public sealed record PlanOptions
{
    /// <summary>N: samples per run; null takes each input's declared number.</summary>
    public int? Batch { get; init; }

    /// <summary>K: signals carried back per sample; row n*K + k of seeds and gradients belongs to sample n.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Rows of every rank-4 input; null takes the declared ones.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of every rank-3 or rank-4 input; null takes the declared ones.</summary>
    public int? Width { get; init; }

    /// <summary>Whole shapes by input name, for what the above cannot say.</summary>
    public IReadOnlyDictionary<string, Shape>? InputShapes { get; init; }

    /// <summary>What is kept of the forward pass.</summary>
    public Keep Keep { get; init; }

    /// <summary>Nodes whose values can be read after a run; only their ancestors run. Null means the network's outputs.</summary>
    public IReadOnlyList<string>? Observe { get; init; }

    /// <summary>The node at which signals start; null means the only observed node.</summary>
    public string? SeedNode { get; init; }

    /// <summary>Further nodes at which signals start, with <see cref="SeedNode"/> and added to what arrives there; passes of such a plan run in a
    /// <see cref="Loops.DeviceLoop"/>.</summary>
    public IReadOnlyList<string>? AlsoSeeded { get; init; }

    /// <summary>Inputs and inner nodes whose gradient is wanted; null means all inputs the seeded node depends on. Signals stop at an inner node named here,
    /// so that it cannot depend on another one of them; its value can be read as well.</summary>
    public IReadOnlyList<string>? GradientsOf { get; init; }

    /// <summary>Nodes the gradients of whose parameters are wanted, summed over the samples; null means none. One signal per sample then, and no node
    /// rule; a batch norm named here, or behind a convolution named here, runs by itself. Nodes that share the layer of one named here count as named: their
    /// gradients are one, the sum.</summary>
    public IReadOnlyList<string>? ParametersOf { get; init; }

    /// <summary>A rule that takes over chosen nodes; only passes with this very rule may run on the plan.</summary>
    public INodeRule? NodeRule { get; init; }

    /// <summary>Bytes the plan may take; null means as many as it needs. A batch that does not fit runs in parts, with the same numbers to the bit.</summary>
    /// <remarks>
    /// Signals are divided first: they share their forward pass, so that nothing is computed twice. Where samples are divided, the plan keeps
    /// inputs, observed values and gradients of the whole batch on the host, beside the budget; only one part's masks and switches are there at a time,
    /// so that a backward pass runs each part forward again, but for the one that ran last. <see cref="ExecutionPlan.Backward(SeedFill, BackwardRule, IProgress{int}, CancellationToken)"/>
    /// without a forward pass before it runs both ways part by part, and nothing twice.
    /// </remarks>
    public long? MemoryBudget { get; init; }

    /// <summary>Samples that run through the whole plan before the next ones do, a divisor of those that run at once; null leaves it to the plan.</summary>
    internal int? Portion { get; init; }

    /// <summary>Equal texts mean interchangeable plans.</summary>
    internal string Key()
    {
        string shapes = InputShapes is null ? "" : string.Join(',', InputShapes.OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}"));
        string rule = NodeRule is null ? "" : $"{NodeRule.GetType().FullName}#{System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(NodeRule)}";
        return $"{Batch}|{Seeds}|{Height}|{Width}|{shapes}|{Keep}|{List(Observe)}|{SeedNode}|{List(AlsoSeeded)}|{List(GradientsOf)}|{List(ParametersOf)}|{MemoryBudget}|{Portion}|{rule}";

        static string List(IReadOnlyList<string>? names) => names is null ? "*" : string.Join('\n', names);
    }
}
