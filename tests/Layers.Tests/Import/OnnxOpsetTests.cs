using Preimage.Layers.Import.Onnx.Wire;
using static Preimage.Layers.Tests.Import.OnnxModels;

namespace Preimage.Layers.Tests.Import;

/// <summary>Operators whose parameters moved between attributes and inputs, or whose meaning changed, from opset to opset.</summary>
public sealed class OnnxOpsetTests
{
    const int Count = 2 * 3 * 4 * 4;

    static ModelProto Start(int opset) => Model(opset).Input("x", 2, 3, 4, 4);

    static (Shape Shape, float[] Values) Run(ModelProto model)
    {
        using Network network = model.Output("y").Load();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.SetInput(network.Input, [.. Enumerable.Range(0, plan.ShapeOf(network.Input).Count).Select(X)]);
        plan.Forward();
        var values = new float[plan.ShapeOf(network.Output).Count];
        plan.Read(network.Output, values);
        return (plan.ShapeOf(network.Output), values);
    }

    static float X(int i) => MathF.Sin(1.3f * i) * 4;

    /// <summary>The same operator in its older and its newer forms.</summary>
    public static TheoryData<string> Forms => ["Clip", "Squeeze", "Unsqueeze", "Split", "Slice", "Pad", "ReduceMean", "Upsample", "Dropout"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void OldAndNewForms_AreOneOperator(string op)
    {
        ModelProto[] models = op switch
        {
            "Clip" =>
            [
                Start(6).Node("Clip", "x", "y", Float("min", -1), Float("max", 2)),
                Start(11).Floats("a", [], -1).Floats("b", [], 2).Node("Clip", "x a b", "y"),
                Start(13).Floats("b", [], 2).Floats("a", [1], -1).Node("Clip", "x _ b", "z").Node("Clip", "z a", "y"),
            ],
            "Squeeze" =>
            [
                Start(9).Node("GlobalAveragePool", "x", "g").Node("Squeeze", "g", "y", Ints("axes", 2, 3)),
                Start(13).Node("GlobalAveragePool", "x", "g").Longs("a", -1, -2).Node("Squeeze", "g a", "y"),
                Start(13).Node("GlobalAveragePool", "x", "g").Node("Squeeze", "g", "y"),
            ],
            "Unsqueeze" =>
            [
                Start(9).Node("Flatten", "x", "g").Node("Unsqueeze", "g", "y", Ints("axes", 1, 3)),
                Start(13).Node("Flatten", "x", "g").Longs("a", 1, -1).Node("Unsqueeze", "g a", "y"),
            ],
            "Split" =>
            [
                Start(9).Node("Split", "x", "a y", Int("axis", 1), Ints("split", 2, 1)),
                Start(13).Longs("s", 2, 1).Node("Split", "x s", "a y", Int("axis", 1)),
                Start(18).Node("Split", "x", "a y", Int("axis", 1), Int("num_outputs", 2)),
            ],
            "Slice" =>
            [
                Start(9).Node("Slice", "x", "y", Ints("starts", 1, -3), Ints("ends", 1000, -1), Ints("axes", 1, 3)),
                Start(10).Longs("s", 1, -3).Longs("e", 1000, -1).Longs("a", 1, 3).Node("Slice", "x s e a", "y"),
                Start(13).Longs("s", 1, -3).Longs("e", 1000, -1).Longs("a", 1, 3).Longs("t", 1, 1).Node("Slice", "x s e a t", "y"),
            ],
            "Pad" =>
            [
                Start(9).Node("Pad", "x", "y", Ints("pads", 0, 0, 1, 2, 0, 0, -1, 0), Float("value", 5)),
                Start(11).Longs("p", 0, 0, 1, 2, 0, 0, -1, 0).Floats("v", [], 5).Node("Pad", "x p v", "y"),
                Start(18).Longs("p", 1, 2, -1, 0).Longs("a", 2, -1).Floats("v", [], 5).Node("Pad", "x p v a", "y"),
            ],
            "ReduceMean" =>
            [
                Start(9).Node("ReduceMean", "x", "y", Ints("axes", 1, 2), Int("keepdims", 0)),
                Start(18).Longs("a", 1, 2).Node("ReduceMean", "x a", "y", Int("keepdims", 0)),
            ],
            "Upsample" =>
            [
                Start(7).Node("Upsample", "x", "y", Floats("scales", 1, 1, 2, 3)),
                Start(9).Floats("s", [4], 1, 1, 2, 3).Node("Upsample", "x s", "y"),
                Start(10).Floats("s", [4], 1, 1, 2, 3).Node("Resize", "x s", "y"),
                Start(11).Floats("s", [4], 1, 1, 2, 3).Floats("r", [0]).Node("Resize", "x r s", "y", Text("coordinate_transformation_mode", "asymmetric"), Text("nearest_mode", "floor")),
                Start(13).Longs("s", 2, 3, 8, 12).Node("Resize", "x _ _ s", "y", Text("coordinate_transformation_mode", "asymmetric"), Text("nearest_mode", "floor")),
                Start(19).Longs("s", 8, 12).Node("Resize", "x _ _ s", "y", Ints("axes", 2, 3)),
            ],
            _ =>
            [
                Start(6).Node("Dropout", "x", "y", Float("ratio", 0.5f)),
                Start(13).Floats("r", [], 0.5f).Node("Dropout", "x r", "y mask"),
                Start(13).Node("Identity", "x", "y"),
            ],
        };
        (Shape shape, float[] values) = Run(models[0]);
        foreach (ModelProto model in models[1..])
        {
            (Shape other, float[] otherValues) = Run(model);
            Assert.Equal(shape, other);
            Assert.Equal(values, otherValues);
        }
    }

    [Fact]
    public void Softmax_ChangedWithOpset13()
    {
        float[] old = Run(Start(11).Node("Softmax", "x", "y", Int("axis", 2))).Values, young = Run(Start(13).Node("Softmax", "x", "y", Int("axis", 2))).Values;
        Assert.Equal(1, old[..16].Sum(), 1e-5f);
        Assert.Equal(1, young[0] + young[4] + young[8] + young[12], 1e-5f);
        Assert.Equal(1, Run(Start(13).Node("Softmax", "x", "y")).Values[..4].Sum(), 1e-5f);
        Assert.Equal(1, Run(Start(9).Node("Softmax", "x", "y")).Values[..(Count / 2)].Sum(), 1e-5f);
    }

    [Fact]
    public void Opset6_BroadcastsFromAnAxisOn()
    {
        float[] values = Run(Start(6).Floats("b", [3], 10, 20, 30).Node("Add", "x b", "y", Int("broadcast", 1), Int("axis", 1))).Values;
        Assert.Equal([X(0) + 10, X(16) + 20, X(32) + 30, X(48) + 10], [values[0], values[16], values[32], values[48]]);
    }

    public static MatrixTheoryData<bool, bool, bool, string> GemmForms =>
        new([false, true], [false, true], [false, true], ["", "N", "1xN", "Mx1", "MxN", "1"]);

    /// <summary>y = 0.5 A'B' + 2 C for every transpose, constant or computed B, and shape of C.</summary>
    [Theory]
    [MemberData(nameof(GemmForms))]
    public void Gemm_InEveryForm_IsTheFormula(bool transA, bool transB, bool constantB, string c)
    {
        const int M = 4, K = 4, N = 3;
        ModelProto model = Model().Input("x", 4, 4).Floats("b", transB ? [N, K] : [K, N]);
        float[] b = [.. Enumerable.Range(0, K * N).Select(i => MathF.Sin(i + 1 + 1))];
        if (!constantB)
            model.Node("Sub", "x x", "zero").Node("ReduceMean", "zero", "none", Ints("axes", 0, 1)).Node("Add", "b none", "computed");
        string cName = c.Length == 0 ? "" : " c";
        int[] extents = c switch { "N" => [N], "1xN" => [1, N], "Mx1" => [M, 1], "MxN" => [M, N], "1" => [1], _ => [] };
        if (c.Length > 0)
            model.Floats("c", extents);
        (Shape shape, float[] values) = Run(model.Node("Gemm", $"x {(constantB ? "b" : "computed")}{cName}", "y", Float("alpha", 0.5f), Float("beta", 2),
            Int("transA", transA ? 1 : 0), Int("transB", transB ? 1 : 0)));
        Assert.Equal(new Shape(M, N), shape);
        for (int m = 0; m < M; m++)
        {
            for (int n = 0; n < N; n++)
            {
                double sum = 0;
                for (int k = 0; k < K; k++)
                    sum += 0.5 * X(transA ? k * M + m : m * K + k) * b[transB ? n * K + k : k * N + n];
                int place = c switch { "N" or "1xN" => n, "Mx1" => m, "MxN" => m * N + n, _ => 0 };
                if (c.Length > 0)
                    sum += 2 * MathF.Sin(place + 1 + 1);
                Assert.Equal(sum, values[m * N + n], 1e-5);
            }
        }
    }

    static AttributeProto Floats(string name, params float[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = 6 };
        attribute.Floats.Add(values);
        return attribute;
    }
}
