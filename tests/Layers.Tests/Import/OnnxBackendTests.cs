using System.Numerics.Tensors;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>ONNX's own backend tests (version 1.4.1, opset 9): what is supported gives the published outputs, the rest one clear error each.</summary>
public sealed class OnnxBackendTests(ITestOutputHelper output)
{
    // The tolerance of ONNX's own runner.
    const double Relative = 1e-3, Absolute = 1e-7;

    // 229 of the 297 cases use only operators that a feed-forward image network needs (s_listed). Of these, 20 have arrays of rank 5 or 6
    // and 8 have data in double or int64 (two of them the Indices of a MaxPool); 201 are float32 of rank 4 at most, and pass.
    // 8 more pass because operators of shape computations run on activations, too, or fold where their inputs are bound to constants: Slice
    // (4 node tests and operator_index), ConstantOfShape, and Gather (the two Embedding cases); 19 are of activation functions that later networks
    // use (exponential linear units, softplus, hard sigmoid, erf), of exponentials, roots, powers and reciprocals.
    const int Listed = 201, BesideTheList = 27, All = 297;

    static readonly HashSet<string> s_listed =
    [
        "Conv", "ConvTranspose", "Gemm", "MatMul", "Relu", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Clip", "Softmax", "LogSoftmax", "MaxPool", "AveragePool",
        "GlobalAveragePool", "GlobalMaxPool", "LRN", "BatchNormalization", "InstanceNormalization", "Add", "Sub", "Mul", "Div", "Sum", "Concat", "Split",
        "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Pad", "Constant", "Identity", "Dropout", "ReduceMean", "Upsample",
    ];

    // What an error must name when the operator is known: rank, type, an array without elements, or the int64 output of a MaxPool.
    static readonly string[] s_reasons = ["rank ", "type ", "extent 0", "Indices", "storage_order"];

    [Fact]
    public void EveryCase_GivesThePublishedOutputs_OrOneClearError()
    {
        using var report = new Report("onnx-backend-cases", output);
        int listed = 0, beside = 0, unsupported = 0, refused = 0;
        var wrong = new List<string>();
        IReadOnlyList<OnnxCase> cases = OnnxCase.All();
        foreach (OnnxCase c in cases)
        {
            string outcome;
            try
            {
                Run(c);
                outcome = "passes";
                if (c.Parse().Graph.Node.All(n => s_listed.Contains(n.OpType)))
                    listed++;
                else
                    beside++;
            }
            catch (UnsupportedOperatorException e)
            {
                outcome = e.Message;
                unsupported++;
            }
            catch (ModelException e) when (s_reasons.Any(r => e.Message.Contains(r, StringComparison.Ordinal)))
            {
                outcome = e.Message.Replace($"'{c.Model}': ", "", StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e)
            {
                outcome = $"WRONG: {e.GetType().Name}: {e.Message}";
                wrong.Add($"{c.Name}: {e}");
            }

            report.WriteLine($"{c.Group,-18} {c.Name,-60} {outcome}");
        }

        report.WriteLine($"{listed} + {beside} pass, {unsupported} have an operator that is not supported, {refused} are refused by rank or type");
        Assert.Empty(wrong);
        Assert.Equal(All, cases.Count);
        Assert.Equal(Listed, listed);
        Assert.Equal(BesideTheList, beside);
    }

    static void Run(OnnxCase c)
    {
        ModelProto model = c.Parse();
        string[] names = [.. model.Graph.Input.Select(i => i.Name).Where(n => model.Graph.Initializer.All(t => t.Name != n))];
        foreach ((IReadOnlyList<TensorProto> inputs, IReadOnlyList<TensorProto> outputs) in c.Data("input").Zip(c.Data("output")))
        {
            using Network network = Load(c, names, inputs);
            using Engine engine = network.On(Device.Cpu);
            using ExecutionPlan plan = engine.Plan(new PlanOptions());
            var given = new Dictionary<string, Tensor<float>>();
            for (int i = 0; i < names.Length; i++)
            {
                if (network.Inputs.TryFind(names[i], out _))
                    given.Add(names[i], Tensor.Create(OnnxCase.Floats(inputs[i]), Array.ConvertAll(OnnxCase.Extents(inputs[i]), e => (nint)e)));
            }

            IReadOnlyDictionary<string, Tensor<float>> results = plan.Forward(given);
            for (int i = 0; i < outputs.Count; i++)
                AssertClose(outputs[i], network.Outputs[i], results);
        }
    }

    static void AssertClose(TensorProto expected, Node node, IReadOnlyDictionary<string, Tensor<float>> results)
    {
        Tensor<float> actual = results.TryGetValue(node.Name, out Tensor<float>? byName) ? byName : results[node.Output];
        int[] extents = OnnxCase.Extents(expected);
        // A scalar comes out as one element.
        Assert.Equal(extents.Length == 0 ? [1] : extents, Array.ConvertAll(actual.Lengths.ToArray(), l => (int)l));
        float[] wanted = OnnxCase.Floats(expected), values = new float[actual.FlattenedLength];
        actual.FlattenTo(values);
        Assert.Equal(wanted.Length, values.Length);
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(float.IsNaN(wanted[i]) ? float.IsNaN(values[i]) : Math.Abs((double)wanted[i] - values[i]) <= Absolute + Relative * Math.Abs(wanted[i]), $"{node}: element {i} is {values[i]}, not {wanted[i]}");
    }

    /// <summary>Loads a case; what must be constant (weights, shapes), but is fed as an input by these tests, is bound.</summary>
    static Network Load(OnnxCase c, string[] names, IReadOnlyList<TensorProto> inputs)
    {
        try
        {
            return Network.Load(c.Model);
        }
        catch (ModelException e) when (e.Message.Contains("LoadOptions.Bind", StringComparison.Ordinal))
        {
            var bind = new Dictionary<string, BoundValue>();
            for (int i = 0; i < inputs.Count; i++)
            {
                if (i > 0 || inputs[i].DataType != 1)
                    bind.Add(names[i], OnnxCase.Bound(inputs[i]));
            }

            return Network.Load(c.Model, new LoadOptions { Bind = bind });
        }
    }
}
