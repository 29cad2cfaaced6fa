using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Resampling;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Methods of several passes on a trained network, against samples and sums of what PyTorch's autograd gave, in double, for the same model and picture.</summary>
public class SqueezeNetMethodsTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Of the largest number: what units within float's rounding of a kink may add up to. A map of one pass stands within 1e-3 of its own largest value
    /// (<see cref="ComputedMapsTests"/> bounds its NMSE at 1e-6); sums over blocks and points average that out.</summary>
    const double Tolerance = 1e-3;

    /// <summary>Every third row and column of the 13 x 13 map of class 285 at fire9/concat, not rectified.</summary>
    static readonly double[] s_cam = [
        0.1528853, 0.1090762, 0.07097085, 0.1325498, 0.0513098, 0.04608399, 0.08390719, 0.1712585, 0.1663538, 0.02578742, 0.118729, 0.197882,
        0.1454772, 0.03864825, 0.01898504, 0.01483998, 0.1372636, 0.15499, 0.1272014, -0.00393568, -0.01408826, 0.005867338, 0.05186239, 0.1502439,
        -0.000780009];

    /// <summary>20 nodes of Gauss and Legendre from zero: sums over 5 x 5 blocks of the picture (rows i*227/5 up to (i+1)*227/5) and all channels.</summary>
    static readonly double[] s_integrated = [
        0.3898229, 0.2508654, 1.221605, 0.273299, 0.9752712, 0.125631, 2.32122, 1.032673, 2.499838, 0.2292894, 1.016085, 1.556796, -0.197336,
        0.2848788, 0.6850836, 0.04146577, 0.9890172, 1.969213, -0.6785291, 0.0982148, 0.07273721, 0.9616803, 1.346273, 1.363286, 0.08432915];

    /// <summary>Magnitudes of Guided Grad-CAM at fire9/concat, enlarged bilinear, summed in the same way.</summary>
    static readonly double[] s_guided = [
        0.5070446, 0.2892774, 0.635409, 0.5539608, 0.3386462, 0.3629169, 0.438894, 0.61204, 0.9631253, 0.4078915, 0.3534881, 0.7330707, 0.9741078,
        1.113276, 0.07416775, 0.2050387, 0.877266, 1.54449, 0.6860159, 0.04449456, 0.01824599, 0.2655747, 0.8267517, 0.5031998, 0.04358447];

    /// <summary>The same, enlarged by nearest as captum does.</summary>
    static readonly double[] s_guidedNearest = [
        0.5079023, 0.2871072, 0.627312, 0.5590665, 0.3354388, 0.3748489, 0.437147, 0.631754, 0.9941362, 0.4371526, 0.3612823, 0.7412667, 0.96492,
        1.113173, 0.06887345, 0.2111789, 0.8578067, 1.530913, 0.6809473, 0.04788695, 0.01796792, 0.2631009, 0.8605171, 0.519685, 0.04735447];

    /// <summary>Windows of 57 x 57 with stride 40, covered with zero: every 45th pixel from 20.</summary>
    static readonly double[] s_occlusion = [
        0.667396, 1.049971, 1.230079, 1.712517, 0.852331, 1.188611, 1.145164, 1.23504, 2.911308, 0.1465028, 1.880083, 1.080998, 1.400013, 1.417872,
        0.7583578, 1.906915, 2.811865, 4.419342, 2.892689, 0.1881551, 0.3720181, 1.08494, 1.924845, 2.060773, 0.3997564];

    readonly Network _network = Network.Load(ReferenceData.Path("models/onnx/squeezenet_v1.0_dc.onnx"));
    readonly Tensor<float> _cat = NpyFile.Load(ReferenceData.Path("reference/computed_maps/chelsea_input.npy"));

    public void Dispose()
    {
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Integrated_gradients_agree()
    {
        using Engine engine = _network.On(Device.Cpu);
        AttributionResult result = new IntegratedGradients(engine) { Steps = 20 }.Attribute(_cat, Target.Argmax);
        Assert.Equal(285, result.Units[0].Unit);
        Close("integrated gradients", s_integrated, Blocks(result.Row(0), v => v));
        // autograd's own delta, of a logit of 18.77.
        Assert.Equal(0.2952255, result.ConvergenceDeltas![0], 18.77 * Tolerance);
    }

    [Fact]
    public void Grad_cam_agrees()
    {
        using Engine engine = _network.On(Device.Cpu);
        float[] map = new GradCam(engine, "fire9/concat") { Rectify = false }.Coarse(_cat, Target.Argmax).Row(0).ToArray();
        Close("Grad-CAM", s_cam, [.. Enumerable.Range(0, 25).Select(i => (double)map[i / 5 * 39 + i % 5 * 3])]);
        Close("guided", s_guided, Blocks(new GuidedGradCam(engine, "fire9/concat").Attribute(_cat, Target.Argmax).Row(0), Math.Abs));
        Close("guided, nearest", s_guidedNearest, Blocks(new GuidedGradCam(engine, "fire9/concat") { Enlargement = ResamplingFilter.Nearest }.Attribute(_cat, 285).Row(0), Math.Abs));
        // The layer that is chosen is the classifier's own: a map for each class.
        Assert.Equal("relu_conv_final", new GradCam(engine).Node.Name);
    }

    [Fact]
    public void Occlusion_agrees()
    {
        using Engine engine = _network.On(Device.Cpu);
        float[] map = new Occlusion(engine) { Window = (57, 57), Stride = (40, 40) }.Attribute(_cat, Target.Argmax).Row(0).ToArray();
        Close("occlusion", s_occlusion, [.. Enumerable.Range(0, 25).Select(i => (double)map[(20 + i / 5 * 45) * 227 + 20 + i % 5 * 45])]);
    }

    void Close(string what, double[] expected, double[] actual)
    {
        double scale = expected.Max(Math.Abs), worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / scale;
        output.WriteLine($"{what}: off by {worst:E2} of the largest, at most {Tolerance:E0}");
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(worst, 0, Tolerance);
    }

    static double[] Blocks(ReadOnlySpan<float> map, Func<float, float> of)
    {
        var sums = new double[25];
        for (int i = 0; i < map.Length; i++)
            sums[Block(i / 227 % 227) * 5 + Block(i % 227)] += of(map[i]);
        return sums;

        // The last block that starts at or before.
        static int Block(int at) => Enumerable.Range(0, 5).Last(b => b * 227 / 5 <= at);
    }
}
