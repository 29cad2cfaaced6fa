using Preimage.Layers;
using Preimage.Layers.Backends.Cpu;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Convolutions;

/// <summary>Every distinct convolution of the well-known networks by itself, forward and back to its input, by each implementation, beside PyTorch.</summary>
/// <remarks>Ours is the time of the convolution's operator in a plan of its own, as a profile of the plan says; the peer's is that of its function.</remarks>
internal sealed class ConvolutionSuite(SuiteOptions options)
{
    // The last of the list is there to be read, not to be fast; it is measured when named.
    readonly ConvolutionImplementation[] _implementations = options.Implementations.Count > 0
        ? [.. options.Implementations.Select(ConvolutionList.Named)]
        : [.. ConvolutionList.All.SkipLast(1)];

    public IEnumerable<Row> Run()
    {
        IReadOnlyList<ConvolutionShape> shapes = ConvolutionShape.Of(options.Wants);
        foreach (int threads in options.Threads)
        {
            using PeerProcess torch = PeerProcess.StartTorch(threads, "torch_conv_peer.py", $"{threads}");
            foreach (int batch in options.Batches)
            {
                foreach (ConvolutionShape shape in shapes)
                {
                    foreach (PassDirection direction in (PassDirection[])[PassDirection.Forward, PassDirection.Backward])
                    {
                        foreach (Row row in Measure(shape, direction, batch, threads, torch))
                            yield return row;
                    }
                }
            }
        }
    }

    IEnumerable<Row> Measure(ConvolutionShape shape, PassDirection direction, int batch, int threads, PeerProcess torch)
    {
        if (torch.IsPresent)
            torch.Ask($"{shape.ForPeer(batch)} {(direction == PassDirection.Forward ? "forward" : "backward")}");
        using Network network = shape.Alone();
        OneConvolution?[] ours = [.. _implementations.Select(i => OneConvolution.TryMake(network, i, direction, batch, threads))];
        Timing?[] times = Turns.Take(options, [.. ours.Select(o => o is null ? null : (Func<int, double[]>)o.Side), torch.Side]);
        for (int i = 0; i < ours.Length; i++)
        {
            if (times[i] is { } timing)
            {
                string name = $"{shape.Network} {shape.Node}: {shape.Problem}, {direction} {_implementations[i].Name}";
                yield return Row.Of(options, "conv", name, batch, threads, (double)batch * shape.MultiplyAdds, timing, torch.Name, torch.Version, times[^1]);
            }

            ours[i]?.Dispose();
        }
    }
}
