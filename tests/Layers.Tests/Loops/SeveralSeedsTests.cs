using Preimage.Layers.Loops;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>A plan with signals that start at several nodes carries back the sum of what plans of one signal each do.</summary>
public sealed class SeveralSeedsTests
{
    /// <summary>Ancestors of each other near and far, nodes that share no path, parts of a join with the join, views, the input itself.</summary>
    [Theory]
    [InlineData("logits", "pool")]
    [InlineData("logits", "conv")]
    [InlineData("relu", "conv")]
    [InlineData("left_relu", "right_relu")]
    [InlineData("left_relu", "right")]
    [InlineData("joined", "left_relu")]
    [InlineData("joined", "right_relu", "pool")]
    [InlineData("sum", "joined", "pool")]
    [InlineData("flat", "mean")]
    [InlineData("norm", "sum")]
    [InlineData("logits", "x")]
    [InlineData("logits", "hidden_relu", "hidden", "norm", "left", "relu")]
    public void Planar_network(params string[] nodes)
    {
        using Network network = SmallNetworks.Mixed();
        foreach ((int batch, int seeds, int portion) in ((int, int, int)[])[(1, 1, 1), (1, 3, 1), (4, 1, 4), (4, 1, 1), (4, 2, 2)])
            Check(network, network.InputShape, batch, seeds, portion, nodes);
    }

    [Theory]
    [InlineData("logits", "pool")]
    [InlineData("wide", "squeeze_relu")]
    [InlineData("joined", "squeeze_relu")]
    [InlineData("joined", "wide", "aside")]
    [InlineData("sum", "joined", "squeeze")]
    [InlineData("flat", "mean")]
    [InlineData("mean", "depthwise_relu", "full", "entry")]
    public void Blocked_network(params string[] nodes)
    {
        using Network network = SmallNetworks.Blocked();
        foreach ((int batch, int seeds, int portion) in ((int, int, int)[])[(1, 1, 1), (4, 1, 4), (4, 1, 1), (4, 2, 2)])
            Check(network, network.InputShape, batch, seeds, portion, nodes);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(4, 4)]
    public void Squeeze_net(int batch, int portion)
    {
        using Network network = Topology.SqueezeNet();
        Shape input = new(1, 3, 67, 67);
        foreach (string[] nodes in (string[][])[["fire2/relu_expand1x1", "fire2/relu_expand3x3"], ["fire4/concat", "fire4/relu_expand1x1", "fire2/concat"], ["logits", "fire5/expand3x3", "pool4"]])
            Check(network, input, batch, 1, portion, nodes);
    }

    static void Check(Network network, Shape input, int batch, int seeds, int portion, string[] nodes)
    {
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = 2 });
        var options = new PlanOptions { Batch = batch, Seeds = seeds, Height = input.H, Width = input.W, Keep = Keep.ForBackward, Portion = portion, Observe = nodes, SeedNode = nodes[0] };
        float[] x = Draw.Normal(1, input.WithSamples(batch)), expected = new float[x.Length * seeds], single = new float[expected.Length];
        float[][] signals = new float[nodes.Length][], values = new float[nodes.Length][];
        for (int i = 0; i < nodes.Length; i++)
        {
            using ExecutionPlan plan = engine.Plan(options with { SeedNode = nodes[i] });
            signals[i] = Draw.Normal((ulong)(10 + i), plan.SeedShape);
            values[i] = new float[plan.ShapeOf(network.Nodes[nodes[i]]).Count];
            plan.SetInput(network.Input, x);
            plan.Forward();
            plan.Read(network.Nodes[nodes[i]], values[i]);
            plan.Backward(signals[i], BackwardRule.Gradient, single);
            for (int j = 0; j < expected.Length; j++)
                expected[j] += single[j];
        }

        using ExecutionPlan several = engine.Plan(options with { AlsoSeeded = nodes[1..] });
        using DeviceLoop loop = several.CreateLoop();
        DeviceArray<float> image = loop.Allocate(input.WithSamples(batch), x), gradient = loop.Allocate<float>(several.GradientShape(network.Input));
        var read = new DeviceArray<float>[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            read[i] = loop.Allocate<float>(new Shape(values[i].Length));
            loop.SetSeed(network.Nodes[nodes[i]], loop.Allocate(new Shape(signals[i].Length), signals[i]));
        }

        // Twice: the second pass finds the first one's signals in the memory.
        loop.Repeat(Body, 2, TestContext.Current.CancellationToken);
        string what = $"{string.Join(" + ", nodes)}, {batch} samples, {seeds} seeds, portions of {portion}";
        Agreement.Close([.. expected.Select(v => (double)v)], gradient.ToArray(), 1e-5, what);
        Assert.Contains(expected, v => v != 0);
        for (int i = 0; i < nodes.Length; i++)
            Agreement.SameBits(values[i], read[i].ToArray(), $"{what}: {nodes[i]}");

        void Body()
        {
            loop.SetInput(network.Input, image);
            loop.Forward();
            for (int i = 0; i < nodes.Length; i++)
                loop.Read(network.Nodes[nodes[i]], read[i]);
            loop.Backward(BackwardRule.Gradient);
            loop.ReadGradient(network.Input, gradient);
        }
    }
}
