using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Passes are recorded once and replayed: same bits, no allocation, no waiting inside.</summary>
public class ReplayTests
{
    [Fact]
    public void Replayed_passes_have_the_bits_of_the_first()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        using (var passes = new Passes(engine, new PlanOptions { Batch = 2, Seeds = 2 }))
        {
            float[] first = passes.Forward(1), other = passes.Forward(2);
            float[][] maps = passes.Backward(2, BackwardRule.Guided);
            for (int run = 0; run < 3; run++)
            {
                Agreement.SameBits(first, passes.Forward(1), $"run {run}");
                Agreement.SameBits(other, passes.Forward(2), $"run {run}, other input");
                Agreement.SameBits(maps[0], passes.Backward(2, BackwardRule.Guided)[0], $"run {run}, map");
            }
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void A_replayed_run_launches_a_graph_and_nothing_else()
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        using Engine engine = Gpu.On(network);
        using var passes = new Passes(engine, new PlanOptions());
        for (int run = 0; run < 3; run++)
        {
            passes.Forward(1);
            passes.Backward(1, BackwardRule.Gradient);
        }

        string[] watched = ["cuLaunchKernel", "cudnnConvolutionForward", "cublasSgemm_v2", "cuMemAlloc_v2", "cuMemAllocFromPoolAsync", "cuMemHostAlloc", "cuStreamSynchronize", "cuCtxSynchronize"];
        long[] before = [.. watched.Select(Simulator.Calls)];
        long launches = Simulator.Calls("cuGraphLaunch");
        passes.Plan.Forward();
        passes.Plan.Backward(new float[passes.Plan.SeedShape.Count], BackwardRule.Gradient);
        Assert.Equal(launches + 2, Simulator.Calls("cuGraphLaunch"));
        for (int i = 0; i < watched.Length; i++)
            Assert.True(before[i] == Simulator.Calls(watched[i]), $"{watched[i]} was called {Simulator.Calls(watched[i]) - before[i]} times");
    }

    [Fact]
    public void Runs_allocate_nothing_managed()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using Engine engine = Gpu.On(network);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        float[] x = Draw.Normal(1, plan.ShapeOf(network.Input)), y = new float[5], seed = Draw.Normal(2, plan.SeedShape), map = new float[x.Length];
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int run = 0; run < 10; run++)
            {
                plan.Forward(x, y);
                plan.Backward(seed, BackwardRule.Guided, map);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public async Task Plans_on_several_threads_do_not_meet()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        {
            float[] expected;
            using (var alone = new Passes(engine, new PlanOptions { Batch = 2 }))
                expected = alone.Forward(5);
            using var barrier = new Barrier(3);
            Task[] others = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
            {
                using var own = new Passes(engine, new PlanOptions { Batch = 2 });
                barrier.SignalAndWait();
                for (int run = 0; run < 5; run++)
                    Agreement.SameBits(expected, own.Forward(5), "a plan beside others");
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            await Task.WhenAll(others);
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Big_arrays_go_over_in_pieces()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Blocked();
        using Engine engine = Gpu.On(network);
        // 3.6 MB of input: more than both halves of the pinned memory.
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 250 });
        float[] x = Draw.Normal(3, plan.ShapeOf(network.Input)), back = new float[x.Length];
        plan.SetInput(network.Input, x);
        plan.Forward();
        plan.Read(network.Input, back);
        Agreement.SameBits(x, back, "the input read back");
    }
}
