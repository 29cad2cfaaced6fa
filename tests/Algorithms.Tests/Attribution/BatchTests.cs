using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>A map's bits depend on its sample and target alone.</summary>
public class BatchTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string method in Methods.Names)
            {
                foreach (int count in (int[])[1, 2, 3, 8, 17]) cases.Add(method, count);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_position_of_a_batch_is_the_sample_alone(string name, int count)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        AttributionMethod method = Methods.Make(name, engine);
        // The arg-max is a unit of its own for each sample.
        AttributionResult all = method.Attribute(Methods.Samples(network, count), Target.Argmax);
        Assert.Equal(count, all.Units.Count);
        for (int n = 0; n < count; n++)
        {
            AttributionResult alone = method.Attribute(Methods.Samples(network, 1, n), Target.Argmax);
            Agreement.SameBits(alone.Row(0), all.Row(n), $"{name}, sample {n} of {count}");
            Assert.Equal(alone.Units[0] with { Sample = n }, all.Units[n]);
        }

        // Samples that were alike would prove nothing.
        for (int n = 1; n < count; n++) Assert.False(all.Row(0).SequenceEqual(all.Row(n)));
    }

    [Theory]
    [InlineData("saliency")]
    [InlineData("deconvnet")]
    [InlineData("guided")]
    [InlineData("input-x-gradient")]
    public void Targets_together_are_targets_one_at_a_time(string name)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        AttributionMethod method = Methods.Make(name, engine);
        Tensor<float> input = Methods.Samples(network, 3);
        Target[] targets = [Target.Class(4), Target.Class(0), Target.Vector(null, 1, -1, 0.5f, 0, 2), Target.Argmax, Target.Class(2)];
        AttributionResult together = method.Attribute(input, targets);
        Assert.Equal(15, together.Units.Count);
        for (int k = 0; k < targets.Length; k++)
        {
            AttributionResult alone = method.Attribute(input, targets[k]);
            for (int n = 0; n < 3; n++)
            {
                Agreement.SameBits(alone.Row(n), together.Row(n * 5 + k), $"{name}, sample {n}, {targets[k]}");
                Assert.Equal(alone.Units[n], together.Units[n * 5 + k]);
            }
        }
    }

    /// <summary>Budgets from one sample and one target at a time up to everything at once.</summary>
    [Theory]
    [InlineData("saliency")]
    [InlineData("guided")]
    public void A_memory_budget_changes_no_bit(string name)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        AttributionMethod method = Methods.Make(name, engine);
        Tensor<float> input = Methods.Samples(network, 7);
        Target[] targets = [.. Enumerable.Range(0, 5).Select(Target.Class)];
        AttributionResult whole = method.Attribute(input, targets);
        // What a plan takes besides its rows (scratch, alignment) is the same for one as for 35: shares are of the rest.
        long most = engine.Measure(new PlanOptions { Batch = 7, Seeds = 5, Keep = Keep.ForBackward });
        long least = Methods.LeastBudget(engine);
        var runs = new HashSet<int>();
        foreach (double share in (double[])[0, 0.1, 0.2, 0.35, 0.5, 0.75, 1])
        {
            var reports = new List<AttributionProgress>();
            var options = new AttributionOptions { MemoryBudget = least + (long)(share * (most - least)) };
            AttributionResult streamed = method.Attribute(input, targets, options, new Listener(reports));
            Agreement.SameBits(whole.Map.GetSpan([0, 0, 0, 0], (int)whole.Map.FlattenedLength), streamed.Map.GetSpan([0, 0, 0, 0], (int)whole.Map.FlattenedLength), $"budget {share:P0}");
            Assert.Equal(whole.Units, streamed.Units);
            Assert.Equal(new AttributionProgress(35, 35), reports[^1]);
            Assert.Equal(reports.OrderBy(r => r.Maps), reports);
            runs.Add(reports.Count);
        }

        // One pass for everything, 35 for one map each, and something in between.
        Assert.Contains(1, runs);
        Assert.Contains(35, runs);
        Assert.True(runs.Count > 3, string.Join(", ", runs));
    }

    [Fact]
    public void The_same_call_gives_the_same_bytes()
    {
        float[] Once()
        {
            using Network network = SmallNetworks.Mixed(9);
            using Engine engine = network.On(Device.Cpu);
            AttributionResult result = new GuidedBackprop(engine).Attribute(Methods.Samples(network, 4), Target.TopK(3));
            return [.. Enumerable.Range(0, 12).SelectMany(r => result.Row(r).ToArray())];
        }

        Agreement.SameBits(Once(), Once(), "maps of two networks from one seed");
    }

    [Fact]
    public async Task Methods_are_safe_to_use_from_two_threads()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var method = new GuidedBackprop(engine);
        float[] expected = method.Attribute(Methods.Samples(network, 2), Target.Argmax).Row(1).ToArray();
        using var start = new Barrier(2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait(TimeSpan.FromSeconds(30));
            for (int i = 0; i < 20; i++) Agreement.SameBits(expected, method.Attribute(Methods.Samples(network, 2), Target.Argmax).Row(1), $"pass {i}");
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    /// <summary>Progress without a detour over a synchronisation context.</summary>
    sealed class Listener(List<AttributionProgress> reports) : IProgress<AttributionProgress>
    {
        public void Report(AttributionProgress value) => reports.Add(value);
    }
}
