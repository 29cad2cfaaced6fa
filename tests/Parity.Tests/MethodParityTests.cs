using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Tests.Rules;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Parity.Tests;

/// <summary>What stands on plans: the methods, gradients of parameters, node rules, batches run in parts.</summary>
public class MethodParityTests
{
    const double Bound = 1e-10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [InlineData("saliency")]
    [InlineData("deconvnet")]
    [InlineData("guided")]
    [InlineData("input-x-gradient")]
    public void Methods_give_the_same_maps(string name)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        {
            Shape shape = network.InputShape.WithSamples(3);
            Tensor<float> x = Tensor.Create(Draw.Normal(5, shape), shape.ToLengths());
            Target[] targets = [Target.Class(1), Target.Class(4)];
            AttributionResult expected = Method(name, cpu).Attribute(x, targets, new AttributionOptions { KeepRecord = true });
            AttributionResult actual = Method(name, gpu).Attribute(x, targets, new AttributionOptions { Record = expected.Record });
            Compare($"method {name}", Values(expected.Map), Values(actual.Map));
        }

        Gpu.LeavesNothing();
    }

    /// <summary>Methods of many passes, which keep no record: at no point of these is a unit near enough to its kink to flip.</summary>
    [Theory]
    [InlineData("integrated-gradients")]
    [InlineData("saliency-smooth")]
    [InlineData("saliency-variance")]
    [InlineData("grad-cam")]
    [InlineData("guided-grad-cam")]
    [InlineData("occlusion")]
    public void Methods_of_many_passes_give_the_same_maps(string name)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        {
            Shape shape = network.InputShape.WithSamples(2);
            Tensor<float> x = Tensor.Create(Draw.Normal(5, shape), shape.ToLengths());
            Target[] targets = [Target.Class(1), Target.Argmax];
            AttributionMethod method = OfPasses(name, cpu);
            AttributionResult expected = method.Attribute(x, targets), actual = method.On(gpu).Attribute(x, targets);
            Compare($"method {name}", Values(expected.Map), Values(actual.Map));
            Assert.Equal(expected.Units.Select(u => u.Unit), actual.Units.Select(u => u.Unit));
        }

        Gpu.LeavesNothing();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parameters_have_the_same_gradients(int seed)
    {
        Gpu.Require();
        using Network network = RandomNetwork.Make(seed);
        string[] nodes = [.. network.Nodes.Where(n => ParameterOracle.Roles(n.Layer).Count > 0).Select(n => n.Name)];
        var options = new PlanOptions { Batch = 3, ParametersOf = nodes };
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        using (Passes expected = new(cpu, options), actual = new(gpu, options))
        {
            expected.Forward(1);
            actual.Forward(1);
            actual.Plan.Import(expected.Plan.Export());
            expected.Backward(1, BackwardRule.Gradient);
            actual.Backward(1, BackwardRule.Gradient);
            foreach (Node node in expected.Plan.ParameterNodes)
            {
                foreach (string role in ParameterOracle.Roles(node.Layer))
                {
                    int count = node.Layer.Weights.Single(w => w.Key == role).Value.Count;
                    float[] there = new float[count], here = new float[count];
                    expected.Plan.ReadParameterGradient(node, role, there);
                    actual.Plan.ReadParameterGradient(node, role, here);
                    Compare($"{node.Name} {role} of random network {seed}", there, here);
                }
            }
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Node_rules_see_the_same()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        var rule = new HalvingRule();
        var options = new PlanOptions { Batch = 2, Seeds = 2, NodeRule = rule };
        var backward = new BackwardRule(ReluRule.Gradient, Node: rule);
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        using (Passes expected = new(cpu, options), actual = new(gpu, options))
        {
            expected.Forward(1);
            actual.Forward(1);
            actual.Plan.Import(expected.Plan.Export());
            for (int run = 0; run < 3; run++)
                Compare("a node rule", expected.Backward(1, backward)[0], actual.Backward(1, backward)[0]);
        }

        Gpu.LeavesNothing();
    }

    /// <summary>Gradients where signals stop on their way: at a fused rectifier, a join, a fork.</summary>
    [Theory]
    [InlineData("relu")]
    [InlineData("pool")]
    [InlineData("joined")]
    [InlineData("hidden")]
    public void Inner_nodes_have_the_same_gradients(string node)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        var options = new PlanOptions { Batch = 3, Seeds = 2, GradientsOf = [node], SeedNode = "logits", Observe = ["logits"] };
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        using (Passes expected = new(cpu, options), actual = new(gpu, options))
        {
            expected.Forward(1);
            actual.Forward(1);
            actual.Plan.Import(expected.Plan.Export());
            foreach (BackwardRule rule in (BackwardRule[])[BackwardRule.Gradient, BackwardRule.Guided])
            {
                for (int run = 0; run < 3; run++)
                    Compare($"gradients at {node}", expected.Backward(1, rule)[0], actual.Backward(1, rule)[0]);
            }
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Parts_of_a_batch_add_up_to_it()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine gpu = Gpu.On(network))
        {
            var options = new PlanOptions { Batch = 5, Keep = Keep.ForBackward };
            long two = gpu.Measure(options with { Batch = 2 });
            using Passes whole = new(gpu, options), parts = new(gpu, options with { MemoryBudget = two });
            Assert.Equal(2, parts.Plan.SamplesAtOnce);
            for (int run = 0; run < 3; run++)
            {
                Compare("a batch in parts", whole.Forward(1), parts.Forward(1));
                Compare("a batch in parts", whole.Backward(1, BackwardRule.Guided)[0], parts.Backward(1, BackwardRule.Guided)[0]);
            }
        }

        Gpu.LeavesNothing();
    }

    static AttributionMethod Method(string name, Engine engine) => name switch
    {
        "saliency" => new Saliency(engine),
        "deconvnet" => new DeconvNet(engine),
        "guided" => new GuidedBackprop(engine),
        _ => new InputXGradient(engine),
    };

    /// <summary>Fewer passes than the defaults, for a device that is simulated.</summary>
    static AttributionMethod OfPasses(string name, Engine engine) => name switch
    {
        "integrated-gradients" => new IntegratedGradients(engine) { Steps = 5 },
        "saliency-smooth" => new Saliency(engine).Smooth(4),
        "saliency-variance" => new Saliency(engine).Variance(4),
        "grad-cam" => new GradCam(engine),
        "guided-grad-cam" => new GuidedGradCam(engine),
        _ => new Occlusion(engine) { Window = (5, 6), Stride = (4, 5) },
    };

    static float[] Values(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    static void Compare(string what, float[] expected, float[] actual)
    {
        double nmse = Agreement.Nmse(actual, expected);
        ParityReport.Add("methods", what, nmse);
        Assert.True(nmse <= Bound, $"{what}: NMSE {nmse:E2}, at most {Bound:E0}");
    }

    /// <summary>Convolutions pass on half of what they would with their weights' magnitudes, times what they read.</summary>
    sealed class HalvingRule : INodeRule
    {
        public bool AppliesTo(Node node) => node.Layer is Convolution;

        public float Transform(Node node, float weight) => Math.Abs(weight);

        public void Backward(in NodeBackward call)
        {
            float[] signal = new float[call.SignalShape.Count], z = new float[call.OutputShape.Count], x = new float[call.InputShape(0).Count];
            call.ReadSignal(signal);
            call.Forward(z, transformed: true);
            call.ReadInput(0, x);
            int units = call.OutputShape.SampleCount, size = call.InputShape(0).SampleCount;
            for (int i = 0; i < signal.Length; i++)
                signal[i] *= 0.5f * z[i / units / call.Seeds * units + i % units];
            call.Propagate(signal, transformed: true);
            if (!call.Wants(0))
                return;
            var back = new float[x.Length * call.Seeds];
            call.ReadInputSignal(0, back);
            for (int i = 0; i < back.Length; i++)
                back[i] *= x[i / size / call.Seeds * size + i % size];
            call.WriteInputSignal(0, back);
        }
    }
}
