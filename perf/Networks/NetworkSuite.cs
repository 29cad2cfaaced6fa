using Preimage.Layers;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Networks;

/// <summary>Whole networks with seeded random weights: forward, and forward with a pass back to the image, beside PyTorch and ONNX Runtime.</summary>
internal sealed class NetworkSuite(SuiteOptions options)
{
    public IEnumerable<Row> Run()
    {
        foreach (string name in SavedNetwork.Names.Where(options.Wants))
        {
            using var network = new SavedNetwork(name);
            foreach (int threads in options.Threads)
            {
                foreach (int batch in options.Batches)
                {
                    // ONNX Runtime has no pass back: its forward alone stands beside ours with one.
                    using PeerProcess ort = PeerProcess.Start("ONNX Runtime forward", threads, "node",
                        [Path.Combine(AppContext.BaseDirectory, "Peers", "ort_peer.js"), network.Model, $"{batch}", $"{threads}", $"[{string.Join(',', network.Network.InputShape.ToArray())}]"],
                        options.NodeModules);
                    using PeerProcess torch = PeerProcess.StartTorch(threads, "torch_peer.py", network.Graph, $"{batch}", $"{threads}", Pass.All[0].Name);
                    foreach (Pass pass in Pass.All)
                    {
                        foreach (Row row in Measure(network, pass, batch, threads, torch, ort))
                            yield return row;
                    }
                }
            }
        }
    }

    IEnumerable<Row> Measure(SavedNetwork network, Pass pass, int batch, int threads, PeerProcess torch, PeerProcess ort)
    {
        using var ours = new NetworkRun(network.Network, pass, batch, threads);
        if (torch.IsPresent)
            torch.Ask($"pass {pass.Name}");
        Timing?[] times = Turns.Take(options, Turns.Of(ours.Once), torch.Side, ort.Side);
        double work = (double)batch * NodeSummary.Of(network.Network).Sum(s => s.MultiplyAdds) * (pass.Rule is null ? 1 : 2);
        yield return Row(torch, times[1]);
        yield return Row(ort, times[2]);

        Row Row(PeerProcess peer, Timing? theirs) =>
            Perf.Row.Of(options, "network", $"{network.Name} {pass.Name}", batch, threads, work, times[0]!, peer.Name, peer.Version, theirs);
    }
}
