using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

public class ProfileTests
{
    [Fact]
    public void A_profile_names_every_operator_once_a_way_and_leaves_the_plan_as_a_run_does()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Seeds = 2 });
        float[] x = Draw.Normal(1, network.InputShape), expected = new float[plan.ShapeOf(network.Output).Count], actual = new float[expected.Length];
        plan.Forward(x, expected);
        IReadOnlyList<NodeProfile> profile = plan.Profile(3, BackwardRule.Guided);
        plan.Read(network.Output, actual);
        Assert.Equal(expected, actual);
        foreach (PassDirection direction in Enum.GetValues<PassDirection>())
        {
            Node[] nodes = [.. profile.Where(p => p.Direction == direction && p.Algorithm is not ("Reorder" or "Sum")).SelectMany(p => p.Fused.Prepend(p.Node))];
            Assert.NotEmpty(nodes);
            Assert.Equal(nodes.Distinct(), nodes);
        }

        Assert.All(profile, p => Assert.True(p.Algorithm.Length > 0 && p.Best >= 0 && p.Milliseconds >= p.Best && p.Bytes > 0, $"{p}"));
        // A convolution's way back costs its multiply-adds once a seed.
        foreach (NodeProfile forward in profile.Where(p => p is { Direction: PassDirection.Forward, MultiplyAdds: > 0 }))
        {
            if (profile.FirstOrDefault(p => p.Node == forward.Node && p.Direction == PassDirection.Backward) is { } backward)
                Assert.Equal(2 * forward.MultiplyAdds, backward.MultiplyAdds);
        }
    }

    [Fact]
    public void A_rule_needs_a_plan_that_keeps()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        Assert.All(plan.Profile(1), p => Assert.Equal(PassDirection.Forward, p.Direction));
        Assert.Contains("PlanOptions.Keep", Assert.Throws<PreimageException>(() => plan.Profile(1, BackwardRule.Guided)).Message);
    }
}
