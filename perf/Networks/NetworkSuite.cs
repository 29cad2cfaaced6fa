using System.Diagnostics;
using Preimage.Layers;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Networks;

/// <summary>Whole networks with seeded random weights: forward, and forward with a pass back to the image, beside ONNX Runtime and PyTorch.</summary>
/// <remarks>Each side runs in bursts, taking turns, so that a slow moment of the machine falls on all of them.</remarks>
internal sealed class NetworkSuite(SuiteOptions options)
{
    static readonly (string Name, BackwardRule? Rule)[] s_passes =
        [("forward", null), ("saliency", BackwardRule.Gradient), ("guided", BackwardRule.Guided)];

    public IEnumerable<Row> Run()
    {
        string folder = Directory.CreateTempSubdirectory("preimage-perf-").FullName;
        try
        {
            foreach (string name in options.Cases.Count > 0 ? options.Cases : ["vgg-16", "alexnet", "vgg-m", "tiny-vgg", "squeezenet", "resnet-18"])
            {
                using Network network = Topology.ByName(name);
                string model = Path.Combine(folder, $"{name}.onnx"), graph = Path.Combine(folder, $"{name}.json");
                network.Save(model);
                GraphDescription.Save(network, graph);
                foreach (int threads in options.Threads)
                {
                    foreach (int batch in options.Batches)
                    {
                        foreach ((string pass, BackwardRule? rule) in s_passes)
                        {
                            foreach (Row row in Measure(network, name, model, graph, batch, threads, pass, rule))
                                yield return row;
                        }
                    }
                }

                File.Delete(model);
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    IEnumerable<Row> Measure(Network network, string name, string model, string graph, int batch, int threads, string pass, BackwardRule? rule)
    {
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Keep = rule is null ? Keep.Nothing : Keep.ForBackward });
        Node output = network.Output;
        var input = new float[plan.ShapeOf(network.Input).Count];
        for (int i = 0; i < input.Length; i++)
            input[i] = (float)(2 * Philox.ToUnit((uint)(i * 2654435761)) - 1);
        var logits = new float[plan.ShapeOf(output).Count];
        var seed = new float[logits.Length];
        for (int n = 0; n < batch; n++)
            seed[n * (logits.Length / batch)] = 1;
        var gradient = new float[input.Length];
        Once();
        Once();

        string peers = Path.Combine(AppContext.BaseDirectory, "Peers");
        using PeerProcess torch = PeerProcess.Start("PyTorch", "/usr/bin/python3", [Path.Combine(peers, "torch_peer.py"), graph, $"{batch}", $"{threads}", pass]);
        // ONNX Runtime has no pass back: its forward alone stands beside ours with one.
        using PeerProcess ort = PeerProcess.Start("ONNX Runtime forward", "node",
            [Path.Combine(peers, "ort_peer.js"), model, $"{batch}", $"{threads}", $"[{string.Join(',', network.InputShape.ToArray())}]"], options.NodeModules);
        List<double> ours = [], theirs = [], forward = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < options.Burst; i++)
            {
                clock.Restart();
                Once();
                ours.Add(clock.Elapsed.TotalMilliseconds);
            }

            if (torch.IsPresent)
                theirs.AddRange(torch.Run(options.Burst));
            if (ort.IsPresent)
                forward.AddRange(ort.Run(options.Burst));
        }

        double flops = 2.0 * batch * NodeSummary.Of(network).Sum(s => s.MultiplyAdds) * (rule is null ? 1 : 2);
        double peak = 100 * flops / (Median(ours) / 1000) / options.Peak(threads).PeakFlops;
        yield return Row(torch, theirs);
        yield return Row(ort, forward);

        void Once()
        {
            plan.Forward(input, logits);
            if (rule is not null)
                plan.Backward(seed, rule, gradient);
        }

        Row Row(PeerProcess peer, List<double> times) => new("network", $"{name} {pass}", batch, threads, Median(ours), ours.Min(), peak, peer.Name,
            times.Count > 0 ? Median(times) : null, times.Count > 0 ? times.Min() : null, times.Count > 0 ? Median(ours) / Median(times) : null, peer.Version);
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
