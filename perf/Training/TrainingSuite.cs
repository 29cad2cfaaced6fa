using Preimage.Layers;
using Preimage.Layers.Topologies;
using Preimage.Perf.Networks;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Training;

/// <summary>Steps of training, beside PyTorch: forward, loss, backward, descent with decay in place, on the same drawn batch again and again.</summary>
/// <remarks>LeNet takes the batch and the momentum of its recipe (spec 5.1): 600 steps are an epoch of its 60,000 pictures. Tiny VGG takes those of its own
/// (spec 4.1), with the decay on both sides alike.</remarks>
internal sealed class TrainingSuite(SuiteOptions options)
{
    static readonly (string Name, Func<Network> Make, int Batch, bool Momentum)[] s_cases =
    [
        ("lenet", () => Topology.LeNet(), 100, true), ("tiny-vgg 64x64", () => Topology.TinyVgg(height: 64, width: 64), 12, false), ("tiny-vgg 224x224", () => Topology.TinyVgg(), 12, false),
    ];

    public IEnumerable<Row> Run()
    {
        string folder = Directory.CreateTempSubdirectory("preimage-perf-").FullName;
        try
        {
            foreach ((string name, Func<Network> make, int batch, bool momentum) in s_cases.Where(c => options.Wants(c.Name)))
            {
                using Network network = make();
                string graph = Path.Combine(folder, "graph.json");
                GraphDescription.Save(network, graph);
                foreach (int threads in options.Threads)
                {
                    foreach (Row row in Measure(name, network, graph, batch, momentum, threads))
                        yield return row;
                }
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    IEnumerable<Row> Measure(string name, Network network, string graph, int batch, bool momentum, int threads)
    {
        using PeerProcess torch = PeerProcess.StartTorch(threads, "torch_training_peer.py", graph, $"{batch}", $"{threads}", momentum ? "0.9" : "0");
        using var ours = new TrainingRun(network, batch, momentum, threads);
        if (options.Implementations.Contains("profile"))
            Profile(ours);
        // Forward, back to the values and to the weights; nothing goes back to the picture.
        IReadOnlyList<NodeSummary> nodes = NodeSummary.Of(network);
        double work = (double)batch * (3 * nodes.Sum(s => s.MultiplyAdds) - nodes.First(s => s.MultiplyAdds > 0).MultiplyAdds);
        yield return Row(name, Turns.Take(options, Turns.Of(ours.Once), torch.Side));
        // What others do on the machine hardly shows in it. Threads that wait for each other spinning do, so that it is told of one thread.
        if (threads == 1)
            yield return Row($"{name}, processor time", Turns.Take(options, ProcessorTimes(ours.Once), torch.IsPresent ? runs => torch.Times($"cpu {runs}") : null));

        Row Row(string what, Timing?[] times) => Perf.Row.Of(options, "train", what, batch, threads, work, times[0]!, torch.Name, torch.Version, times[1]);
    }

    static Func<int, double[]> ProcessorTimes(Action once) => runs =>
    {
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            once();
            times[i] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        return times;
    };

    static void Profile(TrainingRun run)
    {
        run.Once();
        foreach (NodeProfile node in run.Plan.Profile(20, BackwardRule.Gradient))
            Console.WriteLine($"{node.Node.Name} {node.Direction} {node.Algorithm}: {node.Milliseconds:F3} ms, at best {node.Best:F3}");
    }
}
