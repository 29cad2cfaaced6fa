using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Many points through one plan: each point's numbers are its own, however many run at once.</summary>
public class PointPassesTests
{
    const int Points = 7, Signals = 2;

    /// <summary>Budgets from one point at a time to all at once, against a plan of one sample.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(50)]
    public void Numbers_are_those_of_a_point_alone(int plans)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        PlanOptions one = Options(network, 1, Signals);
        using ExecutionPlan alone = engine.Plan(one);
        using var passes = Passes(engine, Points, plans * engine.Measure(one), BackwardRule.Gradient);
        var gradients = new float[Points * Signals * network.InputShape.Count];
        var values = new float[Points * 5];
        var seen = new List<int>();
        passes.Backward(Points, Fill, (point, own, seeds) => Seeds(own, seeds), (point, input, rows) =>
        {
            Assert.Same(network.Input, input);
            seen.Add(point);
            rows.CopyTo(gradients.AsSpan(point * rows.Length));
        }, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, Points), seen);
        passes.Forward(Points, Fill, (point, own) => own.CopyTo(values.AsSpan(point * 5)), CancellationToken.None);
        for (int point = 0; point < Points; point++)
        {
            float[] x = new float[network.InputShape.Count], y = new float[5], seed = new float[5 * Signals], gradient = new float[x.Length * Signals];
            Fill(point, network.Input, x);
            alone.Forward(x, y);
            Seeds(y, seed);
            alone.Backward(seed, BackwardRule.Gradient, gradient);
            Agreement.SameBits(y, values.AsSpan(point * 5, 5), $"the value at point {point}");
            Agreement.SameBits(gradient, gradients.AsSpan(point * gradient.Length, gradient.Length), $"the gradient at point {point}");
        }
    }

    /// <summary>Signals start from the value at their own point, which the last batch repeats.</summary>
    [Fact]
    public void Signals_may_depend_on_the_value()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var expected = new float[Points * 5];
        using (var forward = Passes(engine, Points, null, null))
            forward.Forward(Points, Fill, (point, own) => own.CopyTo(expected.AsSpan(point * 5)), CancellationToken.None);
        long three = 3 * engine.Measure(Options(network, 1, 1));
        using var passes = Passes(engine, Points, three, BackwardRule.Gradient);
        passes.Backward(Points, Fill, (point, own, seeds) =>
        {
            Agreement.SameBits(expected.AsSpan(point * 5, 5), own, $"the value at point {point}");
            Assert.All(seeds.ToArray(), v => Assert.Equal(0, v));
        }, (_, _, rows) => Assert.All(rows.ToArray(), v => Assert.Equal(0, v)), CancellationToken.None);
    }

    [Fact]
    public void Fewer_points_than_were_announced_are_as_many()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using var passes = Passes(engine, Points, null, null);
        foreach (int count in (int[])[1, 3, Points, 2 * Points + 1])
        {
            var seen = new List<int>();
            passes.Forward(count, Fill, (point, _) => seen.Add(point), CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, count), seen);
        }
    }

    [Fact]
    public void Cancelled_passes_stop_between_batches()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using var source = new CancellationTokenSource();
        using var passes = Passes(engine, Points, sizeof(float) * network.InputShape.Count + engine.Measure(Options(network, 1, 1)), null);
        var seen = new List<int>();
        Assert.Throws<OperationCanceledException>(() => passes.Forward(1000, Fill, (point, _) =>
        {
            seen.Add(point);
            source.Cancel();
        }, source.Token));
        Assert.InRange(seen.Count, 1, Points);
    }

    [Fact]
    public void A_network_that_mixes_samples_has_no_points()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("turned", new Transpose { Permutation = [1, 0] }, builder.Input("x", new Shape(2, 3))));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        string message = Assert.Throws<PreimageException>(() => Passes(engine, 2, null, null)).Message;
        Assert.Contains("mixes samples", message, StringComparison.Ordinal);
    }

    static PlanOptions Options(Network network, int batch, int seeds) => new()
    {
        Batch = batch, Seeds = seeds, Keep = Keep.ForBackward, Observe = [network.Output.Name], SeedNode = network.Output.Name,
    };

    static PointPasses Passes(Engine engine, int points, long? budget, BackwardRule? rule) =>
        new(engine, engine.Network.Output, new Dictionary<Node, Shape> { [engine.Network.Input] = engine.Network.InputShape }, points, budget, rule, rule is null ? 1 : Signals);

    static void Fill(int point, Node input, Span<float> values) => Draw.Normal((ulong)point + 700, values.Length).CopyTo(values);

    /// <summary>Two signals of which the second follows from the value.</summary>
    static void Seeds(ReadOnlySpan<float> values, Span<float> seeds)
    {
        seeds[3] = 1;
        for (int i = 0; i < 5; i++) seeds[5 + i] = values[i] * (i - 2);
    }
}
