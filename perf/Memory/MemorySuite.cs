using System.Globalization;
using Preimage.Layers;
using Preimage.Perf.Networks;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Memory;

/// <summary>The most memory that a pass of guided backpropagation ever held resident, ours and PyTorch's, each in a fresh process.</summary>
/// <remarks>Both read what the system says of themselves (VmHWM). Ours maps the model file, so that pages of it that were read count as well.</remarks>
internal sealed class MemorySuite(SuiteOptions options)
{
    const string PassName = "guided";

    /// <summary>The command of a process that runs ours: MODEL PASS BATCH THREADS.</summary>
    public const string Command = "memory-peer";

    public IEnumerable<MemoryRow> Run()
    {
        foreach (string name in SavedNetwork.Names.Where(n => options.Cases.Count > 0 ? options.Wants(n) : !options.Quick || n == "vgg-16"))
        {
            using var network = new SavedNetwork(name);
            foreach (int threads in options.Threads)
            {
                foreach (int batch in options.Batches)
                    yield return Measure(network, batch, threads);
            }
        }
    }

    static MemoryRow Measure(SavedNetwork network, int batch, int threads)
    {
        double parameters = NodeSummary.Of(network.Network).Sum(s => s.Parameters) * sizeof(float) / 1e6;
        // One after the other: each has ended when the next one starts.
        double ours = Peak(PeerProcess.StartOwn("ours", threads, Command, network.Model, PassName, $"{batch}", $"{threads}"), out string reason)
            ?? throw new InvalidOperationException($"our own process failed: {reason}");
        double? theirs = Peak(PeerProcess.StartTorch(threads, "torch_peer.py", network.Graph, $"{batch}", $"{threads}", PassName), out string version);
        return new MemoryRow("memory", $"{network.Name} {PassName}", batch, threads, Short(parameters), Short(ours), Short(ours - parameters),
            "PyTorch", theirs is { } t ? Short(t) : null, theirs is { } u ? Short(u - parameters) : null,
            theirs is { } v ? Math.Round((ours - parameters) / (v - parameters), 3) : null, version);
    }

    static double? Peak(PeerProcess peer, out string version)
    {
        using (peer)
        {
            version = peer.Version;
            return peer.IsPresent ? double.Parse(peer.Ask("memory"), CultureInfo.InvariantCulture) * 1024 / 1e6 : null;
        }
    }

    static double Short(double value) => Math.Round(value, 1);

    /// <summary>Our side: loads, runs twice as the peer does, and answers "memory" with kilobytes.</summary>
    public static int Serve(string model, string pass, int batch, int threads)
    {
        using Network network = Network.Load(model);
        using var run = new NetworkRun(network, Pass.Named(pass), batch, threads);
        run.Once();
        run.Once();
        PeerLoop.Serve("ours", _ => HighWater(), run.Once);
        return 0;
    }

    static string HighWater() => File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
