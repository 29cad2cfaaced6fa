using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What holds for every method of the catalogue, whatever it computes.</summary>
public class EveryMethodTests : IDisposable
{
    // Its samples are of several classes, so that an arg-max is a unit of each one's own.
    readonly Network _network = SmallNetworks.Mixed(3);
    readonly Engine _engine;

    public EveryMethodTests() => _engine = _network.On(Device.Cpu);

    public static TheoryData<string> Names => [.. MethodCatalogue.All.Select(m => m.Name)];

    public void Dispose()
    {
        _engine.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_of_a_batch_is_the_sample_alone(string name)
    {
        AttributionMethod method = MethodCatalogue.ByName(name).Make(_engine);
        AttributionResult all = method.Attribute(Methods.Samples(_network, 5), [Target.Argmax, Target.Class(2)]);
        for (int n = 0; n < 5; n++)
        {
            AttributionResult alone = method.Attribute(Methods.Samples(_network, 1, n), [Target.Argmax, Target.Class(2)]);
            for (int k = 0; k < 2; k++)
            {
                Agreement.SameBits(alone.Row(k), all.Row(2 * n + k), $"{name}, sample {n}, target {k}");
                Assert.Equal(alone.Units[k] with { Sample = n }, all.Units[2 * n + k]);
                if (all.ConvergenceDeltas is { } deltas) Assert.Equal(alone.ConvergenceDeltas![k], deltas[2 * n + k]);
            }
        }

        Assert.False(all.Row(1).SequenceEqual(all.Row(3)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Targets_together_are_targets_alone(string name)
    {
        AttributionMethod method = MethodCatalogue.ByName(name).Make(_engine);
        Target[] targets = [Target.Class(4), Target.Vector(null, 1, -1, 0.5f, 0, 2), Target.TopK(2), Target.Argmax];
        AttributionResult together = method.Attribute(Methods.Samples(_network, 2), targets);
        Assert.Equal(10, together.Units.Count);
        int row = 0;
        foreach (Target target in targets)
        {
            AttributionResult alone = method.Attribute(Methods.Samples(_network, 2), target);
            for (int n = 0; n < 2; n++)
            {
                for (int k = 0; k < target.MapsPerSample; k++)
                    Agreement.SameBits(alone.Row(n * target.MapsPerSample + k), together.Row(n * 5 + row + k), $"{name}, sample {n}, {target}");
            }

            row += target.MapsPerSample;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_memory_budget_changes_no_bit(string name)
    {
        AttributionMethod method = MethodCatalogue.ByName(name).Make(_engine);
        Tensor<float> x = Methods.Samples(_network, 3);
        Target[] targets = [Target.Class(0), Target.Argmax];
        AttributionResult whole = method.Attribute(x, targets);
        long least = Least(method);
        foreach (long budget in (long[])[least, 2 * least, 5 * least])
        {
            var reports = new List<AttributionProgress>();
            AttributionResult parts = method.Attribute(x, targets, new AttributionOptions { MemoryBudget = budget }, new Listener(reports));
            for (int row = 0; row < 6; row++) Agreement.SameBits(whole.Row(row), parts.Row(row), $"{name}, row {row}, {budget} bytes");
            Assert.Equal(whole.ConvergenceDeltas, parts.ConvergenceDeltas);
            Assert.Equal(new AttributionProgress(6, 6), reports[^1]);
            Assert.Equal(reports.OrderBy(r => r.Fraction), reports);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_softmax_at_the_end_is_stepped_over_and_noted(string name)
    {
        using Network with = Ending(true), without = Ending(false);
        using Engine a = with.On(Device.Cpu), b = without.On(Device.Cpu);
        AttributionResult stepped = MethodCatalogue.ByName(name).Make(a).Attribute(Methods.Samples(with, 2), Target.Class(1));
        AttributionResult plain = MethodCatalogue.ByName(name).Make(b).Attribute(Methods.Samples(without, 2), Target.Class(1));
        for (int n = 0; n < 2; n++) Agreement.SameBits(plain.Row(n), stepped.Row(n), $"{name}, sample {n}");
        Assert.Contains("softmax ('prob')", Assert.Single(stepped.Notes.Except(plain.Notes)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_map_without_signal_is_noted(string name)
    {
        AttributionMethod method = MethodCatalogue.ByName(name).Make(_engine);
        AttributionResult result = method.Attribute(Methods.Samples(_network, 2), [Target.Class(1), Target.Vector(null, 0, 0, 0, 0, 0)]);
        Assert.Equal(["row 1", "row 3"], result.Notes.Where(n => n.Contains("is zero everywhere", StringComparison.Ordinal)).Select(n => n[n.IndexOf("row", StringComparison.Ordinal)..][..5]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cancelled_call_stops_and_the_engine_goes_on(string name)
    {
        AttributionMethod method = MethodCatalogue.ByName(name).Make(_engine);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => method.Attribute(Methods.Samples(_network, 2), Target.Argmax, cancellation: source.Token));
        using var later = new CancellationTokenSource();
        var options = new AttributionOptions { MemoryBudget = Least(method) };
        var stop = new Stop(later);
        Assert.ThrowsAny<OperationCanceledException>(() => method.Attribute(Methods.Samples(_network, 9), [Target.Argmax], options, stop, later.Token));
        Assert.InRange(stop.Last.Fraction, 0.0001, 0.9999);
        method.Attribute(Methods.Samples(_network, 1), Target.Argmax);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_goes_to_another_engine_with_its_settings(string name)
    {
        CataloguedMethod listed = MethodCatalogue.ByName(name);
        AttributionMethod method = listed.Make(_engine);
        Assert.Equal(name, method.Name);
        using Network same = SmallNetworks.Mixed(3);
        using Engine engine = same.On(Device.Cpu);
        AttributionMethod moved = method.On(engine);
        Assert.Equal((name, engine), (moved.Name, moved.Engine));
        Assert.Equal(method.Settings, moved.Settings);
        AttributionResult here = method.Attribute(Methods.Samples(_network, 1), Target.Argmax), there = moved.Attribute(Methods.Samples(same, 1), Target.Argmax);
        Agreement.SameBits(here.Row(0), there.Row(0), name);
        Assert.Equal(name, here.Method);
        Assert.Equal(method.Settings, here.Settings);
        // Every map can be drawn the way the catalogue says.
        Assert.InRange(here.Render(listed.LookFor((int)here.Map.Lengths[1])).Picture.Width, 224, 448);
    }

    /// <summary>The bytes of one sample and one target, or, for methods that keep more on the way, the least that is not refused, to a thousandth.</summary>
    long Least(AttributionMethod method)
    {
        long refused = 0, taken = Methods.LeastBudget(_engine);
        for (; !Takes(taken); taken *= 2) refused = taken;
        while (refused > 0 && taken - refused > taken / 1000)
        {
            long middle = (refused + taken) / 2;
            (refused, taken) = Takes(middle) ? (refused, middle) : (middle, taken);
        }

        return taken;

        bool Takes(long budget)
        {
            try
            {
                method.Attribute(Methods.Samples(_network, 1), Target.Argmax, new AttributionOptions { MemoryBudget = budget });
                return true;
            }
            catch (PreimageException e) when (e.Message.Contains("MemoryBudget", StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    static Network Ending(bool softmax)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 6, 6));
        Node flat = builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), builder.Add("conv", SmallNetworks.Filters(1, 3, 2), x)));
        Node top = builder.Add("scores", SmallNetworks.Matrix(2, 108, 4), flat);
        builder.Output(softmax ? builder.Add("prob", new Softmax { Axis = 1 }, top) : top);
        return builder.Build();
    }

    sealed class Listener(List<AttributionProgress> reports) : IProgress<AttributionProgress>
    {
        public void Report(AttributionProgress value) => reports.Add(value);
    }

    sealed class Stop(CancellationTokenSource source) : IProgress<AttributionProgress>
    {
        public AttributionProgress Last { get; private set; }

        public void Report(AttributionProgress value)
        {
            Last = value;
            source.Cancel();
        }
    }
}
