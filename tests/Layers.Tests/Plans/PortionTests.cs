using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>A batch that runs in portions, so that its activations stay in the cache, is to its caller a batch that runs at once.</summary>
public sealed class PortionTests
{
    const int Batch = 6;

    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 1, 1)]
    [InlineData(1, 5, 2)]
    [InlineData(2, 5, 1)]
    [InlineData(3, 5, 2)]
    public void Every_portion_gives_the_bits_of_the_whole(int portion, int seeds, int threads)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        var options = new PlanOptions { Batch = Batch, Seeds = seeds, Keep = Keep.ForBackward, Observe = ["logits", "pool", "conv"], SeedNode = "logits", Portion = Batch };
        using ExecutionPlan whole = engine.Plan(options), plan = engine.Plan(options with { Portion = portion });
        Assert.Equal(engine.Measure(plan.Options), plan.PeakBytes);
        Assert.Equal((Batch, seeds), (plan.SamplesAtOnce, plan.SeedsAtOnce));
        Assert.Equal((whole.SeedShape, whole.ShapeOf(network.Nodes["pool"])), (plan.SeedShape, plan.ShapeOf(network.Nodes["pool"])));
        // The second picture is another one, and two passes over one forward run do not disturb each other.
        foreach (ulong picture in (ulong[])[1, 2])
        {
            float[] x = Draw.Normal(picture, network.InputShape.WithSamples(Batch)), seed = Draw.Normal(picture + 10, whole.SeedShape);
            float[][] expected = Run(network, whole, x, seed), actual = Run(network, plan, x, seed);
            for (int i = 0; i < expected.Length; i++)
                Agreement.SameBits(expected[i], actual[i], $"portions of {portion}, result {i}");
            Assert.All(actual, values => Assert.Contains(values, v => v != 0));
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(1, 7)]
    [InlineData(2, 7)]
    public void What_does_not_pass_through_samples_is_there_for_every_portion(int portion, int side)
    {
        int size = 2 * side * side;
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, side, side));
        Node fixedValue = builder.Add("fixed", new Constant(new MemoryWeights(Draw.Normal(5, size), 1, 2, side, side)));
        Node rectified = builder.Add("rectified", new Relu(), fixedValue);
        Node product = builder.Add("product", new Arithmetic(ArithmeticOperation.Mul), x, fixedValue);
        builder.Output(builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), product, rectified));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = 4, Keep = Keep.ForBackward, Observe = ["rectified", "sum", "fixed"], SeedNode = "sum", Portion = 4 };
        using ExecutionPlan whole = engine.Plan(options), plan = engine.Plan(options with { Portion = portion });
        float[] values = Draw.Normal(6, 4 * size), seed = Draw.Normal(7, 4 * size);
        float[][] expected = Run(network, whole, values, seed), actual = Run(network, plan, values, seed);
        for (int i = 0; i < expected.Length; i++)
            Agreement.SameBits(expected[i], actual[i], $"result {i}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Records_are_of_the_whole_batch(int portion)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = Batch, Keep = Keep.ForBackward, Portion = Batch };
        using ExecutionPlan whole = engine.Plan(options), plan = engine.Plan(options with { Portion = portion });
        float[] seed = Draw.Normal(3, whole.SeedShape), first = Draw.Normal(1, network.InputShape.WithSamples(Batch)), second = Draw.Normal(2, first.Length);
        ForwardRecord expected = Record(whole, first), actual = Record(plan, first), other = Record(whole, second);
        Assert.Equal(expected.Nodes.Order(), actual.Nodes.Order());
        foreach (string node in expected.Nodes)
        {
            Assert.Equal(expected.ShapeOf(node), actual.ShapeOf(node));
            if (expected.HoldsSwitches(node))
                Assert.Equal(expected.Switches(node).ToArray(), actual.Switches(node).ToArray());
            else
                Assert.Equal(expected.Mask(node).ToArray(), actual.Mask(node).ToArray());
        }

        _ = Record(whole, first);
        float[] own = new float[first.Length], map = new float[first.Length], before = new float[first.Length];
        plan.Backward(seed, BackwardRule.Guided, before);
        whole.Backward(seed, BackwardRule.Guided, own, other);
        plan.Backward(seed, BackwardRule.Guided, map, other);
        Agreement.SameBits(own, map, "the other picture's record");
        Assert.NotEqual(before, map);

        ForwardRecord Record(ExecutionPlan of, float[] x)
        {
            of.SetInput(network.Input, x);
            of.Forward();
            return of.Export();
        }
    }

    [Fact]
    public void Seeds_made_of_values_are_asked_for_once_and_a_budget_that_fits_changes_nothing()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = Batch, Keep = Keep.ForBackward, Portion = 2 };
        using ExecutionPlan plan = engine.Plan(options with { MemoryBudget = engine.Measure(options) });
        Assert.Equal(Batch, plan.SamplesAtOnce);
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(Batch)), y = new float[Batch * 5], expected = new float[x.Length], actual = new float[x.Length];
        plan.SetInput(network.Input, x);
        int calls = 0;
        plan.Backward((first, samples, values, seeds) =>
        {
            calls++;
            Assert.Equal((0, Batch), (first, samples));
            values.CopyTo(seeds);
        }, BackwardRule.Gradient);
        Assert.Equal(1, calls);
        plan.ReadGradient(network.Input, actual);
        using ExecutionPlan whole = engine.Plan(options with { Portion = Batch });
        whole.Forward(x, y);
        whole.Backward(y, BackwardRule.Gradient, expected);
        Agreement.SameBits(expected, actual, "maps");
    }

    [Fact]
    public void Profiles_are_of_the_whole_batch()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = Batch, Keep = Keep.ForBackward, Observe = [.. network.Nodes.Select(n => n.Name)], SeedNode = "logits", Portion = Batch };
        using ExecutionPlan whole = engine.Plan(options), plan = engine.Plan(options with { Portion = 2 });
        NodeProfile[] expected = [.. whole.Profile(2, BackwardRule.Guided)], actual = [.. plan.Profile(2, BackwardRule.Guided)];
        Assert.Equal(expected.Select(p => (p.Node, p.Direction, p.MultiplyAdds, p.Bytes)), actual.Select(p => (p.Node, p.Direction, p.MultiplyAdds, p.Bytes)));
        Assert.All(actual, p => Assert.True(p.Best >= 0 && p.Milliseconds >= p.Best));
    }

    [Fact]
    public void Portions_share_what_does_not_outlive_a_pass()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = 16, Portion = 16 };
        Assert.InRange(engine.Measure(options with { Portion = 1 }), engine.Measure(options with { Batch = 1, Portion = null }), engine.Measure(options) - 1);
        var error = Assert.Throws<PreimageException>(() => engine.Measure(options with { Portion = 3 }));
        Assert.Contains("portions of 3 samples do not divide 16", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Weights that stay in the cache let activations decide; weights that do not are shared by as many samples as there are.</summary>
    [Theory]
    [InlineData("squeezenet", 8, 1)]
    [InlineData("squeezenet", 1, 1)]
    [InlineData("resnet-18", 8, 8)]
    [InlineData("tiny-vgg", 8, 8)]
    [InlineData("lenet", 8, 8)]
    public void Networks_are_cut_where_that_saves_memory_traffic(string name, int batch, int portion)
    {
        using Network network = Topology.ByName(name);
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = 1 });
        var options = new PlanOptions { Batch = batch };
        Assert.Equal(engine.Measure(options with { Portion = portion }), engine.Measure(options));
        Assert.True(portion == batch || engine.Measure(options with { Portion = batch }) > engine.Measure(options));
    }

    [Fact]
    public void Bytes_from_memory_are_what_does_not_fit()
    {
        (long, long)[] steps = [(800, 0), (400, 30), (80, 50)];
        // 700 + 300 of values, and all 80 of weights, once.
        Assert.Equal(1080, PortionSize.FromMemory(steps, 8, 8, 100));
        // A sample takes 100, 50 and 10; its weights are read again for each of the eight.
        Assert.Equal(8 * 80, PortionSize.FromMemory(steps, 1, 8, 100));
        // Where both fit nothing comes from memory.
        Assert.Equal(0, PortionSize.FromMemory(steps, 1, 8, 180));
        Assert.Equal(8 * 30, PortionSize.FromMemory(steps, 1, 8, 150));
    }

    /// <summary>Planes of 17 MB a sample: one at a time stays nearest to the cache.</summary>
    [Fact]
    public void Parts_that_answer_a_budget_run_in_portions_too()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 256, 256)), conv = builder.Add("conv", SmallNetworks.Filters(1, 64, 3), x);
        builder.Output(builder.Add("mean", new GlobalPool(), conv));
        using Network network = builder.Build();
        using var backend = new CpuBackend(new EngineOptions { Threads = 1 });
        var scope = new PlanScope(network, new PlanOptions { Batch = 4 });
        var part = new PartSize(2, 1);
        PortionedPlan divided = PortionedPlan.Of(part.Cut(scope), backend), atOnce = PortionedPlan.Of(part.Cut(scope, inOnePortion: true), backend);
        divided.Steps.DisposeOperators();
        atOnce.Steps.DisposeOperators();
        Assert.Equal((2, 1), (divided.Portions, atOnce.Portions));
        Assert.InRange(divided.Bytes, 1, atOnce.Bytes - 1);

        // What a rule is shown is the whole batch, and sums over samples stay whole.
        Assert.Equal(1, Portions(new PlanOptions { Batch = 4, Keep = Keep.ForBackward, ParametersOf = ["conv"] }));
        Assert.Equal(1, Portions(new PlanOptions { Batch = 4, Keep = Keep.ForBackward, NodeRule = new Rules.NoRule() }));
        Assert.Equal(4, Portions(new PlanOptions { Batch = 4, Keep = Keep.ForBackward }));

        int Portions(PlanOptions options)
        {
            PortionedPlan plan = PortionedPlan.Of(new PlanScope(network, options), backend);
            plan.Steps.DisposeOperators();
            return plan.Portions;
        }
    }

    [Fact]
    public void A_model_whose_shapes_name_the_batch_is_not_divided()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(4, 6));
        builder.Output(builder.Add("named", new Reshape { Extents = [4, 2, 3] }, x));
        using Network network = builder.Build();
        Assert.False(network.MixesSamples);
        Assert.False(new PlanScope(network, new PlanOptions()).CanBeCut);
    }

    [Fact]
    public void Runs_of_bits_go_anywhere_and_leave_their_neighbours()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            var from = new byte[20];
            var to = new byte[20];
            random.NextBytes(from);
            random.NextBytes(to);
            int count = random.Next(100), fromBit = random.Next(160 - count), toBit = i % 3 == 0 ? fromBit % 8 : random.Next(160 - count);
            toBit = Math.Min(toBit, 160 - count);
            bool[] expected = [.. Bits(to)];
            Bits(from).Skip(fromBit).Take(count).ToArray().CopyTo(expected, toBit);
            BitRun.Copy(from, fromBit, to, toBit, count);
            Assert.Equal(expected, Bits(to));
        }

        static IEnumerable<bool> Bits(byte[] bytes) => Enumerable.Range(0, 8 * bytes.Length).Select(b => (bytes[b / 8] >> b % 8 & 1) != 0).ToArray();
    }

    /// <summary>Observed values and the input after a run, and a map per rule, once more for the first rule.</summary>
    static float[][] Run(Network network, ExecutionPlan plan, float[] x, float[] seed)
    {
        var results = new List<float[]>();
        plan.SetInput(network.Input, x);
        plan.Forward();
        foreach (BackwardRule rule in s_rules.Append(s_rules[0]))
        {
            var map = new float[plan.GradientShape(network.Input).Count];
            plan.Backward(seed, rule, map);
            results.Add(map);
        }

        foreach (Node node in plan.Options.Observe!.Select(n => network.Nodes[n]).Append(network.Input))
        {
            var values = new float[plan.ShapeOf(node).Count];
            plan.Read(node, values);
            results.Add(values);
        }

        return [.. results];
    }
}
