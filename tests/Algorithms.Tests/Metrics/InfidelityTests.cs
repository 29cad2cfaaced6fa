using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class InfidelityTests
{
    static readonly Shape s_shape = new(1, 1, 1, 2);

    [Fact]
    public void The_gradient_of_a_linear_network_foretells_everything()
    {
        using Network network = Linear.Of(s_shape, [2, 3], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new Infidelity().Measure(new Saliency(engine), Linear.Images(s_shape, [1, 2], [3, -1]));
        foreach (string name in (string[])["infidelity", "normalised", "unexplained"])
            Assert.All(result[name].Values, v => Assert.Equal(0, v, 9));
    }

    [Fact]
    public void Three_perturbations_by_hand()
    {
        // f = 2a + 3b at (1, 2); input x gradient is (2, 6). I = (1,0), (0,1), (1,1): foretold 2, 6, 8, lost 2, 3, 5.
        // Errors 0, 9, 9: mean 6. Squares 4 + 36 + 64 = 104, products 4 + 18 + 40 = 62, losses 4 + 9 + 25 = 38, beta = 62/104:
        // 38 - 62^2/104 = 1.038462, over 3 = 0.346154, over 38 = 0.0273279.
        using Network network = Linear.Of(s_shape, [2, 3], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        var metric = new Infidelity { Perturbations = [Linear.Images(s_shape, [1, 0]), Linear.Images(s_shape, [0, 1]), Linear.Images(s_shape, [1, 1])] };
        MetricResult result = metric.Measure(new InputXGradient(engine), Linear.Images(s_shape, [1, 2]));
        Assert.Equal(6, result["infidelity"].Values[0], 5);
        Assert.Equal(0.346154, result["normalised"].Values[0], 5);
        Assert.Equal(0.0273279, result["unexplained"].Values[0], 6);
    }

    [Fact]
    public void A_kink_by_hand()
    {
        // f = relu(a) at a = 1, gradient 1; I = 0.5, 3: foretold 0.5, 3, lost 0.5, 1: (0 + 4) / 2.
        Shape one = new(1, 1, 1, 1);
        using Network network = Linear.OfPositive(one, [1f], [0f]);
        using Engine engine = network.On(Device.Cpu);
        var metric = new Infidelity { Perturbations = [Linear.Images(one, [0.5f]), Linear.Images(one, [3])] };
        Assert.Equal(2, metric.Measure(new Saliency(engine), Linear.Images(one, [1]))["infidelity"].Values[0], 5);
    }

    [Fact]
    public void The_class_predicted_for_the_image_stays_the_one_explained()
    {
        // f0 = a, f1 = b at (2, 1); taking (2, 0) makes class 1 the strongest, but class 0 lost 2, as foretold.
        using Network network = Linear.Of(s_shape, [1, 0], [0, 1]);
        using Engine engine = network.On(Device.Cpu);
        var metric = new Infidelity { Perturbations = [Linear.Images(s_shape, [2, 0])] };
        Assert.Equal(0, metric.Measure(new Saliency(engine), Linear.Images(s_shape, [2, 1]))["infidelity"].Values[0], 6);
    }

    [Fact]
    public void A_map_of_one_channel_is_shared_among_the_channels()
    {
        float[] shares = MapPlanes.PerValue([3, 6], new Shape(1, 3, 1, 2), "infidelity");
        Assert.Equal([1f, 2, 1, 2, 1, 2], shares);
        Assert.Contains("3 values", Assert.Throws<PreimageException>(() => MapPlanes.PerValue([1, 2, 3], new Shape(1, 3, 1, 2), "infidelity")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sensitivity_by_hand()
    {
        // Input x gradient (2a, 3b) at (1, 2): (2, 6), length sqrt(40). Moved by (0.1, 0) and (0, -0.2): changes 0.2 and 0.6; 0.6 / 6.324555.
        using Network network = Linear.Of(s_shape, [2, 3], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        var metric = new MaxSensitivity { Perturbations = [Linear.Images(s_shape, [0.1f, 0]), Linear.Images(s_shape, [0, -0.2f])] };
        Assert.Equal(0.0948683, metric.Measure(new InputXGradient(engine), Linear.Images(s_shape, [1, 2]))["sensitivity"].Values[0], 6);
        Assert.Equal(0, metric.Measure(new Saliency(engine), Linear.Images(s_shape, [1, 2]))["sensitivity"].Values[0]);
    }

    [Fact]
    public void Draws_stay_in_the_ball_and_fill_it()
    {
        // Input x gradient of f = a is a itself: at 1 the sensitivity is the largest |d|.
        Shape one = new(1, 1, 1, 1);
        using Network network = Linear.Of(one, [1f], [0f]);
        using Engine engine = network.On(Device.Cpu);
        double largest = new MaxSensitivity { Samples = 1000 }.Measure(new InputXGradient(engine), Linear.Images(one, [1]))["sensitivity"].Values[0];
        // 1000 uniform draws all below 0.0198: (0.99)^1000 = 4e-5.
        Assert.InRange(largest, 0.0198, 0.0200001);
    }

    [Fact]
    public void Noise_is_a_fifth_of_the_pictures_deviation()
    {
        // f = a + b at (3, 1), whose deviation is 1. Input x gradient foretells 3 I_a + I_b, I_a + I_b is lost: errors 4 I_a^2, mean 4 * 0.2^2.
        using Network network = Linear.Of(s_shape, [1, 1], [0, 0]);
        using Engine engine = network.On(Device.Cpu);
        double infidelity = new Infidelity { Samples = 4000 }.Measure(new InputXGradient(engine), Linear.Images(s_shape, [3, 1]))["infidelity"].Values[0];
        // The mean of 4000 squares scatters by sqrt(2/4000) = 2.2 %; four of these.
        Assert.InRange(infidelity, 0.16 * 0.91, 0.16 * 1.09);
    }

    [Fact]
    public void Errors_name_the_numbers()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var metric = new Infidelity { Perturbations = [Linear.Images(s_shape, [1, 2])] };
        string message = Assert.Throws<PreimageException>(() => metric.Measure(new Saliency(engine), Attribution.Methods.Samples(network, 1))).Message;
        Assert.Contains("perturbation 0 has 2 values, an image has 504", message, StringComparison.Ordinal);
        Assert.Contains("0 samples", Assert.Throws<PreimageException>(() =>
            new MaxSensitivity { Samples = 0 }.Measure(new Saliency(engine), Attribution.Methods.Samples(network, 1))).Message, StringComparison.Ordinal);
    }
}
