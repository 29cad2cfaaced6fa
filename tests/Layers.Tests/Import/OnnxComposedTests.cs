using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;
using static Preimage.Layers.Tests.Import.OnnxModels;

namespace Preimage.Layers.Tests.Import;

/// <summary>Operators that become several layers, against their definitions in double; five axes where two of them stay together.</summary>
public sealed class OnnxComposedTests
{
    static readonly Dictionary<string, (ModelProto Model, Func<double, double> Truth)> s_functions = new()
    {
        ["HardSigmoid"] = (Start().Node("HardSigmoid", "x", "y", Float("alpha", 0.3f), Float("beta", 0.4f)), x => Math.Clamp(0.3f * x + 0.4f, 0, 1)),
        ["HardSigmoid as it is"] = (Start().Node("HardSigmoid", "x", "y"), x => Math.Clamp(0.2f * x + 0.5, 0, 1)),
        ["HardSwish"] = (Start().Node("HardSwish", "x", "y"), x => x * Math.Clamp(x / 6 + 0.5, 0, 1)),
        ["Elu"] = (Start().Node("Elu", "x", "y"), x => x > 0 ? x : Math.Exp(x) - 1),
        ["Elu, alpha"] = (Start().Node("Elu", "x", "y", Float("alpha", 0.7f)), x => x > 0 ? x : 0.7f * (Math.Exp(x) - 1)),
        ["Celu"] = (Start().Node("Celu", "x", "y", Float("alpha", 2)), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1)),
        ["Selu"] = (Start().Node("Selu", "x", "y"), x => 1.05070102f * (x > 0 ? x : 1.67326324f * (Math.Exp(x) - 1))),
        ["Softplus"] = (Start().Node("Softplus", "x", "y"), Softplus),
        ["Mish"] = (Start().Node("Mish", "x", "y"), x => x * Math.Tanh(Softplus(x))),
        ["Erf"] = (Start().Node("Erf", "x", "y"), Functions.Erf),
        ["Gelu"] = (Start().Node("Gelu", "x", "y"), x => x * (1 + Functions.Erf(x / Math.Sqrt(2))) / 2),
        ["Gelu, tanh"] = (Start().Node("Gelu", "x", "y", Text("approximate", "tanh")),
            x => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2),
        ["Exp"] = (Start().Node("Exp", "x", "y"), Math.Exp),
        ["Sqrt"] = (Start().Node("Exp", "x", "e").Node("Sqrt", "e", "y"), x => Math.Exp(x / 2)),
        ["Reciprocal"] = (Start().Node("Exp", "x", "e").Node("Reciprocal", "e", "y"), x => Math.Exp(-x)),
        ["Pow 1"] = (Power(1), Math.Exp),
        ["Pow 2"] = (Power(2), x => Math.Exp(2 * x)),
        ["Pow 3"] = (Power(3), x => Math.Exp(3 * x)),
        ["Pow 0.5"] = (Power(0.5f), x => Math.Exp(0.5 * x)),
        ["Pow -0.5"] = (Power(-0.5f), x => Math.Exp(-0.5 * x)),
        ["Pow -1"] = (Power(-1), x => Math.Exp(-x)),
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    static ModelProto Start() => Model(20).Input("x", 2, 3, 4, 4);

    static ModelProto Power(float exponent) => Start().Floats("p", [], exponent).Node("Exp", "x", "e").Node("Pow", "e p", "y");

    static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    static float[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(1.3f * i) * 4)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Namesare_what_their_definitions_say(string name)
    {
        (ModelProto model, Func<double, double> truth) = s_functions[name];
        using Network network = model.Clone().Output("y").Load();
        float[] x = Pixels(96);
        Agreement.Close([.. x.Select(v => truth(v))], Run(network, x), 1e-6, name);
        // Saved and read again they are the same layers.
        using var saved = new MemoryStream();
        network.Save(saved);
        using Network again = Network.Load(saved.ToArray());
        Agreement.SameBits(Run(network, x), Run(again, x), "saved and read again");
    }

    [Fact]
    public void A_power_that_is_not_composed_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<UnsupportedOperatorException>(() => Power(1.7f).Output("y").Load());
        Assert.Contains("the exponent 1.7 is not supported: 1, 2, 3, 0.5, -0.5 and -1 are", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void Layer_normalisation_is_over_the_axes_behind(int axis, bool shifts)
    {
        int inner = axis == -1 ? 4 : 48;
        int[] extents = axis == -1 ? [4] : [3, 4, 4];
        ModelProto model = Start().Floats("scale", extents).Floats("shift", extents)
            .Node("LayerNormalization", shifts ? "x scale shift" : "x scale", "y", Int("axis", axis), Float("epsilon", 0.01f)).Output("y");
        using Network network = model.Load();
        float[] x = Pixels(96);
        var expected = new double[x.Length];
        for (int line = 0; line < x.Length / inner; line++)
        {
            double[] values = [.. x.Skip(line * inner).Take(inner).Select(v => (double)v)];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + 0.01f);
            for (int i = 0; i < inner; i++)
                expected[line * inner + i] = (values[i] - mean) / deviation * MathF.Sin(i + 1 + 5) + (shifts ? MathF.Sin(i + 1 + 5) : 0);
        }

        Agreement.Close(expected, Run(network, x), 2e-6, "normalised");
    }

    /// <summary>Channel g C/G + c goes to c G + g (Zhang et al. 2017, ShuffleNet, section 3.1), for any batch.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Channels_are_shuffled_through_five_axes(int batch)
    {
        ModelProto model = Model().Input("x", 1, 6, 2, 5).Longs("five", 1, 2, 3, 2, 5).Longs("four", 1, -1, 2, 5)
            .Node("Reshape", "x five", "a").Node("Transpose", "a", "b", Ints("perm", 0, 2, 1, 3, 4)).Node("Reshape", "b four", "y").Output("y");
        using Network network = model.Load();
        float[] x = Pixels(batch * 60), expected = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int n = i / 60, c = i / 10 % 6, place = i % 10;
            expected[(n * 6 + c % 3 * 2 + c / 3) * 10 + place] = x[i];
        }

        Assert.Equal(expected, Run(network, x, batch));
    }

    [Theory]
    [InlineData("Relu", "rank 5")]
    [InlineData("Transpose", "rank 5")]
    [InlineData("", "rank 5")]
    public void Five_axes_are_good_for_nothing_else(string op, string reason)
    {
        ModelProto model = Model().Input("x", 1, 6, 2, 5).Longs("five", 1, 2, 3, 2, 5).Node("Reshape", "x five", "a");
        if (op == "Relu")
            model.Node("Relu", "a", "y");
        else if (op == "Transpose")
            model.Node("Transpose", "a", "y", Ints("perm", 0, 1, 2, 4, 3));
        var error = Assert.Throws<ModelException>(() => model.Output(op.Length == 0 ? "a" : "y").Load());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    static float[] Run(Network network, float[] x, int batch = 0)
    {
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(batch == 0 ? new PlanOptions() : new PlanOptions { Batch = batch });
        var y = new float[plan.ShapeOf(network.Output).Count];
        plan.SetInput(network.Input, x);
        plan.Forward();
        plan.Read(network.Output, y);
        return y;
    }
}
