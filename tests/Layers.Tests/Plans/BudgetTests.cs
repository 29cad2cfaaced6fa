using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>A plan that has too little memory for its batch runs in parts, with the same numbers to the bit.</summary>
public sealed class BudgetTests
{
    const int Seeds = 5;

    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    public void Every_budget_gives_the_bits_of_none(int batch)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = batch, Seeds = Seeds, Keep = Keep.ForBackward, Observe = ["logits", "pool"], SeedNode = "logits" };
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(batch)), seed = Draw.Normal(2, batch * Seeds * 5);
        using ExecutionPlan whole = engine.Plan(options);
        Assert.Equal((batch, Seeds), (whole.SamplesAtOnce, whole.SeedsAtOnce));
        float[][] expected = Run(network, whole, x, seed);
        long least = engine.Measure(options with { Batch = 1, Seeds = 1 });
        var sizes = new HashSet<(int, int)>();
        foreach (double share in (double[])[0, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 1])
        {
            long budget = least + (long)(share * (whole.PeakBytes - least));
            using ExecutionPlan plan = engine.Plan(options with { MemoryBudget = budget });
            Assert.InRange(plan.PeakBytes, 1, budget);
            Assert.Equal(plan.PeakBytes, engine.Measure(plan.Options));
            Assert.Equal((whole.SeedShape, whole.ShapeOf(network.Nodes["pool"])), (plan.SeedShape, plan.ShapeOf(network.Nodes["pool"])));
            sizes.Add((plan.SamplesAtOnce, plan.SeedsAtOnce));
            string what = $"{plan.SamplesAtOnce} of {batch} samples and {plan.SeedsAtOnce} of {Seeds} seeds at once";
            float[][] actual = Run(network, plan, x, seed);
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
                Agreement.SameBits(expected[i], actual[i], $"{what}, result {i}");
        }

        Assert.Contains((1, 1), sizes);
        Assert.Contains((batch, Seeds), sizes);
        Assert.True(batch == 1 || sizes.Any(s => s.Item1 > 1 && s.Item1 < batch) || batch == 2, string.Join(' ', sizes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(1)]
    public void Seeds_made_of_values_meet_every_sample_once_and_in_order(double share)
    {
        const int Batch = 7;
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = Batch, Seeds = Seeds, Keep = Keep.ForBackward };
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(Batch)), y = new float[Batch * 5], seed = new float[Batch * Seeds * 5];
        using ExecutionPlan whole = engine.Plan(options);
        whole.Forward(x, y);
        for (int row = 0; row < Batch * Seeds; row++)
            seed[row * 5 + row % Seeds] = y[row / Seeds * 5 + row % Seeds];
        float[] expected = new float[x.Length * Seeds], actual = new float[expected.Length];
        whole.Backward(seed, BackwardRule.Guided, expected);

        long least = engine.Measure(options with { Batch = 1, Seeds = 1 });
        using ExecutionPlan plan = engine.Plan(options with { MemoryBudget = least + (long)(share * (whole.PeakBytes - least)) });
        plan.SetInput(network.Input, x);
        int next = 0;
        var rows = new List<int>();
        plan.Backward(
            (first, samples, values, seeds) =>
            {
                Assert.Equal(next, first);
                next += samples;
                Assert.Equal((samples * 5, samples * 5 * Seeds), (values.Length, seeds.Length));
                Assert.Equal(0, seeds.IndexOfAnyExcept(0f) + 1);
                for (int row = 0; row < samples * Seeds; row++)
                    seeds[row * 5 + row % Seeds] = values[row / Seeds * 5 + row % Seeds];
            },
            BackwardRule.Guided, new Listener(rows));
        Assert.Equal(Batch, next);
        Assert.Equal(Batch * Seeds, rows[^1]);
        plan.ReadGradient(network.Input, actual);
        Agreement.SameBits(expected, actual, $"seeds of {plan.SamplesAtOnce} samples at once");
        var read = new float[y.Length];
        plan.Read(network.Output, read);
        Agreement.SameBits(y, read, "logits of the same pass");
    }

    [Fact]
    public void A_budget_below_one_sample_is_refused_with_both_numbers()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        long least = engine.Measure(new PlanOptions { Batch = 1, Keep = Keep.ForBackward });
        using (engine.Plan(new PlanOptions { Batch = 4, Seeds = 3, Keep = Keep.ForBackward, MemoryBudget = least }))
        {
        }

        var error = Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Batch = 4, Seeds = 3, Keep = Keep.ForBackward, MemoryBudget = least - 1 }));
        Assert.Contains($"{least} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains($"is {least - 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_mixes_samples_is_not_divided()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(4, 6));
        builder.Output(builder.Add("mixed", new Softmax { Axis = 0 }, builder.Add("dense", SmallNetworks.Matrix(1, 6, 3), x)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        long bytes = engine.Measure(new PlanOptions());
        using (engine.Plan(new PlanOptions { MemoryBudget = bytes }))
        {
        }

        var error = Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { MemoryBudget = bytes - 1 }));
        Assert.Contains("does not let its batch be divided", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_and_times_are_of_one_part()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var options = new PlanOptions { Batch = 6, Keep = Keep.ForBackward };
        using ExecutionPlan plan = engine.Plan(options with { MemoryBudget = engine.Measure(options with { Batch = 2 }) });
        Assert.Equal(2, plan.SamplesAtOnce);
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(6)), y = new float[30], again = new float[30], map = new float[x.Length], mapAgain = new float[x.Length];
        plan.Forward(x, y);
        Assert.Contains("2 at a time", Assert.Throws<PreimageException>(plan.Export).Message, StringComparison.Ordinal);
        plan.Backward(y, BackwardRule.Guided, map);
        Assert.NotEmpty(plan.Profile(1, BackwardRule.Guided));
        // What the profile ran is not what the caller asked for.
        plan.Read(network.Output, again);
        Agreement.SameBits(y, again, "logits");
        plan.Backward(y, BackwardRule.Guided, mapAgain);
        Agreement.SameBits(map, mapAgain, "maps");
    }

    /// <summary>Values after a run, and a map per rule; the second picture is another one.</summary>
    static float[][] Run(Network network, ExecutionPlan plan, float[] x, float[] seed)
    {
        var results = new List<float[]>();
        foreach (float sign in (float[])[1, -1])
        {
            Node input = network.Input;
            plan.SetInput(input, Array.ConvertAll(x, v => sign * v));
            plan.Forward();
            foreach (string name in plan.Options.Observe!)
            {
                Node node = network.Nodes[name];
                var values = new float[plan.ShapeOf(node).Count];
                plan.Read(node, values);
                results.Add(values);
            }

            foreach (BackwardRule rule in s_rules)
            {
                var map = new float[plan.GradientShape(input).Count];
                plan.Backward(seed, rule, map);
                results.Add(map);
            }
        }

        return [.. results];
    }

    sealed class Listener(List<int> rows) : IProgress<int>
    {
        public void Report(int value) => rows.Add(value);
    }
}
