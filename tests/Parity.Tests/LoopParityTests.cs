using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Loops on a GPU: what is recorded and replayed is what runs one by one, with the tables' entries of each iteration; signals that start at several nodes.</summary>
public class LoopParityTests(ITestOutputHelper output)
{
    const int Times = 5;

    [Fact]
    public void A_recorded_body_has_the_bytes_of_one_run_step_by_step()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        float[] recorded = State(network, new EngineOptions()), stepped = State(network, new EngineOptions { Synchronise = true });
        Agreement.SameBits(stepped, recorded, "recorded against step by step");
        Agreement.SameBits(recorded, State(network, new EngineOptions()), "a second time");
        Gpu.LeavesNothing();

        static float[] State(Network network, EngineOptions options)
        {
            using var search = new SmallSearch(network, network.On(Device.Cuda(0), options));
            search.Run(Times);
            return search.State();
        }
    }

    [Fact]
    public void Replays_launch_a_graph_and_nothing_else()
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        using (var search = new SmallSearch(network, Gpu.On(network)))
        {
            search.Iterate(2);
            string[] watched =
            [
                "cuLaunchKernel", "cuMemcpyDtoDAsync_v2", "cudnnConvolutionForward", "cublasSgemm_v2", "cuMemAlloc_v2", "cuMemAllocFromPoolAsync", "cuStreamSynchronize", "cuGraphInstantiateWithFlags",
            ];
            long[] before = [.. watched.Select(Simulator.Calls)];
            long launches = Simulator.Calls("cuGraphLaunch");
            search.Iterate(Times);
            Assert.Equal(launches + Times, Simulator.Calls("cuGraphLaunch"));
            for (int i = 0; i < watched.Length; i++)
                Assert.True(before[i] == Simulator.Calls(watched[i]), $"{watched[i]} was called {Simulator.Calls(watched[i]) - before[i]} times");
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Iterations_allocate_nothing_managed()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using var search = new SmallSearch(network, Gpu.On(network));
        search.Iterate(3);
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            search.Iterate(10);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Goes_where_the_processor_goes()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using SmallSearch expected = new(network, network.On(Device.Cpu)), actual = new(network, Gpu.On(network));
        double worst = 0;
        for (int i = 0; i < 10; i++)
        {
            double[] there = expected.Run(1), here = actual.Run(1);
            for (int e = 0; e < there.Length; e++)
                worst = Math.Max(worst, Math.Abs(here[e] - there[e]) / Math.Abs(there[e]));
        }

        output.WriteLine($"energies within {worst:E1}");
        Assert.True(worst <= 1e-4, $"energies differ by {worst:E2}, at most 1e-4");
        ParityReport.Add("energies of ten iterations", "SmallSearch", worst, "relative difference");
    }

    public static TheoryData<string, string[]> Seeded => new()
    {
        { "logits", ["left_relu"] }, { "logits", ["pool", "right"] }, { "left", ["right"] }, { "norm", ["conv", "joined", "sum"] },
    };

    [Theory]
    [MemberData(nameof(Seeded))]
    public void Signals_of_several_nodes_add_up(string node, string[] further)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        foreach (int batch in new[] { 1, 3 })
        {
            float[] together = Gradient(network, Gpu.On(network), batch, node, further), sum = new float[together.Length];
            foreach (string one in further.Prepend(node))
            {
                float[] part = Gradient(network, Gpu.On(network), batch, one, []);
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += part[i];
            }

            double apart = Agreement.Nmse(together, sum), devices = Agreement.Nmse(together, Gradient(network, network.On(Device.Cpu), batch, node, further));
            Assert.True(apart <= 1e-12, $"{batch} samples: NMSE {apart:E2} against the sum of single ones, at most 1e-12");
            Assert.True(devices <= 1e-10, $"{batch} samples: NMSE {devices:E2} against the processor, at most 1e-10");
            ParityReport.Add("signals of several nodes", $"{node}, {string.Join(", ", further)}", devices);
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void A_new_seed_is_read_by_bodies_recorded_before()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        using (ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward }))
        using (DeviceLoop loop = plan.CreateLoop())
        {
            DeviceArray<float> x = loop.Allocate<float>(plan.ShapeOf(network.Input), Draw.Normal(1, plan.ShapeOf(network.Input)));
            DeviceArray<float> one = loop.Allocate<float>(plan.SeedShape, Draw.Normal(2, plan.SeedShape)), other = loop.Allocate<float>(plan.SeedShape), gradient = loop.Allocate<float>(x.Shape);
            loop.SetSeed(network.Output, one);
            loop.Repeat(Body, 3);
            Assert.Contains(gradient.ToArray(), g => g != 0);
            loop.SetSeed(network.Output, other);
            loop.Repeat(Body, 3);
            Assert.All(gradient.ToArray(), g => Assert.Equal(0, g));

            void Body()
            {
                loop.SetInput(network.Input, x);
                loop.Forward();
                loop.Backward(BackwardRule.Gradient);
                loop.ReadGradient(network.Input, gradient);
            }
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public async Task Two_loops_on_two_streams_do_not_meet()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        float[] expected;
        using (var alone = new SmallSearch(network, Gpu.On(network)))
        {
            alone.Run(Times);
            expected = alone.State();
        }

        using var barrier = new Barrier(2);
        Task[] both = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            using var own = new SmallSearch(network, Gpu.On(network));
            barrier.SignalAndWait();
            own.Run(Times);
            Agreement.SameBits(expected, own.State(), "a loop beside another");
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.WhenAll(both);
        Gpu.LeavesNothing();
    }

    [Fact]
    public void A_cancelled_loop_says_how_far_it_came()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (var search = new SmallSearch(network, Gpu.On(network)))
        {
            search.Run(3);
            using var cancellation = new CancellationTokenSource();
            cancellation.Cancel();
            Assert.Throws<OperationCanceledException>(() => search.Loop.Repeat(() => { }, 4, cancellation.Token));
            Assert.Equal(3, search.Loop.Counter.ToArray()[0]);
        }

        Gpu.LeavesNothing();
    }

    static float[] Gradient(Network network, Engine engine, int batch, string node, string[] further)
    {
        using (engine)
        using (ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward, SeedNode = node, AlsoSeeded = further }))
        using (DeviceLoop loop = plan.CreateLoop())
        {
            Shape image = plan.ShapeOf(network.Input);
            DeviceArray<float> x = loop.Allocate<float>(image, Draw.Normal(1, image)), gradient = loop.Allocate<float>(image);
            foreach (string name in further.Prepend(node))
            {
                Shape shape = plan.ShapeOf(network.Nodes[name]);
                loop.SetSeed(network.Nodes[name], loop.Allocate<float>(shape, Draw.Normal((ulong)network.Nodes[name].Index + 20, shape)));
            }

            loop.Repeat(() =>
            {
                loop.SetInput(network.Input, x);
                loop.Forward();
                loop.Backward(BackwardRule.Gradient);
                loop.ReadGradient(network.Input, gradient);
            }, 3);
            return gradient.ToArray();
        }
    }
}
