using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>Gradients of parameters against differences of the layers' loops in double.</summary>
public class ParameterGradientTests
{
    const int Samples = 3;

    /// <summary>Of the largest magnitude: a sum of at most some 500 products below signals that are right to 1e-5; see the tests of the rules.</summary>
    const double Tolerance = 1e-5;

    public static TheoryData<string> Names =>
        [.. OperatorCases.All.Where(c => !IsDrawn(c.Value) && c.Value.Nodes.Any(n => ParameterOracle.Roles(n.Layer).Count > 0)).Select(c => c.Key)];

    public static TheoryData<string> Drawn => [.. OperatorCases.All.Where(c => IsDrawn(c.Value)).Select(c => c.Key)];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    /// <summary>Every implementation of a convolution, and the layers that have one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operator_has_the_gradients_of_its_layer(string name)
    {
        Network network = OperatorCases.All[name];
        Shape shape = network.InputShape;
        float[] x = Draw.Normal(1, shape);
        var oracle = new NetworkOracle(network, shape, x);
        float[] seed = Draw.Normal(2, oracle[network.Output].Shape);
        int ran = 0;
        foreach (ConvolutionImplementation implementation in ConvolutionList.All)
        {
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Force = new Dictionary<string, string> { [ConvolutionList.Operator] = implementation.Name } });
            ExecutionPlan plan;
            try
            {
                plan = engine.Plan(Options(network));
            }
            catch (PreimageException e) when (e.Message.Contains("was forced"))
            {
                continue;
            }

            using (plan)
                Check(plan, network, oracle, x, seed, implementation.Name);
            ran++;
        }

        Assert.True(ran >= 2, $"{ran} implementations");
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Weights_that_are_drawn_whenever_they_are_read_cannot_change(string name)
    {
        Network network = OperatorCases.All[name];
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains("drawn", Assert.Throws<ModelException>(() => engine.Plan(Options(network))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_layer_with_weights_is_among_the_operators()
    {
        IEnumerable<Type> kinds = typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && t != typeof(Constant) && t.GetProperties().Any(p => p.PropertyType == typeof(WeightSource)));
        Layer[] tried = [.. OperatorCases.All.Values.SelectMany(n => n.Nodes).Select(n => n.Layer)];
        Assert.All(kinds, kind => Assert.Contains(tried, layer => layer.GetType() == kind));
        Assert.All(tried, layer => Assert.Equal(layer.Learnt.Select(w => w.Key), ParameterOracle.Roles(layer)));
    }

    /// <summary>A layer that is two nodes has one gradient, whichever of them is named.</summary>
    [Fact]
    public void Nodes_that_share_a_layer_add_up()
    {
        using Network network = SmallNetworks.Learnt();
        (float[] x, NetworkOracle oracle) = Decided(network, 2);
        float[] seed = Draw.Normal(3, oracle[network.Output].Shape);
        using Engine engine = network.On(Device.Cpu);
        foreach (string name in (string[])["first", "second"])
        {
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Batch = Samples, ParametersOf = [name] });
            Assert.Equal(["first", "second"], plan.ParameterNodes.Select(n => n.Name).Order());
            Check(plan, network, oracle, x, seed, name);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_networks_have_the_gradients_of_all_their_layers(int number)
    {
        using Network network = RandomNetwork.Make(number);
        (float[] x, NetworkOracle oracle) = Decided(network, number);
        float[] seed = Draw.Normal((ulong)number + 1000, oracle[network.Output].Shape);
        foreach (Precision precision in new[] { Precision.Single, Precision.Strict })
        {
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = precision });
            using ExecutionPlan plan = engine.Plan(Options(network) with { Batch = Samples });
            Check(plan, network, oracle, x, seed, $"{precision}");
        }
    }

    /// <summary>Blocks of channels, chains with a sum and a ReLU, a batch norm that is not folded, a gate from the convolution behind.</summary>
    [Fact]
    public void Residual_blocks_of_many_channels()
    {
        using Network network = Residual();
        (float[] x, NetworkOracle oracle) = Decided(network, 1);
        float[] seed = Draw.Normal(3, oracle[network.Output].Shape);
        foreach (Precision precision in new[] { Precision.Single, Precision.Strict })
        {
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = precision });
            using ExecutionPlan plan = engine.Plan(Options(network) with { Batch = Samples });
            Check(plan, network, oracle, x, seed, $"{precision}");
        }
    }

    [Fact]
    public void Bits_depend_on_neither_instruction_set_nor_threads()
    {
        using Network network = Residual();
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(Samples)), seed = Draw.Normal(2, Samples * 5);
        float[][]? first = null;
        foreach ((string isa, int threads) in new[] { ("scalar", 1), ("scalar", 2), ("avx2", 1), ("avx512", 1), ("avx512", 2) })
        {
            if (!Preimage.Cpu.IsaChoice.IsSupported(isa switch { "avx2" => Preimage.Cpu.Isa.Avx2, "avx512" => Preimage.Cpu.Isa.Avx512, _ => Preimage.Cpu.Isa.Scalar }))
                continue;
            var options = new EngineOptions { Isa = isa, Threads = threads, Precision = Precision.Strict };
            using Engine engine = network.On(Device.Cpu, options);
            using ExecutionPlan plan = engine.Plan(Options(network) with { Batch = Samples });
            float[][] gradients = [.. Run(plan, network, x, seed).Select(g => g.Gradient)];
            first ??= gradients;
            for (int i = 0; i < first.Length; i++)
                Agreement.SameBits(first[i], gradients[i], $"{isa}, {threads} threads, gradient {i}");
        }
    }

    /// <summary>Asking for gradients of parameters changes nothing else, and without those of inputs nothing is carried further than needed.</summary>
    [Fact]
    public void Gradients_of_inputs_stay_as_they_are_and_may_be_left_out()
    {
        using Network network = SmallNetworks.Mixed();
        float[] x = Draw.Normal(1, network.InputShape.WithSamples(Samples)), seed = Draw.Normal(2, Samples * 5);
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        using ExecutionPlan without = engine.Plan(new PlanOptions { Batch = Samples, Keep = Keep.ForBackward });
        using ExecutionPlan with = engine.Plan(Options(network) with { Batch = Samples });
        using ExecutionPlan only = engine.Plan(Options(network) with { Batch = Samples, GradientsOf = [] });
        using ExecutionPlan last = engine.Plan(Options(network) with { Batch = Samples, GradientsOf = [], ParametersOf = ["logits"] });
        float[] expected = new float[x.Length], actual = new float[x.Length], y = new float[seed.Length];
        without.Forward(x, y);
        foreach (BackwardRule rule in new[] { BackwardRule.Gradient, BackwardRule.Guided, BackwardRule.Deconvnet })
        {
            without.Backward(seed, rule, expected);
            with.Forward(x, y);
            with.Backward(seed, rule, actual);
            Agreement.SameBits(expected, actual, $"gradient of the input under {rule}");
        }

        Assert.Empty(only.Gradients);
        (Node Node, string Role, float[] Gradient)[] all = [.. Run(with, network, x, seed)], alone = [.. Run(only, network, x, seed)];
        Assert.Equal(all.Select(g => (g.Node, g.Role)), alone.Select(g => (g.Node, g.Role)));
        foreach (var ((node, role, gradient), other) in all.Zip(alone.Select(g => g.Gradient)))
            Agreement.SameBits(gradient, other, $"{node.Name} {role}");
        Assert.Equal(["logits"], last.ParameterNodes.Select(n => n.Name));
        Assert.Equal(2, Run(last, network, x, seed).Count());
        Assert.Equal(1, last.Profile(1, BackwardRule.Gradient).Count(p => p.Direction == PassDirection.Backward));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        PlanOptions options = Options(network);
        Refused("one seed at a time", options with { Seeds = 2 });
        Refused("ForBackward", options with { Keep = Keep.Nothing });
        Refused("node rule", options with { NodeRule = new NoRule() });
        Refused("no gradients of parameters", options with { ParametersOf = ["pool"] });
        Refused("reaches 'right'", options with { SeedNode = "left_relu", ParametersOf = ["left", "right"] });
        Refused("nobody", options with { ParametersOf = ["nobody"] });

        using ExecutionPlan plan = engine.Plan(options with { ParametersOf = ["conv"] });
        Node conv = network.Nodes["conv"], logits = network.Nodes["logits"];
        Assert.Contains("ParametersOf", Assert.Throws<PreimageException>(() => plan.ReadParameterGradient(logits, "weight", new float[60])).Message);
        Assert.Contains("weight, bias", Assert.Throws<PreimageException>(() => plan.ReadParameterGradient(conv, "scale", new float[6])).Message);
        Assert.Throws<ShapeException>(() => plan.ReadParameterGradient(conv, "bias", new float[7]));

        void Refused(string why, PlanOptions wanted) => Assert.Contains(why, Assert.ThrowsAny<PreimageException>(() => engine.Plan(wanted)).Message);
    }

    static PlanOptions Options(Network network) => new()
    {
        Keep = Keep.ForBackward, ParametersOf = [.. network.Nodes.Where(n => ParameterOracle.Roles(n.Layer).Count > 0).Select(n => n.Name)],
    };

    static IEnumerable<(Node Node, string Role, float[] Gradient)> Run(ExecutionPlan plan, Network network, float[] x, float[] seed)
    {
        plan.SetInput(network.Input, x);
        plan.Forward();
        // Twice: nothing is left over from the first time.
        for (int i = 0; i < 2; i++)
            plan.Backward(seed, BackwardRule.Gradient);
        foreach (Node node in plan.ParameterNodes)
        {
            foreach (string role in ParameterOracle.Roles(node.Layer))
            {
                var gradient = new float[node.Layer.Weights.Single(w => w.Key == role).Value.Count];
                plan.ReadParameterGradient(node, role, gradient);
                yield return (node, role, gradient);
            }
        }
    }

    static void Check(ExecutionPlan plan, Network network, NetworkOracle oracle, float[] x, float[] seed, string what)
    {
        IReadOnlyDictionary<Node, double[]> signals = oracle.Backward(network.Output, Array.ConvertAll(seed, v => (double)v), BackwardRule.Gradient);
        (Node Node, string Role, float[] Gradient)[] gradients = [.. Run(plan, network, x, seed)];
        var y = new float[seed.Length];
        plan.Read(network.Output, y);
        Agreement.Close(oracle[network.Output].Values, y, Tolerance, $"forward, {what}");
        foreach ((Node node, string role, float[] gradient) in gradients)
        {
            // Of many filters every few are looked at, which meets each channel and tap.
            int every = gradient.Length < 1000 ? 1 : 7;
            double[][] parts = [.. plan.ParameterNodes.Where(n => n.Layer == node.Layer)
                .Select(n => ParameterOracle.Gradient(n.Layer, role, oracle[n].Shape, oracle[n.Inputs[0]], signals[n], every))];
            double[] expected = [.. Enumerable.Range(0, parts[0].Length).Select(i => parts.Sum(p => p[i]))];
            Agreement.Close(expected, [.. gradient.Where((_, i) => i % every == 0)], Tolerance, $"{role} of {node.Name}, {what}");
        }
    }

    /// <summary>Values for which float and double go the same way at every kink and tie.</summary>
    static (float[] X, NetworkOracle Oracle) Decided(Network network, int number)
    {
        Shape shape = network.InputShape.WithSamples(Samples);
        for (ulong attempt = 0; attempt < 500; attempt++)
        {
            float[] x = Draw.Normal((ulong)number * 1000 + attempt, shape);
            var oracle = new NetworkOracle(network, shape, x);
            if (oracle.Margin > 2e-6)
                return (x, oracle);
        }

        throw new InvalidOperationException("no input of 500 keeps away from ties");
    }

    static Network Residual()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 8, 7));
        Node first = builder.Add("first_relu", new Relu(), builder.Add("first", SmallNetworks.Filters(1, 20, 3), x));
        Node norm = builder.Add("norm", Norm(10, 20), builder.Add("normed", SmallNetworks.Filters(2, 20, 20), first));
        Node second = builder.Add("second", SmallNetworks.Filters(3, 20, 20), builder.Add("norm_relu", new Relu(), norm));
        Node joined = builder.Add("joined_relu", new Relu(), builder.Add("joined", new Arithmetic(ArithmeticOperation.Add), second, first));
        Node apart = builder.Add("apart", new Convolution
        {
            Weight = Draw.Weights(40, 0.3, 20, 1, 3, 3), Bias = Draw.Weights(41, 0.1, 20), Groups = 20,
            Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 1, 1, 1) },
        }, joined);
        Node narrow = builder.Add("narrow_relu", new Relu(), builder.Add("narrow", SmallNetworks.Filters(5, 33, 20, 1), apart));
        Node pool = builder.Add("flat", new Flatten(), builder.Add("pool", new GlobalPool(), narrow));
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(6, 33, 5), pool));
        return builder.Build();
    }

    static BatchNormalisation Norm(ulong seed, int channels) => new()
    {
        Scale = Draw.Weights(seed, 1, channels), Shift = Draw.Weights(seed + 1, 0.3, channels), Mean = Draw.Weights(seed + 2, 0.3, channels),
        Variance = new MemoryWeights(Array.ConvertAll(Draw.Normal(seed + 3, channels), v => 0.5f + v * v), channels),
    };

    static bool IsDrawn(Network network) => network.Nodes.Any(n => n.Layer.Weights.Any(w => w.Value is SeededWeights { Streamed: not null }));
}
