using System.Numerics.Tensors;
using Preimage.Algorithms.Backtracking;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>The example of the reference specification, section 11: three dense layers small enough for a pencil.</summary>
public sealed class ToyTests
{
    static readonly float[] s_w1 = [1, -1, 0.5f, 2, 1, 1, -1, 1, 1, 0.5f, 2, -1], s_w2 = [1, -1, 1, 2, -2, 1], s_wo = [1, -1, -2, 3];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Literal_KeepsEveryPositiveContribution(bool outputMajor)
    {
        BacktrackingResult result = Trace(outputMajor, BacktrackingOptions.LiteralRule);
        Assert.Equal((1, 1), (result.Class, result.Predicted));
        Assert.Equal([1], result.Sets[2].ToIndices());
        Assert.Equal([1, 2], result.Sets[1].ToIndices());
        Assert.Equal([0, 2, 3], result.Traced.ToIndices());
        Assert.Equal(["x", "relu1", "relu2"], result.Sets.Select(s => s.Node));
        Assert.Equal([1, 0, 2, 0.5f], result.Features);
        Assert.Equal(1 / (1 + Math.Exp(-30)), result.Probabilities[1], 1e-12);
        Assert.True(double.IsNaN(result.Limit));
    }

    [Theory]
    [InlineData(90, 2, new int[0])]
    [InlineData(50, 1.5, new[] { 2 })]
    [InlineData(0, 0.5, new[] { 2, 3 })]
    public void Thresholded_KeepsWhatLiesStrictlyAboveThePercentile(double percentile, double limit, int[] traced)
    {
        foreach (bool outputMajor in (bool[])[false, true])
        {
            BacktrackingResult result = Trace(outputMajor, new BacktrackingOptions { Percentile = percentile });
            Assert.Equal((limit, 4), (result.Limit, result.Pairs));
            // The smallest of 0.5, 1, 2, 2, which is that of unit 0, is not above itself.
            Assert.Equal(traced, result.Traced.ToIndices());
        }
    }

    [Fact]
    public void NothingAboveTheThreshold_IsAnEmptySet()
    {
        BacktrackingResult result = Trace(true, new BacktrackingOptions { Threshold = 2 });
        Assert.Equal((0, 0), (result.Traced.Count, result.Pairs));
        Assert.True(double.IsNaN(result.Limit));
        Assert.Equal([1, 2], result.Sets[1].ToIndices());
    }

    [Fact]
    public void OtherClass_HasItsOwnUnits()
    {
        // Logit 0 takes 0 from unit 0, which is off, and -12 from unit 1: nothing speaks for it.
        BacktrackingResult result = Trace(true, BacktrackingOptions.LiteralRule with { Class = 0 });
        Assert.Equal((0, 1), (result.Class, result.Predicted));
        Assert.All(result.Sets, s => Assert.Equal(0, s.Count));
    }

    static BacktrackingResult Trace(bool outputMajor, BacktrackingOptions options)
    {
        using Network network = Build(outputMajor);
        using Engine engine = network.On(Device.Cpu);
        return new DenseBacktracking(engine).Trace(Tensor.Create([1, 0, 2, 0.5f], [1, 4]), options)[0];
    }

    static Network Build(bool outputMajor)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 4));
        x = builder.Add("relu1", new Relu(), builder.Add("fc1", Matrix(s_w1, 4, 3, outputMajor), x));
        x = builder.Add("drop", new Identity("Dropout"), x);
        x = builder.Add("relu2", new Relu(), builder.Add("fc2", Matrix(s_w2, 3, 2, outputMajor), x));
        builder.Output(builder.Add("prob", new Softmax { Axis = 1 }, builder.Add("fc3", Matrix(s_wo, 2, 2, outputMajor), x)));
        return builder.Build();
    }

    static Dense Matrix(float[] rows, int inputs, int outputs, bool outputMajor)
    {
        if (!outputMajor)
            return new Dense { Weight = new MemoryWeights(rows, inputs, outputs) };
        var turned = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            turned[i % outputs * inputs + i / outputs] = rows[i];
        return new Dense { Weight = new MemoryWeights(turned, outputs, inputs), OutputMajor = true };
    }
}
