using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>Loops on plans: what a body sees, what stops it, what it is refused.</summary>
public sealed class DeviceLoopTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 1, 2)]
    [InlineData(4, 3, 4)]
    public void A_body_has_the_bits_of_the_plan(int batch, int seeds, int portion)
    {
        using Network network = SmallNetworks.Blocked();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Seeds = seeds, Keep = Keep.ForBackward, Portion = portion });
        using DeviceLoop loop = plan.CreateLoop();
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(batch)), y = new float[10 * batch], seed = Draw.Normal(2, plan.SeedShape), map = new float[x.Length * seeds];
        DeviceArray<float> image = loop.Allocate(network.InputShape.WithSamples(batch), x), logits = loop.Allocate<float>(new Shape(batch, 10));
        DeviceArray<float> signal = loop.Allocate(plan.SeedShape, seed), gradient = loop.Allocate<float>(plan.GradientShape(network.Input));
        loop.SetSeed(network.Output, signal);
        foreach (BackwardRule rule in (BackwardRule[])[BackwardRule.Gradient, BackwardRule.Guided])
        {
            loop.Run(() =>
            {
                loop.SetInput(network.Input, image);
                loop.Forward();
                loop.Read(network.Output, logits);
                loop.Backward(rule);
                loop.ReadGradient(network.Input, gradient);
            }, TestContext.Current.CancellationToken);
            plan.Forward(x, y);
            plan.Backward(seed, rule, map);
            Agreement.SameBits(y, logits.ToArray(), "logits");
            Agreement.SameBits(map, gradient.ToArray(), "gradient");
            Agreement.SameBits(seed, signal.ToArray(), "the seed");
        }

        Assert.Equal(0, loop.Counter.ToArray()[0]);
        Assert.True(loop.Bytes >= 4 * (x.Length + y.Length + seed.Length + map.Length));
    }

    [Fact]
    public void Cancellation_is_asked_for_between_operators_and_between_iterations()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        using DeviceLoop loop = plan.CreateLoop();
        DeviceArray<float> image = loop.Allocate<float>(network.InputShape), x = loop.Allocate<float>(new Shape(1));
        using var source = new CancellationTokenSource();
        int bodies = 0;
        Assert.Throws<OperationCanceledException>(() => loop.Repeat(Forward, 10, source.Token));
        Assert.Equal((3, 2), (bodies, loop.Counter.ToArray()[0]));
        Assert.Throws<OperationCanceledException>(() => loop.Repeat(Forward, 1, source.Token));
        Assert.Throws<OperationCanceledException>(() => loop.Run(Forward, source.Token));
        Assert.Equal(3, bodies);

        using var second = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => loop.Repeat(ArraysAlone, 10, second.Token));
        Assert.Equal(4, loop.Counter.ToArray()[0]);
        // And afterwards it runs.
        loop.Repeat(Forward, 1, TestContext.Current.CancellationToken);
        Assert.Equal(5, loop.Counter.ToArray()[0]);

        void Forward()
        {
            loop.SetInput(network.Input, image);
            if (++bodies == 3)
                source.Cancel();
            loop.Forward();
        }

        void ArraysAlone()
        {
            loop.Arrays.Fill(x, 1);
            if (loop.Bytes > 0 && ++bodies == 5)
                second.Cancel();
        }
    }

    [Fact]
    public void Nothing_is_done_after_it_was_disposed()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        DeviceLoop loop = plan.CreateLoop();
        DeviceArray<float> x = loop.Allocate<float>(new Shape(3), [1, 2, 3]);
        Assert.Equal([1, 2, 3], x.ToArray());
        loop.Dispose();
        loop.Dispose();
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Throws<ObjectDisposedException>(() => loop.Run(() => { }, token));
        Assert.Throws<ObjectDisposedException>(() => loop.Repeat(() => { }, 1, token));
        Assert.Throws<ObjectDisposedException>(() => loop.Allocate<float>(new Shape(1)));
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Throws<ObjectDisposedException>(() => x.Upload([1, 2, 3]));
        Assert.Throws<ObjectDisposedException>(() => loop.Arrays.Fill(x, 1));
        // The plan is nobody's again.
        plan.Forward(new float[network.InputShape.Count], new float[5]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Keep = Keep.ForBackward, SeedNode = "logits", AlsoSeeded = ["pool"] };
        using ExecutionPlan plan = engine.Plan(options);
        using DeviceLoop loop = plan.CreateLoop();
        DeviceArray<float> x = loop.Allocate<float>(network.InputShape), five = loop.Allocate<float>(new Shape(5));
        Refused<ShapeException>("6 values for an array of 5", () => five.Upload(new float[6]));
        Refused<ShapeException>("4 values for an array of 5", () => five.Download(new float[4]));
        Refused<PreimageException>("no signal starts at node 'sum' of this plan", () => loop.SetSeed(network.Nodes["sum"], five));
        Refused<ShapeException>("'pool' has 5 values", () => loop.SetSeed(network.Nodes["pool"], five));
        loop.SetSeed(network.Output, five);
        Refused<ShapeException>("input 'x' has 5 values", () => loop.Run(() => loop.SetInput(network.Input, five)));
        Refused<PreimageException>("not an input", () => loop.Run(() => loop.SetInput(network.Output, five)));
        loop.Run(() => loop.SetInput(network.Input, x), TestContext.Current.CancellationToken);
        Refused<PreimageException>("has not run forward", () => loop.Run(() => loop.Backward(BackwardRule.Gradient)));
        loop.Run(loop.Forward, TestContext.Current.CancellationToken);
        Refused<PreimageException>("1 of 2 seeded nodes have a signal", () => loop.Run(() => loop.Backward(BackwardRule.Gradient)));
        Refused<ShapeException>("'pool' has 5 values", () => loop.Run(() => loop.Read(network.Nodes["pool"], five)));
        Refused<PreimageException>("node 'sum' is not observed", () => loop.Run(() => loop.Read(network.Nodes["sum"], five)));
        Refused<ShapeException>("the gradient of 'x' has 5 values", () => loop.Run(() => loop.ReadGradient(network.Input, five)));
        Refused<PreimageException>("signals start at 2 nodes of the plan (logits, pool)", () => plan.Backward(new float[5], BackwardRule.Gradient, new float[x.Count]));
        Assert.Throws<InvalidOperationException>(() => loop.Run(() => five.Upload(new float[5])));

        // Samples or signals in parts go by way of the host.
        var batch = options with { Batch = 3, Seeds = 2, AlsoSeeded = null };
        foreach (PlanOptions part in (PlanOptions[])[batch with { Batch = 1 }, batch with { Seeds = 1 }])
        {
            using ExecutionPlan parts = engine.Plan(batch with { MemoryBudget = engine.Measure(part) });
            Refused<PreimageException>("goes by way of the host: raise PlanOptions.MemoryBudget", () => parts.CreateLoop());
        }

        static void Refused<T>(string message, Action call) where T : Exception => Assert.Contains(message, Assert.Throws<T>(call).Message, StringComparison.Ordinal);
    }
}
