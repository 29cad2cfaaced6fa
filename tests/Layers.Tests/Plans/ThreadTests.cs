using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>One engine, several threads; one plan, one caller.</summary>
public class ThreadTests
{
    /// <summary>
    /// Both threads meet at a barrier with a plan of their own in hand, inside a pass: the node rule of each waits in it for the other.
    /// Both can only leave if both passes are under way at once.
    /// </summary>
    [Fact]
    public async Task Two_passes_at_once_give_what_one_gives()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape;
        float[][] inputs = [Draw.Normal(1, shape), Draw.Normal(2, shape)];
        float[][] alone = [.. inputs.Select(x => Map(engine, x, null))];

        using var meeting = new Barrier(2);
        var waits = new WaitingRule(meeting);
        Task<float[]>[] both = [.. inputs.Select(x => Task.Factory.StartNew(
            () => Map(engine, x, waits), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        float[][] together = await Task.WhenAll(both);

        Assert.Equal(2, waits.Met);
        for (int i = 0; i < 2; i++) Agreement.SameBits(alone[i], together[i], $"thread {i}");
        Assert.NotEqual(alone[0], alone[1]);
    }

    /// <summary>Many passes on two threads, free-running: every one as if alone.</summary>
    [Fact]
    public async Task Rented_plans_do_not_share_memory()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using var start = new Barrier(2);
        Task[] both = [.. Enumerable.Range(0, 2).Select(t => Task.Factory.StartNew(() =>
        {
            float[] x = Draw.Normal((ulong)t + 5, network.InputShape), first = Map(engine, x, null);
            start.SignalAndWait(TimeSpan.FromSeconds(30));
            for (int i = 0; i < 30; i++) Agreement.SameBits(first, Map(engine, x, null), $"thread {t}, pass {i}");
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.WhenAll(both);
    }

    [Fact]
    public void A_plan_entered_twice_throws()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var intruder = new IntrudingRule();
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, NodeRule = intruder });
        intruder.Plan = plan;
        float[] x = Draw.Normal(1, network.InputShape), y = new float[5], map = new float[x.Length];
        plan.Forward(x, y);
        plan.Backward(y, new BackwardRule(ReluRule.Gradient, Node: intruder), map);
        Assert.NotNull(intruder.Caught);
        Assert.Contains("one caller", intruder.Caught.Message, StringComparison.Ordinal);
        // The refused call left the plan as it was.
        plan.Forward(x, y);
    }

    static float[] Map(Engine engine, float[] x, INodeRule? rule)
    {
        using PlanLoan loan = engine.Rent(new PlanOptions { Keep = Keep.ForBackward, NodeRule = rule });
        float[] y = new float[5], map = new float[x.Length];
        loan.Plan.Forward(x, y);
        loan.Plan.Backward(y, new BackwardRule(ReluRule.Guided, Node: rule), map);
        return map;
    }

    /// <summary>The true adjoint of the last layer, after a wait for the other thread.</summary>
    sealed class WaitingRule(Barrier barrier) : INodeRule
    {
        int _met;

        public int Met => _met;

        public bool AppliesTo(Node node) => node.Name == "logits";

        public void Backward(in NodeBackward call)
        {
            if (barrier.SignalAndWait(TimeSpan.FromSeconds(30))) Interlocked.Increment(ref _met);
            var signal = new float[call.SignalShape.Count];
            call.ReadSignal(signal);
            call.Propagate(signal);
        }
    }

    /// <summary>Calls the plan from another thread while it runs.</summary>
    sealed class IntrudingRule : INodeRule
    {
        public ExecutionPlan? Plan { get; set; }

        public InvalidOperationException? Caught { get; private set; }

        public bool AppliesTo(Node node) => node.Name == "logits";

        public void Backward(in NodeBackward call)
        {
            var thread = new Thread(() => Caught = Record.Exception(() => Plan!.Forward()) as InvalidOperationException);
            thread.Start();
            thread.Join();
            var signal = new float[call.SignalShape.Count];
            call.ReadSignal(signal);
            call.Propagate(signal);
        }
    }
}
