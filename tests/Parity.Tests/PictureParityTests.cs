using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Trained networks on real pictures: the GPU against the processor.</summary>
public class PictureParityTests(ITestOutputHelper output)
{
    const string Maps = "reference/computed_maps/", Models = "models/onnx/";

    /// <summary>Outputs; maps over the same masks and switches (the parity criterion); maps of natural photos over their own, each and in the median.</summary>
    const double Outputs = 1e-6, SameRecord = 1e-10, Photo = 1e-4, MedianPhoto = 1e-6;

    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Guided, BackwardRule.Deconvnet];

    /// <summary>Flat areas and small pictures: a unit within rounding of zero may flip, so that only the same masks are compared.</summary>
    [Theory]
    [InlineData("lenet_t10k_0", "caffe_lenet_mnist.onnx")]
    [InlineData("cifar10_quick_test_1", "caffe_cifar10_quick.onnx")]
    [InlineData("tinyvgg_espresso_1", "tiny_vgg.onnx")]
    public void Small_networks_agree(string name, string model)
    {
        Gpu.Require();
        using Network network = Network.Load(ReferenceData.Path(Models + model));
        var input = NpyFile.Load(ReferenceData.Path($"{Maps}{name}/input.npy"));
        var values = new float[input.FlattenedLength];
        input.FlattenTo(values);
        Compare(network, name, values);
        Gpu.LeavesNothing();
    }

    [Fact]
    public void Photos_agree()
    {
        Gpu.Require();
        using Network network = Network.Load(ReferenceData.Path(Models + "squeezenet_v1.0_dc.onnx"));
        var worst = new List<double>();
        foreach (string photo in new[] { "chelsea", "coffee", "astronaut" })
        {
            PreparedInput input = Preprocessing.ImageNetCaffe.Apply(Picture.Load(ReferenceData.Path($"photos/skimage/{photo}.png")), network.Input);
            worst.Add(Compare(network, photo, input.Tensor.ToArray()));
            Assert.InRange(worst[^1], 0, Photo);
        }

        Assert.InRange(worst.Order().ElementAt(worst.Count / 2), 0, MedianPhoto);
        Gpu.LeavesNothing();
    }

    /// <summary>The worst difference of gradient and guided maps over their own masks. DeconvNet's nearly vanishes from a logit and is compared over the same masks alone.</summary>
    double Compare(Network network, string name, float[] input)
    {
        using Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network);
        using ExecutionPlan there = cpu.Plan(new PlanOptions { Keep = Keep.ForBackward }), here = gpu.Plan(new PlanOptions { Keep = Keep.ForBackward });
        var logits = new float[there.ShapeOf(network.Output).Count];
        float[] found = new float[logits.Length], seed = new float[there.SeedShape.Count];
        there.Forward(input, logits);
        here.Forward(input, found);
        Check("outputs", found, logits, Outputs);
        (int flips, long units) = Flips.Count(there.Export(), here.Export());
        seed[Array.IndexOf(logits, logits.Max())] = 1;
        double own = s_rules[..2].Max(rule => Agreement.Nmse(Map(here, rule), Map(there, rule)));
        output.WriteLine($"{name}: {flips} of {units} masks and switches differ, own masks NMSE {own:E1}");
        ParityReport.Add("pictures, maps, own masks", name, own);
        here.Import(there.Export());
        foreach (BackwardRule rule in s_rules)
            Check($"maps, same masks, {rule.Relu}", Map(here, rule), Map(there, rule), SameRecord);
        return own;

        float[] Map(ExecutionPlan plan, BackwardRule rule)
        {
            var map = new float[input.Length];
            plan.Backward(seed, rule, map);
            return map;
        }

        void Check(string what, float[] actual, float[] expected, double bound)
        {
            double nmse = Agreement.Nmse(actual, expected);
            ParityReport.Add($"pictures, {what}", name, nmse);
            Assert.True(nmse <= bound, $"{name}, {what}: NMSE {nmse:E2}, at most {bound:E0}");
        }
    }
}
