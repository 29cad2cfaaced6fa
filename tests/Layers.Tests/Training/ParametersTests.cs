using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Training;

/// <summary>Weights that change: whatever runs on them computes what a network made of the values at that time computes, to the bit.</summary>
public sealed class ParametersTests
{
    public static TheoryData<string, int, string?> Cases { get; } = new()
    {
        { "mixed", 1, null }, { "mixed", 3, "Gemm" }, { "mixed", 2, "Reference" }, { "learnt", 3, null }, { "learnt", 2, "Gemm" }, { "blocked", 2, null }, { "blocked", 3, "Gemm" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_are_seen_by_every_plan(string name, int batch, string? forced)
    {
        using Network network = SmallNetwork(name);
        using var parameters = Parameters.Of(network);
        using Engine engine = parameters.Network.On(Device.Cpu, Options(forced));
        string[] nodes = [.. parameters.All.Select(p => p.Node.Name).Distinct()];
        using ExecutionPlan other = engine.Plan(new PlanOptions { Batch = 2 }), plan = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward, ParametersOf = nodes });
        using DeviceLoop loop = plan.CreateLoop();
        Shape shape = network.InputShape.WithSamples(batch);
        DeviceArray<float> x = loop.Allocate(shape, Draw.Normal(5, shape)), logits = loop.Allocate<float>(plan.SeedShape), signal = loop.Allocate<float>(plan.SeedShape);
        DeviceArray<float> rates = loop.Allocate(new Shape(3), [0.1f, 0.05f, 0.2f]);
        DeviceArray<int> labels = loop.Allocate(new Shape(batch), [.. Enumerable.Range(0, batch)]), predictions = loop.Allocate<int>(new Shape(batch));
        DeviceArray<double> losses = loop.Allocate<double>(new Shape(batch));
        (DeviceArray<float> Values, DeviceArray<float> Gradient)[] steps =
            [.. parameters.All.Select(p => (loop.Parameter(p.Node, p.Role), loop.ParameterGradient(p.Node, p.Role)))];
        loop.SetSeed(parameters.Network.Output, signal);
        Compare(parameters, other, forced);

        for (int i = 0; i < 3; i++)
        {
            float[][] before = [.. parameters.All.Select(p => Values(parameters, p))];
            loop.Repeat(Step, 1, TestContext.Current.CancellationToken);
            float rate = rates.ToArray()[i];
            for (int p = 0; p < steps.Length; p++)
            {
                float[] after = Values(parameters, parameters.All[p]), gradient = steps[p].Gradient.ToArray();
                Assert.Equal(before[p].Zip(gradient, (w, g) => MathF.FusedMultiplyAdd(-rate, MathF.FusedMultiplyAdd(0.01f, w, g), w)), after);
                Assert.NotEqual(before[p], after);
            }

            Compare(parameters, other, forced);
        }

        Parameter first = parameters.All[0];
        parameters.Write(first, Draw.Normal(9, first.Count));
        Compare(parameters, other, forced);

        void Step()
        {
            loop.SetInput(parameters.Network.Input, x);
            loop.Forward();
            loop.Read(parameters.Network.Output, logits);
            loop.Arrays.SoftmaxLoss(logits, labels, 1f / batch, signal, losses, predictions);
            loop.Backward(BackwardRule.Gradient);
            foreach ((DeviceArray<float> values, DeviceArray<float> gradient) in steps)
                loop.Arrays.DescentStep(values, gradient, null, rates, 0, 0.01f);
            loop.RefreshParameters();
        }
    }

    [Fact]
    public void A_copy_has_the_same_nodes_and_values_and_leaves_the_network_alone()
    {
        using Network network = SmallNetworks.Mixed();
        using var parameters = Parameters.Of(network);
        Assert.Equal(network.Nodes.Select(n => n.Name), parameters.Network.Nodes.Select(n => n.Name));
        Assert.Equal(network.Nodes.SelectMany(n => n.Layer.Weights.Select(w => $"{n.Name}.{w.Key}")), parameters.All.Select(p => p.ToString()));
        float[] given = network.Nodes["conv"].Layer.Weights[0].Value.ToArray();
        Parameter first = parameters.All[0];
        Assert.Equal(given, Values(parameters, first));
        parameters.Write(first, new float[first.Count]);
        Assert.Equal(new float[first.Count], Values(parameters, first));
        Assert.Equal(given, network.Nodes["conv"].Layer.Weights[0].Value.ToArray());
        using Network made = parameters.ToNetwork();
        parameters.Write(first, given);
        Assert.Equal(new float[first.Count], made.Nodes["conv"].Layer.Weights[0].Value.ToArray());
    }

    [Fact]
    public void Counts_that_do_not_fit_are_told()
    {
        using Network network = SmallNetworks.Mixed();
        var parameters = Parameters.Of(network);
        Parameter first = parameters.All[0];
        Assert.Contains("5 values for conv.weight, which has 162", Assert.Throws<ShapeException>(() => parameters.Write(first, new float[5])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => parameters.Read(first, new float[163]));
        Assert.Throws<PreimageException>(() => parameters.Read(first with { Role = "other" }, new float[162]));
        parameters.Dispose();
        Assert.Throws<ObjectDisposedException>(() => parameters.Read(first, new float[162]));
    }

    static void Compare(Parameters parameters, ExecutionPlan plan, string? forced)
    {
        using Network made = parameters.ToNetwork();
        // Of weights that do not change a batch norm is folded into the convolution before it, with other bits.
        using Parameters? unfolded = made.Nodes.Any(n => n.Layer is BatchNormalisation) ? Parameters.Of(made) : null;
        using Engine engine = (unfolded?.Network ?? made).On(Device.Cpu, Options(forced));
        using ExecutionPlan fresh = engine.Plan(new PlanOptions { Batch = 2 });
        float[] x = Draw.Normal(7, made.InputShape.WithSamples(2)), expected = new float[fresh.ShapeOf(made.Output).Count], actual = new float[expected.Length];
        fresh.Forward(x, expected);
        plan.Forward(x, actual);
        Assert.Equal(expected, actual);
    }

    static float[] Values(Parameters parameters, Parameter parameter)
    {
        var values = new float[parameter.Count];
        parameters.Read(parameter, values);
        return values;
    }

    static Network SmallNetwork(string name) => name switch
    {
        "mixed" => SmallNetworks.Mixed(),
        "learnt" => SmallNetworks.Learnt(),
        _ => SmallNetworks.Blocked(),
    };

    static EngineOptions Options(string? forced) => new() { Force = forced is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Conv"] = forced } };
}
