using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Comparison;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Engines held against each other, and a GPU's profile: what programs and the command line report.</summary>
public class ComparisonTests
{
    const int Class = 2;

    public static TheoryData<string> Networks => ["mixed", "blocked"];

    [Theory, MemberData(nameof(Networks))]
    public void Numbers_are_those_counted_by_hand(string name)
    {
        Gpu.Require();
        using Network network = name == "mixed" ? SmallNetworks.Mixed() : SmallNetworks.Blocked();
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        {
            ComparisonResult result = Compare(cpu, gpu, new ComparisonOptions { Target = Class });
            using Passes expected = new(cpu, new PlanOptions()), actual = new(gpu, new PlanOptions());
            float[] y = expected.Forward(1), x = actual.Forward(1), seed = new float[y.Length];
            seed[Class] = 1;
            Assert.Equal(Agreement.Nmse(x, y), result.ValueError);
            ForwardRecord there = expected.Plan.Export(), here = actual.Plan.Export();
            (int flips, long all) = Flips.Count(there, here);
            Assert.Equal(flips, result.Masks.Differing + result.Switches.Differing);
            Assert.Equal(all, result.Masks.Count + result.Switches.Count);
            float[][] maps = Maps(expected, seed), own = Maps(actual, seed);
            actual.Plan.Import(there);
            float[][] same = Maps(actual, seed);
            Assert.Equal(["saliency", "deconvnet", "guided"], result.Maps.Select(m => m.Method));
            for (int i = 0; i < maps.Length; i++)
            {
                Assert.Equal(Agreement.Nmse(own[i], maps[i]), result.Maps[i].Own);
                Assert.Equal(Agreement.Nmse(same[i], maps[i]), result.Maps[i].Same);
            }

            // Every node that computes something on the device, in order.
            Assert.Equal(network.Nodes.Where(n => n.Layer is not Input).Select(n => n.Name), result.Nodes.Select(n => n.Node.Name));
            Assert.Equal(there.Nodes.Order(), result.Nodes.Where(n => n.Decisions is not null).Select(n => n.Node.Name).Order());
            Assert.Equal(Class, Assert.Single(result.Units).Unit);
            Assert.True(result.Verdict is ComparisonVerdict.Parity or ComparisonVerdict.Same, $"{result.Verdict}");
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void An_engine_is_the_same_as_itself()
    {
        using Network network = SmallNetworks.Blocked();
        using Engine engine = network.On(Device.Cpu);
        ComparisonResult result = Compare(engine, engine, new ComparisonOptions { Target = Target.TopK(3) });
        Assert.Equal(ComparisonVerdict.Same, result.Verdict);
        Assert.True(result.AgreesOnUnits);
        Assert.Equal(3, result.Units.Count);
        Assert.Null(result.FirstDivergence);
    }

    /// <summary>A node that a Winograd convolution makes, and none before it, is off by rounding.</summary>
    [Fact]
    public void The_first_divergence_is_where_arithmetic_first_differs()
    {
        var builder = new NetworkBuilder();
        Node node = builder.Input("x", new Shape(1, 3, 32, 32));
        node = builder.Add("first_relu", new Relu(), builder.Add("first", SmallNetworks.Filters(1, 64, 3), node));
        node = builder.Add("second_relu", new Relu(), builder.Add("second", SmallNetworks.Filters(2, 64, 64, kernel: 1), node));
        node = builder.Add("third_relu", new Relu(), builder.Add("third", SmallNetworks.Filters(3, 64, 64), node));
        builder.Output(builder.Add("mean", new ReduceMean { AxisList = [2, 3] }, node));
        using Network network = builder.Build();
        using Engine strict = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict }), single = network.On(Device.Cpu);
        string[] wanted;
        using (ExecutionPlan plan = single.Plan(new PlanOptions()))
            wanted = [.. plan.Profile(1).Where(p => p.Algorithm.Contains("Winograd", StringComparison.Ordinal)).Select(p => p.Node.Name)];
        Assert.NotEmpty(wanted);
        ComparisonResult result = Compare(strict, single, new ComparisonOptions { Threshold = 0 });
        Assert.Equal(wanted[0], result.FirstDivergence?.Node.Name);
        Assert.Equal(ComparisonVerdict.Parity, result.Verdict);
        Assert.Null(Compare(strict, single, new ComparisonOptions()).FirstDivergence);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, true, ComparisonVerdict.Same)]
    [InlineData(0, 0, 0, 0, false, ComparisonVerdict.NotTestable)]
    [InlineData(1e-12, 1e-11, 1e-5, 0, true, ComparisonVerdict.Parity)]
    [InlineData(0, 0, 0, 1, true, ComparisonVerdict.Parity)]
    [InlineData(1e-12, 1e-11, 1e-3, 1, true, ComparisonVerdict.Flipped)]
    [InlineData(1e-12, 1e-11, 1e-3, 0, true, ComparisonVerdict.Different)]
    [InlineData(1e-12, 1e-9, 1e-5, 1, true, ComparisonVerdict.Different)]
    [InlineData(1e-5, 1e-11, 1e-5, 1, true, ComparisonVerdict.Different)]
    [InlineData(double.NaN, 0, 0, 0, true, ComparisonVerdict.Different)]
    [InlineData(0, double.NaN, 0, 1, true, ComparisonVerdict.Different)]
    [InlineData(0, 0, double.NaN, 0, true, ComparisonVerdict.Different)]
    [InlineData(0, double.PositiveInfinity, 0, 0, false, ComparisonVerdict.Different)]
    public void The_verdict_follows_from_the_numbers(double value, double same, double own, long flips, bool signal, ComparisonVerdict verdict) =>
        Assert.Equal(verdict, new ComparisonResult
        {
            Threshold = 0, Nodes = [], Fused = [new DecisionDifference("relu", AreSwitches: false, flips, 10)], ChangedByFusing = (0, 0), Units = [],
            AgreesOnUnits = true, ValueError = value, Maps = [new MapDifference("saliency", "x", own, same, signal)],
        }.Verdict);

    [Fact]
    public void Engines_of_two_networks_are_refused()
    {
        using Network network = SmallNetworks.Mixed(), other = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu), stranger = other.On(Device.Cpu);
        Assert.Contains("two networks", Assert.Throws<PreimageException>(() => new EngineComparison(engine, stranger)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_marks_every_step_twice_and_waits_once_a_pass()
    {
        Gpu.RequireSimulator();
        const int Runs = 3;
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        using (var passes = new Passes(engine, new PlanOptions()))
        {
            float[] before = passes.Forward(1);
            long marks = Simulator.Calls("cuEventRecord"), waits = Simulator.Calls("cuStreamSynchronize");
            IReadOnlyList<NodeProfile> profile = passes.Plan.Profile(Runs, BackwardRule.Guided);
            (marks, waits) = (Simulator.Calls("cuEventRecord") - marks, Simulator.Calls("cuStreamSynchronize") - waits);
            // The first run is not counted but made; a seed that goes over may wait and mark too, once a run.
            Assert.InRange(marks, 2 * profile.Count * (Runs + 1), (2 * profile.Count + 2) * (Runs + 1));
            Assert.InRange(waits, 2 * (Runs + 1), 4 * (Runs + 1));
            Assert.All(profile, p => Assert.True(p.Best >= 0 && p.Milliseconds >= p.Best, $"{p}"));
            Assert.Contains(profile, p => p.Best > 0);
            // The plan is as after a run.
            Assert.True(Agreement.Nmse(passes.Forward(1), before) == 0, "the output after a profile");
        }

        Gpu.LeavesNothing();
    }

    static ComparisonResult Compare(Engine expected, Engine actual, ComparisonOptions options)
    {
        Shape shape = expected.Network.InputShape;
        return new EngineComparison(expected, actual).Compare(Tensor.Create(Draw.Normal(1, shape), shape.ToLengths()), options);
    }

    static float[][] Maps(Passes passes, float[] seed)
    {
        Node input = passes.Plan.Gradients[0];
        return [.. new[] { BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided }.Select(rule =>
        {
            var map = new float[passes.Plan.GradientShape(input).Count];
            passes.Plan.Backward(seed, rule, map);
            return map;
        })];
    }
}
