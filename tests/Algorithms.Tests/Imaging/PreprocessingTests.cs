using System.Text.Json;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Import;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Imaging;

public sealed class PreprocessingTests(ITestOutputHelper output)
{
    [Fact]
    public void ImageNetCaffe_ChelseaAgreesExactly()
    {
        var picture = Picture.Load(ReferenceData.Path("photos/skimage/chelsea.png"));
        float[] expected = NpyFile.Load(ReferenceData.Path("reference/computed_maps/chelsea_input.npy")).ToArray();
        float[] actual = Preprocessing.ImageNetCaffe.Apply(picture, 3, 227, 227, "chelsea.png").Tensor.ToArray();
        float worst = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"largest difference {worst}");
        Assert.Equal(0, worst);
    }

    /// <summary>What a MatConvNet file says of its pictures: averages of spec section 2.3, a border, a part.</summary>
    [Theory]
    [InlineData(false, 0, null, "network", "none")]
    [InlineData(null, 29, null, "256x256", "network")]
    [InlineData(true, 0, 0.875, "short side 259", "network")]
    public void OfModel_FollowsTheFile(bool? keepAspect, double border, double? part, string resize, string crop)
    {
        var b = new NetworkBuilder();
        b.Output(b.Add("relu", new Relu(), b.Input("data", new Shape(1, 3, 227, 227))));
        using Network plain = b.Build();
        Assert.Null(Preprocessing.OfModel(plain));
        b = new NetworkBuilder
        {
            Metadata = new ModelMetadata
            {
                Normalisation = new InputNormalisation
                {
                    InputShape = new Shape(1, 3, 227, 227), ChannelMeans = [122.7, 116.7, 104.0], Interpolation = "bicubic", KeepAspect = keepAspect,
                    Border = border > 0 ? (border, border) : null, CropSize = part is { } kept ? (kept, kept) : null,
                },
            },
        };
        b.Output(b.Add("relu", new Relu(), b.Input("data", new Shape(1, 3, 227, 227))));
        using Network network = b.Build();
        Preprocessing own = Preprocessing.OfModel(network)!;
        Assert.Equal((resize, crop), (own.Resize.ToString(), own.Crop.ToString()));
        Assert.Equal((ResamplingFilter.Bicubic, ResizeConvention.Matlab, ChannelOrder.Rgb), (own.Filter, own.Convention, own.Order));
        Assert.Equal([122.7, 116.7, 104.0], own.Mean);
        float[] values = own.Apply(new Picture(300, 260, 3, [.. Enumerable.Repeat((byte)130, 300 * 260 * 3)]), network.Input).Tensor.ToArray();
        Assert.Equal([7.3f, 13.3f, 26f], values.Where((_, i) => i % (227 * 227) == 0).Select(v => MathF.Round(v, 4)));
    }

    [Fact]
    public void Apply_OrderScaleMeanStd()
    {
        var red = new Picture(1, 1, 3, [200, 100, 50]);
        Assert.Equal([200, 100, 50], Preprocessing.Raw.Apply(red, 3, 1, 1).Tensor.ToArray());
        Assert.Equal([200 / 255f, 100 / 255f, 50 / 255f], Preprocessing.Unit.Apply(red, 3, 1, 1).Tensor.ToArray());
        // 0.299 200 + 0.587 100 + 0.114 50 = 124.2
        Assert.Equal([124 / 256f], Preprocessing.Mnist.Apply(red, 1, 1, 1).Tensor.ToArray());
        Assert.Equal([124f], Preprocessing.Raw.Apply(red, 1, 1, 1).Tensor.ToArray());
        var grey = new Picture(1, 1, 1, [70]);
        Assert.Equal([70, 70, 70], Preprocessing.Raw.Apply(grey, 3, 1, 1).Tensor.ToArray());
        Assert.Equal([-34, -47, -53], Preprocessing.ImageNetCaffe.Apply(grey, 3, 227, 227).Tensor.ToArray().Where((_, i) => i % (227 * 227) == 0));
        var torch = Preprocessing.ImageNetTorch.Apply(red, 3, 224, 224).Tensor;
        Assert.Equal((200 / 255f - 0.485f) / 0.229f, torch[0, 0, 100, 100], 1e-6f);
        Assert.Equal((100 / 255f - 0.456f) / 0.224f, torch[0, 1, 223, 0], 1e-6f);
        Assert.Equal((50 / 255f - 0.406f) / 0.225f, torch[0, 2, 0, 223], 1e-6f);
    }

    [Fact]
    public void Apply_ShowsWhatTheNetworkSees()
    {
        var input = Preprocessing.ImageNetTorch.Apply(Pictures.Formula(400, 300, 3), 3, 224, 224, "formula");
        var expected = Pictures.Formula(400, 300, 3).Resize(341, 256).Crop(58, 16, 224, 224);
        Assert.True(expected.Pixels.SequenceEqual(input.Shown.Pixels));
        Assert.Equal([1, 3, 224, 224], input.Tensor.Lengths.ToArray());
        Assert.Equal("formula", input.Source);
        Assert.Same(Preprocessing.ImageNetTorch, input.Preprocessing);
    }

    [Fact]
    public void Apply_SettingsThatDoNotFit()
    {
        var picture = Pictures.Formula(20, 20, 3);
        Assert.Contains("1 or 3 input channels", Message(() => Preprocessing.Raw.Apply(picture, 4, 8, 8)));
        Assert.Contains("Mean has 3 values", Message(() => Preprocessing.ImageNetTorch.Apply(picture, 1, 224, 224)));
        Assert.Contains("does not fit", Message(() => Preprocessing.ImageNetTorch.Apply(picture, 3, 299, 299)));
        Assert.Contains("takes 8x9", Message(() => (Preprocessing.Raw with { Resize = ResizeRule.None }).Apply(picture, 3, 9, 8)));
        Assert.Contains("Std has a zero", Message(() => (Preprocessing.Raw with { Std = [0] }).Apply(picture, 3, 8, 8)));
        Assert.Contains("imagenet-torch, imagenet-caffe, unit, mnist, raw", Message(() => Preprocessing.ByName("imagenet")));
    }

    [Fact]
    public void Json_RoundTripsEveryPreset()
    {
        foreach (var preset in Preprocessing.Presets)
        {
            Assert.Equal(preset, Preprocessing.FromJson(preset.ToJson()));
            Assert.Same(preset, Preprocessing.ByName(preset.Name));
            Assert.NotEqual(preset, preset with { Scale = 3 });
        }
        var custom = Preprocessing.Raw with
        {
            Name = "mine", Resize = ResizeRule.ShortSide(12), Crop = CropRule.Centre(8, 9), Filter = ResamplingFilter.Bicubic,
            Convention = ResizeConvention.Matlab, Order = ChannelOrder.Bgr, Mean = [1, 2, 3],
        };
        string path = Path.GetTempFileName();
        custom.Save(path);
        Assert.Equal(custom, Preprocessing.Load(path));
        File.Delete(path);
        Assert.Equal(
            "mine: resize short side 12 bicubic (matlab), crop 8x9, order bgr, scale 1, mean [1, 2, 3], std [1]", custom.ToString());
    }

    [Theory]
    [InlineData("""{"nam": "x"}""", "nam")]
    [InlineData("""{"resize": "big"}""", "'big'")]
    [InlineData("""{"resize": "0x5"}""", "'0x5'")]
    [InlineData("""{"crop": "short side 5"}""", "short side 5")]
    [InlineData("""{"order": "rbg"}""", "order")]
    [InlineData("""{"order": 7}""", "order")]
    [InlineData("""{"std": [1, 0, 1]}""", "Std")]
    [InlineData("""{"mean": [1, 2]}""", "Mean")]
    [InlineData("""{"mean": null}""", "mean")]
    [InlineData("""{"scale": 1, "scale": 2}""", "scale")]
    [InlineData("null", "null")]
    [InlineData("{", "mine.json")]
    public void Json_ErrorsNameTheKey(string json, string named)
    {
        string message = Assert.Throws<JsonException>(() => Preprocessing.FromJson(json, "mine.json")).Message;
        Assert.Contains(named, message);
        Assert.Contains("Known keys: name, resize", message);
    }

    static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
