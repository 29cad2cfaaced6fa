using System.Numerics.Tensors;
using Preimage.Algorithms.Backtracking;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>Traces against loops that follow the reference specification's pseudo code (4.2) word for word.</summary>
public sealed class TraceTests
{
    const int Samples = 6;

    public static TheoryData<bool, bool, int?> Cases => [(false, false, null), (false, true, null), (false, false, 3), (true, false, null), (true, true, 1)];

    [Theory, MemberData(nameof(Cases))]
    public void Sets_AreThoseOfTheLoops(bool windows, bool literal, int? wanted)
    {
        using Network network = SmallChains.Build(windows);
        using Engine engine = network.On(Device.Cpu);
        var options = new BacktrackingOptions { Literal = literal, Class = wanted, Threshold = 0.01, Percentile = 70 };
        var backtracking = new DenseBacktracking(engine);
        Assert.Equal(("pool2", SmallChains.Classes), (backtracking.Features.Name, backtracking.Classes));
        Assert.Equal(["fc3", "fc4", "fc5"], backtracking.DenseLayers.Select(n => n.Name));
        Tensor<float> input = Tensor.Create(Draw.Normal(11, network.InputShape.WithSamples(Samples)), network.InputShape.WithSamples(Samples).ToLengths());
        IReadOnlyList<BacktrackingResult> results = backtracking.Trace(input, options);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = Samples, Observe = ["pool2", "relu3", "relu4", "fc5"] });
        plan.SetInput(network.Input, TensorSpans.Dense(input));
        plan.Forward();
        int traced = 0;
        for (int n = 0; n < Samples; n++)
        {
            float[][] a = [.. new[] { "pool2", "relu3", "relu4" }.Select(name => Sample(plan, network.Nodes[name], n))];
            float[] logits = Sample(plan, network.Nodes["fc5"], n);
            int predicted = Array.IndexOf(logits, logits.Max());
            Assert.Equal((wanted ?? predicted, predicted), (results[n].Class, results[n].Predicted));
            float[][,] w = [.. new[] { "fc3", "fc4", "fc5" }.Select(name => Matrix(network.Nodes[name].Layer))];
            HashSet<int>[] expected = Loops(a, w, wanted ?? predicted, options);
            for (int l = 0; l < a.Length; l++)
                Assert.Equal(expected[l].Order(), results[n].Sets[l].ToIndices());
            Assert.Equal(a[0], results[n].Features);
            Assert.Equal(a[0].Count(v => v > 0), results[n].Positive.Count);
            Assert.Empty(results[n].Notes);
            traced += results[n].Traced.Count;
        }

        Assert.InRange(traced, 1, Samples * 35);
    }

    [Fact]
    public void OneDenseLayer_StartsAtTheClassAlone()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 4, 4));
        x = builder.Add("conv", SmallNetworks.Filters(1, 4, 3), x);
        builder.Output(builder.Add("fc", SmallNetworks.Matrix(2, 64, 3), builder.Add("flat", new Flatten(), x)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        BacktrackingResult result = new DenseBacktracking(engine).Trace(Tensor.Create(Draw.Normal(3, network.InputShape), [1, 3, 4, 4]), BacktrackingOptions.LiteralRule)[0];
        float[,] w = Matrix(network.Nodes["fc"].Layer);
        float[] a = result.Features.ToArray();
        Assert.Contains(a, v => v < 0);
        // Not rectified: a negative value times a negative weight is no activation.
        Assert.Equal(Enumerable.Range(0, 64).Where(i => a[i] > 0 && w[i, result.Class] > 0), result.Traced.ToIndices());
        Assert.Contains("'conv'", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_NameWhatIsWrong()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("conv", SmallNetworks.Filters(1, 4, 3), builder.Input("x", new Shape(1, 3, 4, 4))));
        using Network flat = builder.Build();
        using Engine engine = flat.On(Device.Cpu);
        Assert.Contains("conv (Conv)", Assert.Throws<PreimageException>(() => new DenseBacktracking(engine)).Message, StringComparison.Ordinal);

        using Network network = SmallChains.Build();
        using Engine other = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(new float[network.InputShape.Count], network.InputShape.ToLengths());
        foreach ((BacktrackingOptions options, string says) in new (BacktrackingOptions, string)[]
            {
                (new() { Class = 5 }, "classes 0 to 4"), (new() { Percentile = 101 }, "0 to 100"), (new() { Threshold = -1 }, "at least 0"), (new() { Threshold = double.NaN }, "at least 0"),
            })
            Assert.Contains(says, Assert.Throws<PreimageException>(() => new DenseBacktracking(other).Trace(input, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Percentile_IsThatOfSortedNumbers()
    {
        foreach (int count in (int[])[1, 2, 3, 10, 101, 1000])
        {
            float[] values = [.. Draw.Normal((ulong)count, count).Select(v => MathF.Round(v, 1))], sorted = [.. values.Order()];
            foreach (double p in (double[])[0, 10, 33.3, 50, 90, 99.9, 100])
            {
                double rank = (count - 1) * (p / 100);
                int below = (int)rank, next = Math.Min(below + 1, count - 1);
                Assert.Equal(sorted[below] + (rank - below) * ((double)sorted[next] - sorted[below]), Contributions.Percentile([.. values], p), 1e-12);
            }
        }
    }

    /// <summary>The pseudo code: a[0..n-1], W[l][i, u], the last of them to the classes.</summary>
    static HashSet<int>[] Loops(float[][] a, float[][,] w, int k, BacktrackingOptions options)
    {
        var sets = new HashSet<int>[a.Length];
        HashSet<int> s = [k];
        for (int l = a.Length - 1; l > 0 || (l == 0 && options.Literal); l--)
        {
            s = [.. Enumerable.Range(0, a[l].Length).Where(i => s.Any(u => (double)a[l][i] * w[l][i, u] > 0))];
            sets[l] = s;
        }

        if (options.Literal)
            return sets;
        // Contributions are float32, as the released program has them.
        List<double> p = [.. s.SelectMany(u => Enumerable.Range(0, a[0].Length).Select(i => (double)(float)(a[0][i] * w[0][i, u]))).Where(v => v > options.Threshold)];
        p.Sort();
        double rank = (p.Count - 1) * (options.Percentile / 100);
        double theta = p[(int)rank] + (rank - (int)rank) * (p[Math.Min((int)rank + 1, p.Count - 1)] - p[(int)rank]);
        sets[0] = [.. Enumerable.Range(0, a[0].Length).Where(i => s.Any(u => (float)(a[0][i] * w[0][i, u]) > theta))];
        return sets;
    }

    static float[,] Matrix(Layer layer)
    {
        float[] values = (layer is Dense dense ? dense.Weight : ((Convolution)layer).Weight).ToArray();
        int outputs = layer is Dense d ? d.Outputs : ((Convolution)layer).Weight.Extents[0], inputs = values.Length / outputs;
        var matrix = new float[inputs, outputs];
        for (int u = 0; u < outputs; u++)
            for (int i = 0; i < inputs; i++)
                matrix[i, u] = values[u * inputs + i];
        return matrix;
    }

    static float[] Sample(ExecutionPlan plan, Node node, int n)
    {
        var all = new float[plan.ShapeOf(node).Count];
        plan.Read(node, all);
        return [.. all.Skip(n * all.Length / Samples).Take(all.Length / Samples)];
    }
}
