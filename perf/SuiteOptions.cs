namespace Preimage.Perf;

/// <summary>What a suite measures and how long.</summary>
internal sealed record SuiteOptions
{
    readonly Dictionary<int, Machine> _machines = [];

    /// <summary>Names of cases; none means all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Samples per run.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1];

    /// <summary>Threads on both sides.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>How often the sides take turns.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Runs per turn.</summary>
    public int Burst { get; init; } = 3;

    /// <summary>Where peers.sh put the npm packages.</summary>
    public string NodeModules { get; init; } = Path.Combine(AppContext.BaseDirectory, "../../../Peers/node_modules");

    /// <summary>What the machine does at best with that many threads, measured once per run.</summary>
    public Machine Peak(int threads)
    {
        if (!_machines.TryGetValue(threads, out Machine? machine))
            _machines[threads] = machine = Machine.Measure(threads);
        return machine;
    }
}
