using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Targets that follow the input are found once, where the input is as it came.</summary>
public class FixedTargetsTests : IDisposable
{
    readonly Network _network = SmallNetworks.Mixed(3);
    readonly Engine _engine;

    public FixedTargetsTests() => _engine = _network.On(Device.Cpu);

    public void Dispose()
    {
        _engine.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Strongest_units_become_units_by_name()
    {
        FixedTargets found = Resolve([Target.TopK(2), Target.Argmax, Target.Class(3), Target.Vector(null, 1, 0, 0, 0, -1)], 3);
        Assert.Equal(5, found.MapsPerSample);
        for (int n = 0; n < 3; n++)
        {
            float[] values = found.Values(n).ToArray();
            int[] order = [.. Enumerable.Range(0, 5).OrderByDescending(i => values[i])];
            Assert.Equal([Target.Class(order[0]), Target.Class(order[1]), Target.Class(order[0]), Target.Class(3)], found.Of(n).Take(4));
            Assert.Equal(Target.Vector(null, 1, 0, 0, 0, -1).ToString(), found.Of(n)[4].ToString());
            Assert.Equal(n, found.Units[n * 5].Sample);
            Assert.Equal(values[order[1]], found.Units[n * 5 + 1].Activation);
        }

        // Samples whose arg-max were all the same would not show that each has its own.
        Assert.True(Enumerable.Range(0, 3).Select(n => found.Of(n)[0]).Distinct().Count() > 1);
    }

    [Fact]
    public void At_an_inner_node_they_name_it()
    {
        FixedTargets found = Resolve([Target.ArgmaxOf("joined"), Target.FeatureMap("joined", 2)], 2);
        for (int n = 0; n < 2; n++)
            Assert.Equal([Target.Neuron("joined", found.Units[2 * n].Unit), Target.FeatureMap("joined", 2)], found.Of(n));
    }

    /// <summary>The arg-max at a point far away is another unit; the one of the clean input stays the target, and its signal with it.</summary>
    [Fact]
    public void They_do_not_follow_the_input()
    {
        FixedTargets clean = Resolve([Target.Argmax], 1), far = Resolve([Target.Argmax], 1, first: 1);
        Assert.NotEqual(clean.Units[0].Unit, far.Units[0].Unit);
        Target target = Assert.Single(clean.Of(0));
        AttributionResult there = new Saliency(_engine).Attribute(Methods.Samples(_network, 1, 1), target);
        Assert.Equal(clean.Units[0].Unit, there.Units[0].Unit);
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => i == clean.Units[0].Unit ? 1f : 0f)], clean.Seeds(0).ToArray());
    }

    [Fact]
    public void Signals_are_the_resolvers_in_any_batch()
    {
        FixedTargets all = Resolve([Target.TopK(3), Target.Class(1)], 4, new AttributionOptions { Seed = Seed.Activation });
        for (int n = 0; n < 4; n++)
        {
            FixedTargets alone = Resolve([Target.TopK(3), Target.Class(1)], 1, new AttributionOptions { Seed = Seed.Activation, MemoryBudget = Methods.LeastBudget(_engine) }, n);
            Agreement.SameBits(alone.Values(0), all.Values(n), $"values of sample {n}");
            Agreement.SameBits(alone.Seeds(0), all.Seeds(n), $"signals of sample {n}");
            Assert.Equal(alone.Of(0), all.Of(n));
        }
    }

    FixedTargets Resolve(Target[] targets, int samples, AttributionOptions? options = null, int first = 0)
    {
        var inputs = new AttributionInputs(_network, new Dictionary<string, Tensor<float>> { ["x"] = Methods.Samples(_network, samples, first) });
        return FixedTargets.Resolve(_engine, new AttributionRequest(inputs, targets, options ?? new AttributionOptions(), null, CancellationToken.None));
    }
}
