using System.Globalization;
using Preimage.Layers;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Gpu;

/// <summary>PyTorch on the same GPU, in a process of its own, with several ways of running a network.</summary>
internal sealed class TorchOnGpu : IDisposable
{
    /// <summary>The interpreter that has PyTorch: python3, or what this variable names.</summary>
    public const string Variable = "PREIMAGE_PYTHON";

    /// <summary>What is measured where nobody chooses; compile takes most of a minute per case to get ready.</summary>
    public static readonly string[] Modes = ["eager", "channels_last", "graph"];

    readonly string _graph;
    PeerProcess _process;

    /// <summary>Starts it for a network.</summary>
    /// <param name="graph">The network as JSON.</param>
    public TorchOnGpu(string graph)
    {
        _graph = graph;
        _process = Start();
    }

    /// <summary>Its version and those of its libraries, or why it is absent.</summary>
    public string Version => _process.Version;

    /// <summary>Forgets the case before this one.</summary>
    public void Begin(GpuCase measured)
    {
        if (_process.IsPresent)
            _process.Ask($"case {measured.Batch} {measured.Pass.Name} {measured.Arithmetic}");
    }

    /// <summary>Makes a mode ready.</summary>
    /// <returns>The side of <see cref="Turns"/> that runs it, or null and why there is none.</returns>
    public (Func<int, double[]>? Side, string Version) Prepare(string mode)
    {
        if (!_process.IsPresent)
            return (null, Version);
        string answer = _process.Ask($"prepare {mode}");
        return answer == "ok" ? (runs => Run(mode, runs), Version) : (null, answer);
    }

    /// <summary>Ends it, if it has not ended by itself, and starts it again.</summary>
    public void Restart()
    {
        Dispose();
        _process = Start();
    }

    PeerProcess Start() => PeerProcess.Start("PyTorch", Processor.Threads,
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } python ? python : "python3",
        [Path.Combine(AppContext.BaseDirectory, "Peers", "torch_gpu_peer.py"), _graph, "cuda"]);

    double[] Run(string mode, int runs) =>
        [.. _process.Ask($"run {mode} {runs}").Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        try
        {
            _process.Dispose();
        }
        catch (IOException)
        {
            // It ended by itself, and with it the pipe.
        }
    }
}
