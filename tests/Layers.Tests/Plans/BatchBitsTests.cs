using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>A sample's numbers depend on nothing beside it: not on the batch, its position, or how many seeds go back with it.</summary>
public class BatchBitsTests
{
    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    public void Every_position_of_a_batch_is_the_sample_alone(int batch)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape;
        float[][] samples = [.. Enumerable.Range(0, batch).Select(n => Draw.Normal((ulong)n + 50, shape))];
        float[][] seeds = [.. Enumerable.Range(0, batch).Select(n => Draw.Normal((ulong)n + 90, 5))];
        using ExecutionPlan one = engine.Plan(new PlanOptions { Batch = 1, Keep = Keep.ForBackward });
        using ExecutionPlan all = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward });
        float[] y = new float[5 * batch], maps = new float[shape.Count * batch], own = new float[5], map = new float[shape.Count];
        all.Forward(samples.SelectMany(s => s).ToArray(), y);
        foreach (BackwardRule rule in s_rules)
        {
            all.Backward(seeds.SelectMany(s => s).ToArray(), rule, maps);
            for (int n = 0; n < batch; n++)
            {
                one.Forward(samples[n], own);
                Agreement.SameBits(own, y.AsSpan(5 * n, 5), $"logits of sample {n} of {batch}");
                one.Backward(seeds[n], rule, map);
                Agreement.SameBits(map, maps.AsSpan(shape.Count * n, shape.Count), $"{rule.Relu} map of sample {n} of {batch}");
            }
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 2)]
    [InlineData(2, 7)]
    public void Seeds_side_by_side_are_seeds_one_at_a_time(int batch, int count)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape.WithSamples(batch);
        int size = shape.SampleCount;
        float[] x = Draw.Normal(60, shape), seeds = Draw.Normal(61, batch * count * 5);
        using ExecutionPlan one = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward });
        using ExecutionPlan many = engine.Plan(new PlanOptions { Batch = batch, Seeds = count, Keep = Keep.ForBackward });
        Assert.Equal(new Shape(batch * count, 5), many.SeedShape);
        float[] y = new float[5 * batch], maps = new float[size * batch * count], map = new float[size * batch];
        many.Forward(x, y);
        one.Forward(x, y);
        foreach (BackwardRule rule in s_rules)
        {
            many.Backward(seeds, rule, maps);
            for (int k = 0; k < count; k++)
            {
                // Row n*K + k belongs to sample n.
                float[] part = [.. Enumerable.Range(0, batch).SelectMany(n => seeds.Skip((n * count + k) * 5).Take(5))];
                one.Backward(part, rule, map);
                for (int n = 0; n < batch; n++)
                    Agreement.SameBits(map.AsSpan(n * size, size), maps.AsSpan((n * count + k) * size, size), $"{rule.Relu}, sample {n}, seed {k}");
            }
        }
    }

    /// <summary>The operators whose backward pass reads activations: each must read those of its own sample.</summary>
    [Theory]
    [MemberData(nameof(ReadingCases))]
    public void Seeds_find_their_samples_activations(string name)
    {
        const int Count = 3;
        Network network = Rules.OperatorCases.All[name];
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan one = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        using ExecutionPlan many = engine.Plan(new PlanOptions { Seeds = Count, Keep = Keep.ForBackward });
        foreach (ExecutionPlan plan in (ExecutionPlan[])[one, many])
        {
            foreach (Node input in network.Inputs) plan.SetInput(input, Draw.Normal((ulong)input.Index + 70, plan.ShapeOf(input)));
            plan.Forward();
        }

        int samples = one.SeedShape.N, size = one.SeedShape.SampleCount;
        float[] seeds = Draw.Normal(71, many.SeedShape);
        many.Backward(seeds, BackwardRule.Gradient);
        for (int k = 0; k < Count; k++)
        {
            one.Backward([.. Enumerable.Range(0, samples).SelectMany(n => seeds.Skip((n * Count + k) * size).Take(size))], BackwardRule.Gradient);
            foreach (Node input in network.Inputs)
            {
                float[] map = new float[one.GradientShape(input).Count], maps = new float[many.GradientShape(input).Count];
                one.ReadGradient(input, map);
                many.ReadGradient(input, maps);
                int own = map.Length / samples;
                for (int n = 0; n < samples; n++)
                    Agreement.SameBits(map.AsSpan(n * own, own), maps.AsSpan((n * Count + k) * own, own), $"{input.Name}, sample {n}, seed {k}");
            }
        }
    }

    public static TheoryData<string> ReadingCases => [.. Rules.OperatorCases.All.Keys];

    [Fact]
    public void The_same_run_twice_gives_the_same_bytes()
    {
        float[] Once()
        {
            using Network network = SmallNetworks.Mixed();
            using Engine engine = network.On(Device.Cpu);
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 4, Keep = Keep.ForBackward });
            float[] x = Draw.Normal(80, network.InputShape.WithSamples(4)), map = new float[x.Length];
            plan.Forward(x, new float[20]);
            plan.Backward(Draw.Normal(81, 20), BackwardRule.Gradient, map);
            return map;
        }

        Agreement.SameBits(Once(), Once(), "maps of two engines");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_number_of_threads_changes_no_bit(int threads)
    {
        float[] With(int count)
        {
            using Network network = SmallNetworks.Mixed();
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = count });
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 5, Keep = Keep.ForBackward });
            float[] x = Draw.Normal(80, network.InputShape.WithSamples(5)), map = new float[x.Length];
            plan.Forward(x, new float[25]);
            plan.Backward(Draw.Normal(81, 25), BackwardRule.Gradient, map);
            return map;
        }

        Agreement.SameBits(With(1), With(threads), $"{threads} threads against one");
    }
}
