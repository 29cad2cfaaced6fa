using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>Sharing memory is invisible: what is observed, kept or planned for changes no value.</summary>
public class AliasingTests
{
    [Theory]
    [InlineData(Keep.Nothing)]
    [InlineData(Keep.ForBackward)]
    public void Every_node_has_the_same_value_alone_and_among_all(Keep keep)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        float[] x = Draw.Normal(3, network.InputShape);
        string[] names = [.. network.Nodes.Skip(1).Select(n => n.Name)];
        using ExecutionPlan all = engine.Plan(new PlanOptions { Observe = names, SeedNode = "logits", Keep = keep });
        all.SetInput(network.Input, x);
        all.Forward();
        foreach (string name in names)
        {
            Node node = network.Nodes[name];
            using ExecutionPlan alone = engine.Plan(new PlanOptions { Observe = [name], Keep = keep });
            float[] expected = new float[all.ShapeOf(node).Count], actual = new float[expected.Length];
            all.Read(node, expected);
            alone.Forward(x, actual);
            Agreement.SameBits(expected, actual, name);
            Assert.Contains(actual, v => v != 0);
        }
    }

    /// <summary>A view that nothing but the caller reads: the ReLU beside it must not run in the memory both share.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_observed_view_keeps_what_it_shows(bool viewFirst)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 3, 3)), conv = builder.Add("conv", SmallNetworks.Filters(1, 2, 2), x);
        if (viewFirst) builder.Add("view", new Flatten(), conv);
        builder.Output(builder.Add("relu", new Relu(), conv));
        if (!viewFirst) builder.Add("view", new Flatten(), conv);
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan both = engine.Plan(new PlanOptions { Observe = ["view", "relu"] }), one = engine.Plan(new PlanOptions { Observe = ["view"] });
        float[] input = Draw.Normal(9, 18), expected = new float[18], actual = new float[18];
        one.Forward(input, expected);
        Assert.Contains(expected, v => v < 0);
        both.SetInput(network.Input, input);
        both.Forward();
        both.Read(network.Nodes["view"], actual);
        Agreement.SameBits(expected, actual, "view");
    }

    [Fact]
    public void Observing_more_changes_no_gradient()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        float[] x = Draw.Normal(3, network.InputShape);
        using ExecutionPlan all = engine.Plan(new PlanOptions
        {
            Observe = [.. network.Nodes.Select(n => n.Name)], SeedNode = "logits", Keep = Keep.ForBackward,
        });
        using ExecutionPlan alone = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        foreach (BackwardRule rule in (BackwardRule[])[BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided])
            Agreement.SameBits(Map(alone, rule), Map(all, rule), $"{rule.Relu}");

        float[] Map(ExecutionPlan plan, BackwardRule rule)
        {
            plan.SetInput(network.Input, x);
            plan.Forward();
            var map = new float[x.Length];
            plan.Backward(Draw.Normal(4, 5), rule, map);
            return map;
        }
    }

    /// <summary>A backward pass overwrites nothing that another one, or a reader, still needs.</summary>
    [Fact]
    public void Passes_over_one_forward_run_do_not_disturb_each_other()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        float[] x = Draw.Normal(3, network.InputShape), y = new float[5], seed = Draw.Normal(4, 5);
        plan.Forward(x, y);
        BackwardRule[] rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];
        float[][] first = [.. rules.Select(Map)];
        for (int i = rules.Length - 1; i >= 0; i--) Agreement.SameBits(first[i], Map(rules[i]), $"{rules[i].Relu}, again");
        var again = new float[5];
        plan.Read(network.Output, again);
        Agreement.SameBits(y, again, "logits after six backward passes");
        var input = new float[x.Length];
        plan.Read(network.Input, input);
        Agreement.SameBits(x, input, "the input after six backward passes");

        float[] Map(BackwardRule rule)
        {
            var map = new float[x.Length];
            plan.Backward(seed, rule, map);
            return map;
        }
    }

    [Fact]
    public void A_forward_only_plan_is_smaller()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan forward = engine.Plan(new PlanOptions()), backward = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        using ExecutionPlan watched = engine.Plan(new PlanOptions { Observe = [.. network.Nodes.Select(n => n.Name)] });
        Assert.InRange(forward.PeakBytes, 1, backward.PeakBytes - 1);
        Assert.InRange(forward.PeakBytes, 1, watched.PeakBytes - 1);
        Assert.Equal(backward.PeakBytes, engine.Measure(new PlanOptions { Keep = Keep.ForBackward }));
    }
}
