using Preimage.Layers;

namespace Preimage.Perf;

/// <summary>What a suite measures and how long.</summary>
internal sealed record SuiteOptions
{
    readonly Dictionary<int, Machine> _machines = [];

    /// <summary>Whether to end soon: fewer rounds, one batch, all threads only.</summary>
    public bool Quick { get; init; }

    /// <summary>Names of cases; none means all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Implementations by name where a suite has several; none means all that are meant to be fast.</summary>
    public IReadOnlyList<string> Implementations { get; init; } = [];

    /// <summary>Samples per run.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1];

    /// <summary>Threads on both sides.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1];

    /// <summary>How often the sides take turns.</summary>
    public int Rounds { get; init; }

    /// <summary>Milliseconds of a turn; a run that is longer is a turn of its own.</summary>
    public double TurnMilliseconds { get; init; }

    /// <summary>After how long a case takes no further rounds, be there one at least: on a busy machine some peers are many times as slow.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Where peers.sh put the npm packages.</summary>
    public string NodeModules { get; init; } = Path.Combine(AppContext.BaseDirectory, "../../../Peers/node_modules");

    /// <summary>The options of a command line.</summary>
    public static SuiteOptions Parse(Arguments arguments)
    {
        bool quick = arguments.Has("--quick");
        int all = Processor.Threads;
        return new SuiteOptions
        {
            Quick = quick,
            Cases = arguments.List("--cases") ?? [],
            Implementations = arguments.List("--implementations") ?? [],
            Batches = arguments.Numbers("--batch") ?? (quick ? [1] : [1, 8]),
            Threads = arguments.Numbers("--threads") ?? (quick || all == 1 ? [all] : [1, all]),
            Rounds = arguments.Numbers("--rounds")?[0] ?? (quick ? 3 : 7),
            TurnMilliseconds = quick ? 20 : 100,
            Patience = TimeSpan.FromSeconds(quick ? 3 : 120),
        };
    }

    /// <summary>Whether a case was asked for.</summary>
    public bool Wants(string name) => Cases.Count == 0 || Cases.Contains(name);

    /// <summary>What the machine does at best with that many threads, measured once per run.</summary>
    public Machine Peak(int threads)
    {
        if (!_machines.TryGetValue(threads, out Machine? machine))
            _machines[threads] = machine = Machine.Measure(threads);
        return machine;
    }
}
