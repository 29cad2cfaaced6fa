using System.Diagnostics;
using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Perf.Networks;

namespace Preimage.Perf.Gpu;

/// <summary>Whole networks with seeded random weights on the first GPU beside PyTorch on the same: what lies on the device is not carried again; and rows with
/// algorithms chosen by timing, and with all carried.</summary>
/// <param name="options">What and how long.</param>
/// <param name="modes">Ways of running PyTorch.</param>
/// <param name="arithmetics">fp32, tf32, or null for both.</param>
/// <param name="most">After how long no further case is begun; every network has an equal part of it.</param>
/// <param name="versions">Of the libraries we call.</param>
internal sealed class GpuSuite(SuiteOptions options, IReadOnlyList<string> modes, IReadOnlyList<string>? arithmetics, TimeSpan most, string versions)
{
    readonly List<GpuCase> _leftOut = [];
    readonly List<string> _failed = [];

    /// <summary>Cases that there was no time for.</summary>
    public IReadOnlyList<GpuCase> LeftOut => _leftOut;

    /// <summary>Cases that could not be measured, and why.</summary>
    public IReadOnlyList<string> Failed => _failed;

    /// <summary>All cases, in order.</summary>
    public IEnumerable<GpuCase> Cases => Networks.SelectMany(n => GpuCase.Of(n, options, arithmetics));

    string[] Networks => [.. GpuCase.Networks.Where(options.Wants)];

    public IEnumerable<GpuRow> Run()
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Networks.Length; i++)
        {
            TimeSpan until = clock.Elapsed + (most - clock.Elapsed) / (Networks.Length - i);
            using var network = new SavedNetwork(Networks[i]);
            using var torch = new TorchOnGpu(network.Graph);
            foreach (GpuCase measured in GpuCase.Of(Networks[i], options, arithmetics))
            {
                if (clock.Elapsed > until)
                {
                    _leftOut.Add(measured);
                    continue;
                }

                foreach (GpuRow row in Measured(network, torch, measured))
                    yield return row;
            }
        }
    }

    /// <summary>The rows of a case; none where it fails, for want of memory say, or its peer ends: the next case begins with a new one.</summary>
    List<GpuRow> Measured(SavedNetwork network, TorchOnGpu torch, GpuCase measured)
    {
        try
        {
            return [.. Measure(network, torch, measured)];
        }
        catch (Exception e) when (e is CudaException { IsSticky: false } or PreimageException or InvalidOperationException or IOException)
        {
            _failed.Add($"{measured}: {e.Message}");
            torch.Restart();
            return [];
        }
    }

    IEnumerable<GpuRow> Measure(SavedNetwork network, TorchOnGpu torch, GpuCase measured)
    {
        using var ours = new GpuRun(network.Network, measured.Pass.Rule, measured.Batch, measured.Precision);
        using var tuned = new GpuRun(network.Network, measured.Pass.Rule, measured.Batch, measured.Precision, tuned: true);
        torch.Begin(measured);
        (Func<int, double[]>? Side, string Version)[] peers = [.. modes.Select(torch.Prepare)];
        Timing?[] times = Turns.Take(options, [ours.Resident, Turns.Of(ours.Carried), tuned.Resident, .. peers.Select(p => p.Side)]);
        for (int i = 0; i < modes.Count; i++)
        {
            yield return GpuRow.Of(measured, "", ours, times[0]!, $"PyTorch {modes[i]}", times[i + 3],
                modes[i] is "eager" or "channels_last" ? measured.Bar : null, versions, peers[i].Version);
        }

        yield return GpuRow.Of(measured, ", algorithms by timing", tuned, times[2]!, "ours by heuristics", times[0], null, versions, versions);
        yield return GpuRow.Of(measured, ", carried over and back", ours, times[1]!, "", null, null, versions, "");
    }
}
