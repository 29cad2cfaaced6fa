using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests;

/// <summary>The way back through whole descriptors, against differences of their double forward pass.</summary>
public class DescriptorGradientTests
{
    /// <summary>Of the largest magnitude, as the specification of these networks asks.</summary>
    const double Tolerance = 1e-4;

    /// <summary>Of pictures with values to 255; what is nearer to another bin or to the limit than this is not used.</summary>
    const double Step = 1e-4;

    static readonly Dictionary<string, Func<Network>> s_networks = new()
    {
        ["HOG"] = () => Descriptors.Hog(16, 20, 4),
        ["HOGb"] = () => Descriptors.Hog(16, 20, 4, new HogOptions { Binning = BinningKind.Bilinear }),
        ["HOG, rectified"] = () => Descriptors.Hog(16, 20, 4, new HogOptions { Binning = BinningKind.Rectified }),
        ["HOG, VLFeat"] = () => Descriptors.Hog(18, 15, 4, new HogOptions { Mode = DescriptorMode.VlFeat }),
        ["HOGb, VLFeat, three colours"] = () => Descriptors.Hog(14, 16, 4, new HogOptions { Mode = DescriptorMode.VlFeat, Binning = BinningKind.Bilinear, Colours = 3, TrueAngles = true }),
        ["DSIFT"] = () => Descriptors.DenseSift(22, 23, 4),
        ["DSIFT, VLFeat"] = () => Descriptors.DenseSift(14, 20, 4, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Step = 3 }),
        ["DSIFT, VLFeat, true angles"] = () => Descriptors.DenseSift(14, 20, 4, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Step = 3, TrueAngles = true }),
        ["DSIFT, VLFeat, rectified"] = () => Descriptors.DenseSift(16, 14, 4, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Binning = BinningKind.Rectified }),
    };

    public static TheoryData<string> Names => [.. s_networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_the_difference_quotient(string name)
    {
        using Network network = s_networks[name]();
        (float[] x, NetworkOracle oracle) = Decided(network);
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        float[] y = new float[plan.ShapeOf(network.Output).Count], gradient = new float[x.Length], seed = Draw.Normal(3, y.Length);
        plan.Forward(x, y);
        Agreement.Close(oracle[network.Output].Values, y, 1e-5, "forward");
        plan.Backward(seed, BackwardRule.Gradient, gradient);
        double[] expected = oracle.Backward(network.Output, Array.ConvertAll(seed, v => (double)v), BackwardRule.Gradient)[network.Input];
        Agreement.Close(expected, gradient, Tolerance, "gradient by the adjoints");

        double scale = expected.Max(Math.Abs);
        var random = new Random(5);
        for (int i = 0; i < 16; i++)
        {
            int pixel = i switch { 0 => 0, 1 => x.Length - 1, _ => random.Next(x.Length) };
            double slope = (Total(pixel, Step) - Total(pixel, -Step)) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[pixel]) <= Tolerance * scale,
                $"{name}: gradient of pixel {pixel} is {gradient[pixel]:R}, the quotient {slope:R}; largest magnitude {scale:R}");
        }

        double Total(int pixel, double offset)
        {
            OracleArray moved = OracleArray.From(network.InputShape, x);
            moved.Values[pixel] += offset;
            return new NetworkOracle(network, moved)[network.Output].Values.Zip(seed, (a, b) => a * b).Sum();
        }
    }

    /// <summary>A picture no unit of which is about to change its bin or to reach the limit.</summary>
    static (float[] Picture, NetworkOracle Oracle) Decided(Network network)
    {
        for (ulong attempt = 0; attempt < 200; attempt++)
        {
            float[] x = Draw.Normal(attempt, network.InputShape.Count, 40, 120);
            var oracle = new NetworkOracle(network, network.InputShape, x);
            if (oracle.Margin > 4e-6) return (x, oracle);
        }

        throw new InvalidOperationException("no picture of 200 keeps away from corners");
    }
}
