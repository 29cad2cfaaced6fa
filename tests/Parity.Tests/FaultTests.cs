using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Every native call that a network's life makes fails once, at its first to third call: the error is named, nothing is left, and the next run is right.</summary>
public class FaultTests(ITestOutputHelper output)
{
    const int MostCalls = 3;

    /// <summary>CUDA_ERROR_INVALID_VALUE, CUBLAS_STATUS_EXECUTION_FAILED, CUDNN_STATUS_EXECUTION_FAILED.</summary>
    static int CodeOf(string entry) => entry.StartsWith("cublas", StringComparison.Ordinal) ? 13 : entry.StartsWith("cudnn", StringComparison.Ordinal) ? 5000 : 1;

    /// <summary>Calls whose failing is no reason to stop: disposing never throws, and what an error is called may stay unknown.</summary>
    static bool IsForgiven(string entry) =>
        entry.Contains("Destroy", StringComparison.Ordinal) || entry.Contains("Free", StringComparison.Ordinal) || entry.Contains("Release", StringComparison.Ordinal)
        || entry.Contains("Unload", StringComparison.Ordinal) || entry.StartsWith("cuGetError", StringComparison.Ordinal)
        || entry is "cuCtxPopCurrent_v2" or "cuCtxPushCurrent_v2" or "cuCtxGetCurrent" or "cudnnGetLastErrorString" or "cudnnGetErrorString" or "cublasGetStatusName" or "cublasGetStatusString";

    /// <summary>Calls whose failing while a convolution is prepared has another algorithm chosen, or our own kernels instead of a fused call.</summary>
    static bool HasAnother(string entry) =>
        (entry.StartsWith("cudnnConvolution", StringComparison.Ordinal) && !IsRun(entry))
        || (entry.StartsWith("cudnnGetConvolution", StringComparison.Ordinal) && entry.EndsWith("WorkspaceSize", StringComparison.Ordinal))
        || entry is "cudnnCreateActivationDescriptor" or "cudnnSetActivationDescriptor";

    /// <summary>Calls that both prepare and run: the last one runs.</summary>
    static bool IsRun(string entry) => entry is "cudnnConvolutionForward" or "cudnnConvolutionBackwardData";

    /// <summary>Asked once in a process, when libraries are chosen.</summary>
    static readonly string[] s_once = ["cuDriverGetVersion", "cublasGetProperty", "cudnnGetCudartVersion", "cudnnGetVersion"];

    [Fact]
    public void Every_call_of_a_network_may_fail() => EveryCallMayFail(Life);

    [Fact]
    public void Every_call_of_a_loop_may_fail() => EveryCallMayFail(LoopLife);

    void EveryCallMayFail(Func<float[]> life)
    {
        Gpu.RequireSimulator();
        float[] expected = life();
        Dictionary<string, int> calls = Simulator.Log().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[(line.LastIndexOf(' ') + 1)..]).GroupBy(entry => entry).ToDictionary(g => g.Key, g => g.Count());
        Assert.True(calls.Count > 40, $"only {calls.Count} entries were called");
        int faults = 0;
        var wrong = new List<string>();
        foreach ((string entry, int count) in calls.Where(c => !s_once.Contains(c.Key)).OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            int[] which = [.. Enumerable.Range(1, Math.Min(count, MostCalls)), .. IsRun(entry) ? [count] : Array.Empty<int>()];
            foreach (int nth in which)
            {
                faults++;
                if (Trouble(entry, nth, mayPass: HasAnother(entry) || (IsRun(entry) && nth < count), life, expected) is { } trouble)
                    wrong.Add($"{entry}, call {nth}: {trouble}");
            }
        }

        output.WriteLine($"{calls.Count} entries, {faults} faults");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>What is wrong with how a failing call is met, or null.</summary>
    static string? Trouble(string entry, int nth, bool mayPass, Func<float[]> life, float[] expected)
    {
        Simulator.Start();
        Simulator.Fault(entry, CodeOf(entry), nth);
        string? trouble = null;
        try
        {
            float[] y = life();
            if (!IsForgiven(entry) && !mayPass)
                trouble = "nobody noticed";
            else if (!y.AsSpan().SequenceEqual(expected))
                trouble = "the result is wrong";
        }
        catch (Exception e) when (e is CudaException or PreimageException)
        {
            // What is expected.
        }
        catch (Exception e)
        {
            trouble = $"{e.GetType().Name}: {e.Message}";
        }

        if (Simulator.Fired(entry) == 0)
            return "the fault was not met";
        // A call that destroys and failed leaves what it was to destroy, on a real device as well.
        if (NativeHandle.Outstanding != 0)
            trouble ??= $"{NativeHandle.Outstanding} objects are left ({Simulator.Leaks()})";
        else if (!IsForgiven(entry) && Simulator.Leaks() is { Length: > 0 } leaks)
            trouble ??= $"left: {leaks}";
        Simulator.Start();
        return trouble ?? (life().AsSpan().SequenceEqual(expected) ? null : "the next run is wrong");
    }

    /// <summary>A network from loading to disposing, each pass first run, captured and replayed.</summary>
    static float[] Life()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = Gpu.On(network);
        using var passes = new Passes(engine, new PlanOptions());
        float[] y = [], map = [];
        for (int run = 0; run < 3; run++)
        {
            y = passes.Forward(1);
            map = passes.Backward(1, BackwardRule.Guided)[0];
        }

        passes.Plan.Import(passes.Plan.Export());
        return [.. y, .. map];
    }

    /// <summary>A loop from its arrays to their disposal, its body run, captured and replayed.</summary>
    static float[] LoopLife()
    {
        using Network network = SmallNetworks.Mixed();
        using var search = new SmallSearch(network, Gpu.On(network));
        search.Iterate(3);
        return search.State();
    }
}
