using System.Numerics.Tensors;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Plans;

/// <summary>What a plan runs, and what it says when it is asked for something else.</summary>
public class ScopeTests
{
    [Fact]
    public void Only_ancestors_of_the_observed_node_run()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        // At this size the flattened values do not fit the dense layer any more; nothing before it minds.
        var larger = new PlanOptions { Height = 20, Width = 17, Keep = Keep.ForBackward };
        var error = Assert.Throws<ModelException>(() => engine.Plan(larger));
        Assert.Equal("hidden", error.Node);
        using ExecutionPlan plan = engine.Plan(larger with { Observe = ["norm"] });
        var shape = new Shape(1, 3, 20, 17);
        Node norm = network.Nodes["norm"];
        float[] x = Draw.Normal(1, shape), y = new float[plan.ShapeOf(norm).Count];
        plan.Forward(x, y);

        using Network head = Head();
        var oracle = new NetworkOracle(head, shape, x);
        Agreement.Close(oracle[head.Output].Values, y, 1e-5, "norm at another size");
        Assert.Throws<PreimageException>(() => plan.ShapeOf(network.Nodes["mean"]));
    }

    /// <summary>A branch nobody asked for may be impossible, and is not run.</summary>
    [Fact]
    public void Inputs_the_target_does_not_need_may_be_left_out()
    {
        var builder = new NetworkBuilder();
        Node a = builder.Input("a", new Shape(1, 3)), b = builder.Input("b", new Shape(1, 3));
        Node relu = builder.Add("relu", new Relu(), a);
        builder.Output(builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), relu, b));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["relu"] });
        IReadOnlyDictionary<string, Tensor<float>> results = plan.Forward(new Dictionary<string, Tensor<float>> { ["a"] = Tensor.Create([-1f, 2, 3], [1, 3]) });
        Assert.Equal([0f, 2, 3], results["relu"]);
        using ExecutionPlan whole = engine.Plan(new PlanOptions());
        var error = Assert.Throws<PreimageException>(() => whole.Forward(new Dictionary<string, Tensor<float>> { ["a"] = Tensor.Create([-1f, 2, 3], [1, 3]) }));
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_of_several_inputs_are_read_by_name()
    {
        Network network = Rules.OperatorCases.All["Mul"];
        using Engine engine = network.On(Device.Cpu);
        Node a = network.Inputs["x0"], b = network.Inputs["x1"];
        int count = ((Input)a.Layer).Shape.Count;
        float[] u = Draw.Normal(1, count), v = Draw.Normal(2, count), seed = new float[count], gradient = new float[count];
        Array.Fill(seed, 1f);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        plan.SetInput(a, u);
        plan.SetInput(b, v);
        plan.Forward();
        Assert.Throws<PreimageException>(() => plan.Backward(seed, BackwardRule.Gradient, gradient));
        plan.Backward(seed, BackwardRule.Gradient);
        plan.ReadGradient(a, gradient);
        Assert.Equal(v, gradient);
        plan.ReadGradient(b, gradient);
        Assert.Equal(u, gradient);

        using ExecutionPlan one = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, GradientsOf = ["x1"] });
        one.SetInput(a, u);
        one.SetInput(b, v);
        one.Forward();
        one.Backward(seed, BackwardRule.Gradient, gradient);
        Assert.Equal(u, gradient);
        Assert.Throws<PreimageException>(() => one.ReadGradient(a, gradient));
    }

    [Fact]
    public void A_signal_can_start_at_the_input_itself()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["x"], Keep = Keep.ForBackward });
        float[] x = Draw.Normal(1, network.InputShape), y = new float[x.Length], map = new float[x.Length];
        plan.Forward(x, y);
        Assert.Equal(x, y);
        plan.Backward(x, BackwardRule.Guided, map);
        Assert.Equal(x, map);
    }

    [Fact]
    public void Wrong_counts_are_named()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        int count = network.InputShape.Count;
        Holds(Assert.Throws<ShapeException>(() => plan.SetInput(network.Input, new float[count - 1])), "'x'", $"{count - 1}", "1x3x14x12");
        plan.SetInput(network.Input, new float[count]);
        plan.Forward();
        Holds(Assert.Throws<ShapeException>(() => plan.Read(network.Output, new float[6])), "'logits'", "6", "1x5");
        Holds(Assert.Throws<ShapeException>(() => plan.Backward(new float[4], BackwardRule.Gradient)), "seed", "'logits'", "4", "1x5");
        plan.Backward(new float[5], BackwardRule.Gradient);
        Holds(Assert.Throws<ShapeException>(() => plan.ReadGradient(network.Input, new float[3])), "gradient", "'x'", "3");
    }

    [Fact]
    public void Calls_out_of_order_are_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        float[] x = Draw.Normal(1, network.InputShape), y = new float[5];
        using ExecutionPlan forward = engine.Plan(new PlanOptions());
        forward.Forward(x, y);
        Holds(Assert.Throws<PreimageException>(() => forward.Backward(y, BackwardRule.Gradient)), "Keep", "ForBackward");
        Assert.Null(forward.SeedNode);

        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        plan.SetInput(network.Input, x);
        Holds(Assert.Throws<PreimageException>(() => plan.Backward(y, BackwardRule.Gradient)), "has not run");
        Holds(Assert.Throws<PreimageException>(() => plan.Read(network.Output, y)), "has not run");
        Holds(Assert.Throws<PreimageException>(() => plan.Export()), "has not run");
        plan.Forward();
        plan.Backward(y, BackwardRule.Gradient);
        // Masks of the old input do not explain the new one.
        plan.SetInput(network.Input, x);
        Holds(Assert.Throws<PreimageException>(() => plan.Backward(y, BackwardRule.Gradient)), "has not run");
        plan.Forward();
        Holds(Assert.Throws<PreimageException>(() => plan.Read(network.Nodes["relu"], y)), "'relu'", "not observed");
        Holds(Assert.Throws<PreimageException>(() => plan.SetInput(network.Nodes["relu"], y)), "'relu'", "not an input");
        Holds(Assert.Throws<PreimageException>(() => plan.Backward(y, new BackwardRule(ReluRule.Gradient, Node: new Rules.NoRule()))), "NodeRule");
    }

    [Fact]
    public void Unknown_nodes_bring_the_closest_names()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        string message = Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Observe = ["logit"] })).Message;
        Holds(message, "'logit'", "logits");
        // The nearest first: what holds the name, then what resembles it.
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Observe = ["left_relo"] })).Message, "closest of 16: left_relu, ");
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Keep = Keep.ForBackward, SeedNode = "poool" })).Message, "'poool'", "pool");
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Keep = Keep.ForBackward, GradientsOf = ["y"] })).Message, "node 'y'", "x");
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { InputShapes = new Dictionary<string, Shape> { ["z"] = new(1) } })).Message, "input 'z'", "x");
    }

    [Fact]
    public void Ambiguous_and_impossible_options_are_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Observe = ["relu", "logits"] })), "2 nodes", "SeedNode");
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Seeds = 0 })), "0 seeds");
        Assert.Throws<ShapeException>(() => engine.Plan(new PlanOptions { Batch = 0 }));
        Holds(Assert.Throws<ShapeException>(() => engine.Plan(new PlanOptions { InputShapes = new Dictionary<string, Shape> { ["x"] = new(1, 3) } })), "'x'", "4 axes");
    }

    [Fact]
    public void A_seed_without_a_way_to_the_input_is_refused()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3)), constant = builder.Add("c", new Constant(new MemoryWeights([1, 2, 3], 1, 3)));
        Node beside = builder.Add("beside", new Tanh(), constant);
        builder.Output(builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), x, beside));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Holds(Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Observe = ["beside"] })), "'beside'", "does not depend on x");
        using ExecutionPlan forward = engine.Plan(new PlanOptions { Observe = ["beside"] });
        var y = new float[3];
        forward.Forward();
        forward.Read(network.Nodes["beside"], y);
        Assert.Equal(Math.Tanh(2), y[1], 1e-6);
    }

    [Fact]
    public void A_network_that_mixes_samples_has_a_fixed_batch()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(2, 3)), relu = builder.Add("relu", new Relu(), x);
        builder.Output(builder.Add("over_samples", new Softmax { Axis = 0 }, relu));
        using Network network = builder.Build();
        Assert.True(network.MixesSamples);
        using Engine engine = network.On(Device.Cpu);
        using (ExecutionPlan declared = engine.Plan(new PlanOptions { Batch = 2, Keep = Keep.ForBackward })) Assert.Equal(new Shape(2, 3), declared.SeedShape);
        foreach (PlanOptions options in (PlanOptions[])[new() { Batch = 3 }, new() { Seeds = 2, Keep = Keep.ForBackward }])
        {
            var error = Assert.Throws<ModelException>(() => engine.Plan(options));
            Assert.Equal("over_samples", error.Node);
            Holds(error, "axis 0");
        }

        // Before the node that mixes, samples are still apart.
        using ExecutionPlan before = engine.Plan(new PlanOptions { Batch = 3, Seeds = 2, Observe = ["relu"], Keep = Keep.ForBackward });
        Assert.Equal(new Shape(6, 3), before.SeedShape);
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        using var cancelled = new CancellationTokenSource();
        plan.SetInput(network.Input, Draw.Normal(1, network.InputShape));
        plan.Forward(cancelled.Token);
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => plan.Forward(cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => plan.Backward(new float[5], BackwardRule.Gradient, cancelled.Token));
        // The plan is free for the next call.
        plan.Forward();
    }

    /// <summary>The nodes of the mixed network up to its normalisation.</summary>
    static Network Head()
    {
        using Network whole = SmallNetworks.Mixed();
        var builder = new NetworkBuilder();
        var copies = new Dictionary<Node, Node>();
        foreach (Node node in whole.Nodes.TakeWhile(n => n.Name != "mean"))
            copies[node] = builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => copies[i])]);
        builder.Output(copies[whole.Nodes["norm"]]);
        return builder.Build();
    }

    static void Holds(Exception error, params ReadOnlySpan<string> parts) => Holds(error.Message, parts);

    static void Holds(string message, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
    }
}
