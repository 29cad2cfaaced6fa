using System.Diagnostics;
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

    /// <summary>
    /// Two plans of one engine over blocked kernels, set off together forward and then back; every round is compared, and rounds go on until
    /// passes were seen to overlap in time both ways.
    /// </summary>
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Strict)]
    public async Task Blocked_plans_that_run_at_once_give_what_each_gives_alone(Precision precision)
    {
        const int Least = 20, Most = 2000;
        using Network network = SmallNetworks.Blocked();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = precision });
        // Enough work for a pass to outlast the other thread's waking up.
        var options = new PlanOptions { Batch = 16, Keep = Keep.ForBackward };
        using ExecutionPlan first = engine.Plan(options), second = engine.Plan(options);
        ExecutionPlan[] plans = [first, second];
        float[][] alone = [.. plans.Select((plan, t) => Pass(plan, t, null, null))];
        IEnumerable<string> algorithms = first.Profile(1).Where(step => step.Node.Layer is Kinds.Convolution).Select(step => step.Algorithm);
        Assert.True(algorithms.Count(name => name is "First" or "Direct" or "Winograd") >= 5, string.Join(", ", algorithms));
        using var start = new Barrier(2);
        // Of each thread, when its last pass forward and back began and ended.
        long[][] times = [new long[4], new long[4]];
        int rounds = 0;
        bool forward = false, backward = false, done = false;
        Task[] both = [.. plans.Select((plan, t) => Task.Factory.StartNew(() =>
        {
            while (!done)
            {
                Agreement.SameBits(alone[t], Pass(plan, t, start, times[t]), $"thread {t}, round {rounds}");
                Meet(start);
                if (t == 0)
                {
                    forward |= Overlap(times[0].AsSpan(0, 2), times[1].AsSpan(0, 2));
                    backward |= Overlap(times[0].AsSpan(2, 2), times[1].AsSpan(2, 2));
                    rounds++;
                    done = rounds == Most || (rounds >= Least && forward && backward);
                }

                Meet(start);
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.WhenAll(both);
        Assert.True(forward && backward, $"no two passes overlapped in {rounds} rounds: forward {forward}, backward {backward}");
        Assert.NotEqual(alone[0], alone[1]);
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

    static bool Overlap(ReadOnlySpan<long> a, ReadOnlySpan<long> b) => a[0] < b[1] && b[0] < a[1];

    static void Meet(Barrier? barrier) => Assert.True(barrier?.SignalAndWait(TimeSpan.FromSeconds(30)) ?? true, "the other thread is gone");

    /// <summary>Values and a map of a thread's own pictures.</summary>
    static float[] Pass(ExecutionPlan plan, int thread, Barrier? start, long[]? times)
    {
        Node input = plan.Gradients[0];
        float[] y = new float[plan.SeedShape.Count], map = new float[plan.GradientShape(input).Count];
        plan.SetInput(input, Draw.Normal((ulong)thread + 20, plan.ShapeOf(input)));
        times ??= new long[4];
        Meet(start);
        times[0] = Stopwatch.GetTimestamp();
        plan.Forward();
        times[1] = Stopwatch.GetTimestamp();
        plan.Read(plan.SeedNode!, y);
        Meet(start);
        times[2] = Stopwatch.GetTimestamp();
        plan.Backward(y, BackwardRule.Guided);
        times[3] = Stopwatch.GetTimestamp();
        plan.ReadGradient(input, map);
        return [.. y, .. map];
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
