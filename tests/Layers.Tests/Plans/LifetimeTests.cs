using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>Who keeps the weights readable, and what is refused after disposal.</summary>
public class LifetimeTests
{
    [Fact]
    public void Weights_outlive_the_network_until_its_engines_are_gone()
    {
        var storage = new WatchedStorage();
        Network network = Build(storage);
        Engine first = network.On(Device.Cpu), second = network.On(Device.Cpu);
        network.Dispose();
        Assert.False(storage.Freed);
        // Weights not read before are still there: the backward pass packs them on its first run.
        using (ExecutionPlan plan = first.Plan(new PlanOptions { Keep = Keep.ForBackward }))
        {
            float[] map = new float[4];
            plan.Forward([1, 2, 3, 4], new float[2]);
            plan.Backward([1, 1], BackwardRule.Gradient, map);
            Assert.Equal([1, 2, 1, 1], map);
        }

        first.Dispose();
        Assert.False(storage.Freed);
        second.Dispose();
        Assert.True(storage.Freed);
    }

    [Fact]
    public void A_plan_keeps_what_it_needs_of_a_disposed_engine()
    {
        var storage = new WatchedStorage();
        Network network = Build(storage);
        Engine engine = network.On(Device.Cpu);
        ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        PlanLoan loan = engine.Rent(new PlanOptions());
        network.Dispose();
        engine.Dispose();
        Assert.False(storage.Freed);
        float[] map = new float[4];
        plan.Forward([1, 2, 3, 4], new float[2]);
        plan.Backward([1, 1], BackwardRule.Gradient, map);
        Assert.Equal([1, 2, 1, 1], map);
        plan.Dispose();
        Assert.False(storage.Freed);
        loan.Dispose();
        Assert.True(storage.Freed);
    }

    [Fact]
    public void Disposing_twice_frees_once()
    {
        var storage = new WatchedStorage();
        Network network = Build(storage);
        Engine engine = network.On(Device.Cpu);
        network.Dispose();
        network.Dispose();
        Assert.False(storage.Freed);
        engine.Dispose();
        engine.Dispose();
        Assert.True(storage.Freed);
    }

    [Fact]
    public void A_disposed_network_makes_no_engine_and_a_disposed_engine_no_plan()
    {
        Network network = Build(new WatchedStorage());
        Engine engine = network.On(Device.Cpu);
        ExecutionPlan plan = engine.Plan(new PlanOptions());
        PlanLoan loan = engine.Rent(new PlanOptions());
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.On(Device.Cpu));
        plan.Dispose();
        plan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => plan.Forward());
        loan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loan.Plan);
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Plan(new PlanOptions()));
        Assert.Throws<ObjectDisposedException>(() => engine.Rent(new PlanOptions()));
        Assert.Throws<ObjectDisposedException>(() => engine.Measure(new PlanOptions()));
    }

    [Fact]
    public void A_returned_plan_is_lent_again_for_equal_options_only()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        PlanOptions options = new() { Batch = 2, Keep = Keep.ForBackward };
        PlanLoan loan = engine.Rent(options);
        ExecutionPlan plan = loan.Plan;
        using (PlanLoan meanwhile = engine.Rent(options)) Assert.NotSame(plan, meanwhile.Plan);
        loan.Dispose();
        using (PlanLoan other = engine.Rent(options with { Batch = 3 })) Assert.NotSame(plan, other.Plan);
        using PlanLoan again = engine.Rent(options with { });
        Assert.Same(plan, again.Plan);
    }

    static Network Build(WeightStorage storage)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 4));
        builder.Output(builder.Add("y", new Dense { Weight = new MemoryWeights([1, 1, 0, 0, 0, 1, 1, 1], 2, 4), OutputMajor = true }, x));
        return builder.Build(storage, null);
    }

    sealed class WatchedStorage : WeightStorage
    {
        public bool Freed { get; private set; }

        public override string Hash => "";

        protected override void Free()
        {
            Assert.False(Freed);
            Freed = true;
        }
    }
}
