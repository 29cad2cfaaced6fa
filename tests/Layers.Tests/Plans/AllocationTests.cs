using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>Running a plan allocates nothing on the managed heap, on any thread.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    const int Runs = 100;

    [Theory]
    [InlineData(1, 1, 1, 1, false, 1)]
    [InlineData(3, 2, 1, 3, false, 3)]
    [InlineData(3, 2, 2, 3, false, 3)]
    [InlineData(3, 2, 1, 2, false, 3)]
    [InlineData(3, 2, 1, 1, false, 3)]
    [InlineData(3, 1, 2, 3, true, 3)]
    [InlineData(3, 2, 2, 3, false, 1)]
    [InlineData(4, 1, 1, 4, false, 2)]
    public void Forward_and_backward_allocate_nothing(int batch, int seeds, int threads, int atOnce, bool parameters, int portion)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        var options = new PlanOptions
        {
            Batch = batch, Seeds = seeds, Keep = Keep.ForBackward, Portion = portion, ParametersOf = parameters ? ["conv", "left", "right", "hidden", "logits"] : null,
        };
        long? budget = atOnce == batch ? null : engine.Measure(options with { Batch = atOnce, Seeds = 1, Portion = atOnce });
        using ExecutionPlan plan = engine.Plan(options with { MemoryBudget = budget });
        Assert.Equal(atOnce, plan.SamplesAtOnce);
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(batch)), y = new float[plan.ShapeOf(network.Output).Count];
        float[] seed = Draw.Normal(2, plan.SeedShape.Count), map = new float[plan.GradientShape(network.Input).Count];
        BackwardRule[] rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];
        // The first runs may start workers and let the runtime compile the kernels a second time, better.
        for (int i = 0; i < 40; i++) Run();

        // The counter is the whole process's, and the test host reports earlier tests when it pleases. What a run allocates shows in every
        // round of 100, what the host does only in some: one round must be clean.
        long least = long.MaxValue;
        for (int round = 0; round < 500 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            for (int i = 0; i < Runs; i++) Run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        Assert.Equal(0, least);
        Assert.Contains(map, v => v != 0);

        void Run()
        {
            plan.Forward(x, y);
            foreach (BackwardRule rule in rules) plan.Backward(seed, rule, map);
        }
    }

    /// <summary>The counter sees what the test above must not find.</summary>
    [Fact]
    public void The_counter_counts()
    {
        long before = GC.GetTotalAllocatedBytes(true);
        GC.KeepAlive(new byte[1000]);
        Assert.True(GC.GetTotalAllocatedBytes(true) - before >= 1000);
    }
}
