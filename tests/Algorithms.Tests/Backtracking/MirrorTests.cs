using System.Numerics.Tensors;
using Preimage.Algorithms.Backtracking;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>The mirrored network against double loops, and against DeconvNet where the two are one.</summary>
public sealed class MirrorTests
{
    /// <summary>Sums of up to 54 products, four layers deep: 1e-5 of the largest magnitude.</summary>
    const double Tolerance = 1e-5;

    /// <summary>Node; biases, rectifiers behind, rectifiers between; overlapping windows.</summary>
    public static TheoryData<string, bool, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool, bool, bool>();
            foreach ((bool bias, bool relu, bool between) in ((bool, bool, bool)[])
                [(true, true, false), (true, false, false), (false, true, false), (false, false, true), (false, false, false), (true, true, true)])
            {
                cases.Add("pool2", bias, relu, between, false);
                cases.Add("pool2", bias, relu, between, true);
                cases.Add("relu2_1", bias, relu, between, false);
                cases.Add("conv1_2", bias, relu, between, false);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Reconstruction_IsThatOfTheLoops(string node, bool bias, bool relu, bool between, bool overlapping)
    {
        using Network network = SmallChains.Build(overlapping: overlapping);
        using Engine engine = network.On(Device.Cpu);
        var options = new MirrorOptions { AddBias = bias, ReluAfterDeconvolution = relu, RectifyBetween = between };
        var mirror = new MirroredDeconvolution(engine, node, options);
        Shape shape = network.InputShape.WithSamples(3);
        float[] x = Draw.Normal(21, shape);
        Node top = network.Nodes[node];
        Shape maps = network.InferShapes()[top.Index];
        UnitSet[] sets = [UnitSet.Of(node, maps, [.. Enumerable.Range(0, maps.Count / 2).Select(i => 2 * i)]), UnitSet.Of(node, maps, 0, 1, 2)];
        ReadOnlySpan<float> rows = TensorSpans.Dense(mirror.Reconstruct(Tensor.Create(x, shape.ToLengths()), sets));
        int size = network.InputShape.Count;
        for (int n = 0; n < 3; n++)
        {
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = [node], Keep = Keep.ForBackward });
            var values = new float[maps.Count];
            plan.Forward(x.AsSpan(n * size, size), values);
            var oracle = new MirrorOracle(network, plan.Export());
            for (int k = 0; k < 3; k++)
            {
                float[] seed = [.. values];
                if (k > 0)
                    sets[k - 1].Suppress(seed);
                double[] expected = oracle.Reconstruct(top, [.. seed.Select(v => (double)v)], options);
                Assert.Contains(expected, v => v != 0);
                Agreement.Close(expected, rows.Slice((n * 3 + k) * size, size), Tolerance, $"sample {n}, row {k}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutItsFlags_ItIsDeconvNet(bool overlapping)
    {
        using Network network = SmallChains.Build(overlapping: overlapping);
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape;
        float[] x = Draw.Normal(22, shape), gradient = new float[shape.Count];
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["pool2"], Keep = Keep.ForBackward });
        var maps = new float[plan.SeedShape.Count];
        plan.Forward(x, maps);
        plan.Backward(maps, BackwardRule.Deconvnet, gradient);
        ReadOnlySpan<float> own = TensorSpans.Dense(new MirroredDeconvolution(engine, "pool2", MirrorOptions.ZeilerFergus).Reconstruct(Tensor.Create(x, shape.ToLengths())));
        Agreement.Close(Array.ConvertAll(gradient, v => (double)v), own, Tolerance, "DeconvNet");
        Assert.True(Agreement.Nmse(TensorSpans.Dense(new MirroredDeconvolution(engine, "pool2").Reconstruct(Tensor.Create(x, shape.ToLengths()))), own) > 0.01);
    }

    [Fact]
    public void Errors_NameTheNode()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains("sum (Add) joins 2", Message("sum"), StringComparison.Ordinal);
        Assert.Contains("norm (LRN)", Message("norm"), StringComparison.Ordinal);
        Assert.Contains("hidden (Gemm)", Message("hidden"), StringComparison.Ordinal);
        Assert.Contains("nothing", Message("nothing"), StringComparison.Ordinal);
        var mirror = new MirroredDeconvolution(engine, "pool");
        Tensor<float> x = Tensor.Create(new float[network.InputShape.Count], network.InputShape.ToLengths());
        PreimageException error = Assert.Throws<PreimageException>(() => mirror.Reconstruct(x, [UnitSet.Of("left", new Shape(1, 6, 7, 6), 0)]));
        Assert.Contains("'pool'", error.Message, StringComparison.Ordinal);

        string Message(string node) => Assert.Throws<PreimageException>(() => new MirroredDeconvolution(engine, node)).Message;
    }

    [Fact]
    public void MeanPicture_IsPassed()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 5, 5)), mean = builder.Add("mean", new Constant(Draw.Weights(1, 1, 1, 2, 5, 5)));
        Node centred = builder.Add("centred", new Arithmetic(ArithmeticOperation.Sub), x, mean);
        builder.Output(builder.Add("relu", new Relu(), builder.Add("conv", SmallNetworks.Filters(2, 3, 2), centred)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> result = new MirroredDeconvolution(engine, "relu").Reconstruct(Tensor.Create(Draw.Normal(3, network.InputShape), [1, 2, 5, 5]));
        Assert.Contains(TensorSpans.Dense(result).ToArray(), v => v > 0);
    }
}
