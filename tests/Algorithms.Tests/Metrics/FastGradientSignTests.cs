using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class FastGradientSignTests
{
    static readonly Shape s_shape = new(1, 1, 1, 2);

    // Class 0 wins where the first pixel is brighter: the attack darkens it and brightens the other.
    [Theory]
    [InlineData(100, 90, 8, 92, 98)] // 4 leaves 96 and 94
    [InlineData(3, 1, 2, 1, 3)] // 1 leaves a tie, and the first of equals stays
    [InlineData(1, 0, 1, 0, 1)]
    [InlineData(0.5f, 0, 0.5, 0, 0.5f)] // the first pixel meets black
    public void The_smallest_step_that_changes_the_label(float a, float b, double step, float movedA, float movedB)
    {
        foreach (float weight in (float[])[0.1f, 1000]) // 1000: the label's probability is 1 in float and in double
        {
            using Network network = Linear.Of(s_shape, [weight, -weight], [-weight, weight]);
            using Engine engine = network.On(Device.Cpu);
            AdversarialPicture found = new FastGradientSign(engine, PixelScale.Raw).Attack(Linear.Images(s_shape, [a, b]));
            Assert.Equal((true, step, 0, 1), (found.Changed, found.Step, found.Before.Class, found.After.Class));
            Assert.Equal([movedA, movedB], found.Input.ToArray());
        }
    }

    [Fact]
    public void A_label_that_no_step_changes()
    {
        using Network network = Linear.Of(s_shape, [1, -1], [-1, 1]);
        using Engine engine = network.On(Device.Cpu);
        AdversarialPicture found = new FastGradientSign(engine, PixelScale.Raw).Attack(Linear.Images(s_shape, [250, 5]));
        Assert.Equal((false, 16, 0, 0), (found.Changed, found.Step, found.Before.Class, found.After.Class));
        Assert.Equal([234f, 21], found.Input.ToArray());
    }

    [Fact]
    public void Steps_are_grey_levels_whatever_the_network_takes_them_as()
    {
        // v = (p / 255 - 0.5) / 0.25: the pixels 100 and 90; a grey level is 4 / 255.
        Shape shape = s_shape;
        using Network network = Linear.Of(shape, [1, -1], [-1, 1]);
        using Engine engine = network.On(Device.Cpu);
        var preprocessing = new Preprocessing { Scale = 1.0 / 255, Mean = [0.5], Std = [0.25] };
        float[] pixels = [.. ((double[])[100, 90]).Select(p => (float)((p / 255 - 0.5) / 0.25))];
        AdversarialPicture found = new FastGradientSign(engine, PixelScale.Of(preprocessing)).Attack(Linear.Images(shape, pixels));
        Assert.Equal(8, found.Step);
        Assert.Equal((92 / 255.0 - 0.5) / 0.25, found.Input.ToArray()[0], 5);
        Assert.Equal((98 / 255.0 - 0.5) / 0.25, found.Input.ToArray()[1], 5);
    }

    [Fact]
    public void Stability_says_which_label_each_map_explains()
    {
        // Maps are the rows: of one label alike, of two labels opposite.
        using Network network = Linear.Of(s_shape, [1, -1], [-1, 1]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new AdversarialStability().Measure(
            new Saliency(engine), Linear.Images(s_shape, [100, 90], [250, 5]), new MetricOptions { Pixels = PixelScale.Raw });
        Assert.Equal(1, result["cosine-old"].Values[0], 6);
        Assert.Equal(1, result["cosine-new"].Values[0], 6);
        Assert.Equal(-1, result["cosine-predicted"].Values[0], 6);
        Assert.Equal(8, result["step"].Values[0]);
        // The other image's label stays.
        Assert.All(result.Series, s => Assert.Equal(1, s.LeftOut));
    }

    [Fact]
    public void Errors_name_the_numbers()
    {
        using Network network = Linear.Of(s_shape, [1, -1], [-1, 1]);
        using Engine engine = network.On(Device.Cpu);
        var two = Linear.Images(s_shape, [1, 2], [3, 4]);
        Assert.Contains("2 images", Assert.Throws<PreimageException>(() => new FastGradientSign(engine, PixelScale.Raw).Attack(two)).Message, StringComparison.Ordinal);
        Assert.Contains("2, 1", Assert.Throws<PreimageException>(() =>
            new FastGradientSign(engine, PixelScale.Raw) { Steps = [2, 1] }.Attack(Linear.Images(s_shape, [1, 2]))).Message, StringComparison.Ordinal);
        Assert.Contains("MetricOptions.Pixels", Assert.Throws<PreimageException>(() => new AdversarialStability().Measure(new Saliency(engine), two)).Message, StringComparison.Ordinal);
    }
}
