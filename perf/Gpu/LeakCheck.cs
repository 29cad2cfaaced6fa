using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Perf.Gpu;

/// <summary>Whether device memory settles: many passes of one plan, then many lives of engine and plan, the used bytes noted ten times each.</summary>
/// <remarks>
/// cuDNN keeps some of what it has taken until the process ends (its release notes say so), so that a plateau is asked for and not zero: in the second half
/// nothing is to be added. The driver hands out memory in pages of 2 MiB, which is what a leak shows up in.
/// </remarks>
internal static class LeakCheck
{
    const string Small = "lenet";
    const int Runs = 1000, Lives = 100, Notes = 10;

    /// <summary>Runs and prints; 1 where memory or handles grow.</summary>
    public static int Run(Arguments arguments)
    {
        using Network network = Topology.ByName(Small);
        int runs = arguments.Numbers("--runs")?[0] ?? Runs, lives = arguments.Numbers("--lives")?[0] ?? Lives, handles = NativeHandle.Outstanding;
        bool settled;
        // Held throughout: with the last holder of a context all its memory would go, leaks too.
        using (CudaContext context = CudaContext.Primary())
        {
            using (var run = new GpuRun(network, BackwardRule.Guided, batch: 1, Precision.Single))
                settled = Settles($"runs of {Small}, guided", runs, run.Once, () => run.UsedBytes);
            settled &= Settles($"lives of engine and plan, {Small}, guided", lives, () => new GpuRun(network, BackwardRule.Guided, batch: 1, Precision.Single).Dispose(),
                () => context.Memory is var (free, total) ? total - free : 0);
        }

        int left = NativeHandle.Outstanding - handles;
        Console.WriteLine($"- handles left open: {left}; releases that failed: {NativeHandle.Failures}");
        return settled && left == 0 && NativeHandle.Failures == 0 ? 0 : 1;
    }

    static bool Settles(string what, int times, Action once, Func<long> used)
    {
        int part = Math.Max(1, times / Notes);
        var notes = new List<long> { used() };
        for (int done = 1; done <= times; done++)
        {
            once();
            if (done % part == 0)
                notes.Add(used());
        }

        long grown = notes[^1] - notes[notes.Count / 2];
        Console.WriteLine($"- {times} {what}: used MB {string.Join(" ", notes.Select(n => $"{n / 1e6:F1}"))}; second half {grown:+0;-0;0} bytes: {(grown <= 0 ? "settled" : "GROWS")}");
        return grown <= 0;
    }
}
