using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Perf.Networks;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Decoding;

/// <summary>Filters of well-known networks decoded from start to end, weights packed anew in every run, beside transposed convolutions and interpolation of PyTorch.</summary>
internal sealed class DecodeSuite(SuiteOptions options)
{
    public IEnumerable<DecodeRow> Run()
    {
        foreach (DecodeCase decoded in DecodeCase.All.Where(c => options.Wants(c.Name)))
        {
            // Seeded weights would be drawn anew in every run: those of a file are only read.
            using var saved = new SavedNetwork(decoded.Topology);
            Network network = saved.Network;
            string description = Path.GetTempFileName();
            try
            {
                decoded.Save(network, description);
                foreach (int threads in options.Threads)
                {
                    using PeerProcess torch = PeerProcess.StartTorch(threads, "torch_decode_peer.py", description, $"{threads}");
                    yield return Measure(decoded, network, threads, torch);
                }
            }
            finally
            {
                File.Delete(description);
            }
        }
    }

    DecodeRow Measure(DecodeCase decoded, Network network, int threads, PeerProcess torch)
    {
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        var decoder = new FilterDecoder(engine);
        var how = new DecodingOptions { Unpooling = decoded.Unpooling };
        int[] units = [.. Enumerable.Range(0, decoded.Filters)];
        Timing?[] times = Turns.Take(options, Turns.Of(() => decoder.Decode(decoded.Node, units, how)), torch.Side);
        (Shape size, long multiplyAdds) = decoded.Describe(network);
        double flops = 2.0 * multiplyAdds * decoded.Filters / (times[0]!.Best / 1000);
        return new DecodeRow(
            $"{decoded.Topology} {decoded.Node}", $"{decoded.Unpooling}", $"{size.H}x{size.W}", decoded.Filters, threads, Each(times[0]!.Median), Each(times[0]!.Best),
            Math.Round(flops / 1e9, 1), Math.Round(100 * flops / options.Peak(threads).PeakFlops, 1),
            times[1] is { } peer ? Each(peer.Median) : null, times[1] is { } best ? Each(best.Best) : null, times[1] is { } theirs ? Math.Round(times[0]!.Best / theirs.Best, 3) : null, torch.Version);

        double Each(double milliseconds) => Math.Round(milliseconds / decoded.Filters, 4);
    }
}
