using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Processes;

namespace Preimage.Parity.Tests;

/// <summary>
/// Tests of this assembly again, with every kernel run from the PTX that ships: by the simulator's executor, which ends a launch that
/// touches memory that is not its own, reads what nobody wrote, or lets threads meet without an order.
/// </summary>
/// <remarks>The longest two classes are left out; the kernels' own tests (tests/CudaSimulator/Kernels/selftest) run every entry of every PTX.</remarks>
public class PtxParityTests(ITestOutputHelper output)
{
    const string Executor = "CUSIM_PTX", Counts = "CUSIM_PTX_COUNTS";

    /// <summary>As many as these tests launched when this was written: a run that falls behind has lost some.</summary>
    const int LeastKernels = 64;

    static readonly Type[] s_classes =
    [
        typeof(OperatorParityTests), typeof(ArrayParityTests), typeof(NetworkParityTests), typeof(MethodParityTests), typeof(LoopParityTests),
        typeof(FeatureSearchParityTests), typeof(TrainingParityTests), typeof(ReplayTests),
    ];

    /// <summary>Whether this process is one that such a test started.</summary>
    internal static bool IsChild => Environment.GetEnvironmentVariable(Executor) is { Length: > 0 };

    [Fact]
    public async Task Shipped_kernels_pass_what_their_host_build_passes()
    {
        Gpu.RequireSimulator();
        string file = Path.GetTempFileName();
        try
        {
            ChildRun child = await ChildRun.StartAsync(
                new Dictionary<string, string?> { [Executor] = "1", [Counts] = file }, ["--filter-class", .. s_classes.Select(c => c.FullName!)]);
            Assert.True(child.ExitCode == 0, child.Output);
            string[] table = await File.ReadAllLinesAsync(file);
            var kernels = table.Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 2 && w[1] != "line").ToList();
            output.WriteLine($"{child.Count("succeeded")} tests, {kernels.Count} kernels, {kernels.Sum(k => long.Parse(k[1]))} launches, {kernels.Sum(k => long.Parse(k[3]))} instructions of a thread");
            Assert.True(child.Count("succeeded") > 100, child.Output);
            Assert.True(kernels.Count >= LeastKernels, $"{kernels.Count} kernels ran from their PTX, at least {LeastKernels} did before");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
