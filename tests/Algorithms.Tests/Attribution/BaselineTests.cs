using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>The values a baseline stands for.</summary>
public class BaselineTests
{
    /// <summary>Two samples of 2 channels of 1 x 3 pixels.</summary>
    static readonly float[] s_x = [1, 2, 6, -1, 0, 4, 10, 10, 10, 0, 0, 3];

    [Fact]
    public void Values_are_those_named()
    {
        Assert.All(Of(Baseline.Zero), v => Assert.Equal(0, v));
        Assert.All(Of(Baseline.Value(-2.5f)), v => Assert.Equal(-2.5f, v));
        Assert.Equal([4f, 4, 4, 5, 5, 5, 4, 4, 4, 5, 5, 5], Of(Baseline.Channels(4, 5)));
        Assert.Equal([3f, 3, 3, 1, 1, 1, 10, 10, 10, 1, 1, 1], Of(Baseline.Mean));
        Assert.Equal([9f, 8, 7, 6, 5, 4, 9, 8, 7, 6, 5, 4], Of(Baseline.Of(Tensor.Create([9f, 8, 7, 6, 5, 4], [1, 2, 1, 3]))));
        float[] own = [.. s_x.Select(v => v + 1)];
        Assert.Equal(own, Of(Baseline.Of(Tensor.Create(own, [2, 2, 1, 3]))));
    }

    /// <summary>Black is (0 - mean) / std of each channel, which is not 0.</summary>
    [Fact]
    public void Black_is_black_before_preprocessing()
    {
        var own = new Preprocessing { Scale = 1.0 / 255, Mean = [0.5, 0.4], Std = [0.25, 0.2] };
        Assert.Equal([-2f, -2, -2, -2, -2, -2], Of(Baseline.Black(own))[..6]);
        Assert.Equal([0f, 0, 0], Of(Baseline.Black(Preprocessing.Unit))[..3]);
        Picture black = new(3, 1, 3, new byte[9]);
        PreparedInput prepared = (Preprocessing.ImageNetCaffe with { Resize = ResizeRule.ToNetwork, Crop = CropRule.None }).Apply(black, 3, 1, 3);
        Assert.Equal(prepared.Tensor.ToArray(), Of(Baseline.Black(Preprocessing.ImageNetCaffe), 3)[..9]);
        Assert.Equal(prepared.Tensor.ToArray(), Of(Baseline.Of(prepared), 3)[..9]);
    }

    /// <summary>
    /// A bell of deviation 0.5 pixels reaches two: exp(-2 t^2) is 1, 0.135335, 0.000335 at t = 0, 1, 2, in all 1.271341. Pixels 1 2 6, the border repeated:
    /// the first is (1 + 0.135335 (1 + 2) + 0.000335 (1 + 6)) / 1.271341 = 1.107770, the second (2 + 0.135335 (1 + 6) + 0.000335 (1 + 6)) / 1.271341 = 2.320144.
    /// </summary>
    [Fact]
    public void A_blur_is_a_bell()
    {
        float[] blurred = Of(Baseline.Blurred(0.5));
        Assert.Equal(1.107770, blurred[0], 2e-6);
        Assert.Equal(2.320144, blurred[1], 2e-6);
        // What does not vary stays; far blurs approach the mean of the border.
        Assert.Equal(10, blurred[6], 1e-5);
        Assert.Throws<ArgumentOutOfRangeException>(() => Baseline.Blurred(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Baseline.Blurred(double.NaN));
    }

    /// <summary>Rows and columns alike.</summary>
    [Fact]
    public void A_blur_turns_with_its_picture()
    {
        float[] picture = [.. Enumerable.Range(0, 12).Select(i => (float)(i * i % 7))], turned = new float[12];
        for (int i = 0; i < 12; i++) turned[i % 4 * 3 + i / 4] = picture[i];
        float[] a = Blur(picture, 3, 4), b = Blur(turned, 4, 3);
        for (int i = 0; i < 12; i++) Assert.Equal(a[i], b[i % 4 * 3 + i / 4], 1e-6f);

        static float[] Blur(float[] values, int height, int width) => Of(Baseline.Blurred(1.2), new Shape(1, 1, height, width), values);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Says("3 channels", Baseline.Channels(1, 2, 3));
        Says("has 5 values", Baseline.Of(Tensor.Create(new float[5], [1, 5])));
        Says("'x'", Baseline.Of(new Dictionary<string, Tensor<float>> { ["y"] = Tensor.Create(new float[6], [1, 6]) }));

        static void Says(string what, Baseline baseline) => Assert.Contains(what, Assert.Throws<PreimageException>(() => Of(baseline)).Message, StringComparison.Ordinal);
    }

    static float[] Of(Baseline baseline, int channels = 2) => Of(baseline, new Shape(12 / (channels * 3), channels, 1, 3), channels == 2 ? s_x : new float[9]);

    static float[] Of(Baseline baseline, Shape shape, float[] values)
    {
        shape = shape.WithSamples(values.Length / (shape.Count / shape.N));
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("relu", new Relu(), builder.Input("x", shape.WithSamples(1))));
        using Network network = builder.Build();
        return baseline.For(network.Input, new AttributionInputs(network, new Dictionary<string, Tensor<float>> { ["x"] = Tensor.Create(values, shape.ToLengths()) }));
    }
}
