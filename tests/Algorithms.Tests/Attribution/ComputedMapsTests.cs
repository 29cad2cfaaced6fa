using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Maps of real networks against an independent computation of the same.</summary>
public class ComputedMapsTests(ITestOutputHelper output)
{
    const string Maps = "reference/computed_maps/", Models = "models/onnx/";

    /// <summary>The last number bounds sum (a-b)^2 / sum b^2: larger where a unit within rounding of zero may flip its mask.</summary>
    [Theory]
    [InlineData("lenet_t10k_0", "caffe_lenet_mnist.onnx", null, 1e-8)]
    [InlineData("cifar10_quick_test_1", "caffe_cifar10_quick.onnx", null, 1e-8)]
    [InlineData("tinyvgg_espresso_1", "tiny_vgg.onnx", null, 1e-8)]
    [InlineData("squeezenet_chelsea", "squeezenet_v1.0_dc.onnx", null, 1e-6)]
    [InlineData("squeezenet_chelsea_fire4_concat", "squeezenet_v1.0_dc.onnx", "fire4/concat", 1e-6)]
    [InlineData("squeezenet_chelsea_fire8_concat", "squeezenet_v1.0_dc.onnx", "fire8/concat", 1e-6)]
    public void Maps_and_activations_agree(string name, string model, string? node, double bound)
    {
        using Network network = Network.Load(ReferenceData.Path(Models + model));
        using Engine engine = network.On(Device.Cpu);
        bool squeezenet = name.StartsWith("squeezenet", StringComparison.Ordinal);
        Tensor<float> input = NpyFile.Load(ReferenceData.Path(Maps + (squeezenet ? "chelsea_input.npy" : $"{name}/input.npy")));
        Target target = node is null ? Target.Argmax : Target.ArgmaxOf(node);
        foreach (AttributionMethod method in (AttributionMethod[])[new Saliency(engine), new DeconvNet(engine), new GuidedBackprop(engine)])
        {
            AttributionResult result = method.Attribute(input, target);
            double map = Agreement.Nmse(Flat(result.Map), Flat(NpyFile.Load(ReferenceData.Path($"{Maps}{name}/{method.Name}.npy"))));
            output.WriteLine($"{name,-32} {method.Name,-10} NMSE {map:E2} (at most {bound:E0}); unit {result.Units[0].Unit} = {result.Units[0].Activation}");
            Assert.InRange(map, 0, bound);
        }

        Node top = node is null ? Logits.Of(network, out _) : network.Nodes[node];
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = [top.Name] });
        var values = new float[plan.ShapeOf(top).Count];
        plan.Forward(Flat(input), values);
        double activations = Agreement.Nmse(values, Flat(NpyFile.Load(ReferenceData.Path($"{Maps}{name}/{(squeezenet ? "top" : "logits")}.npy"))));
        output.WriteLine($"{name,-32} {"forward",-10} NMSE {activations:E2}");
        Assert.InRange(activations, 0, 1e-8);
    }

    static float[] Flat(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
