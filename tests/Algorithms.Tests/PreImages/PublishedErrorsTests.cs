using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Errors of inversions that were found elsewhere for the same pictures.</summary>
public class PublishedErrorsTests
{
    /// <summary>Reference specification 9.4, the first picture: C = 100, grey, native size, 300 iterations.</summary>
    [Theory]
    [InlineData("HOG", 41.9)]
    [InlineData("HOGb", 14.4)]
    [InlineData("DSIFT", 12.9)]
    public void A_descriptor_is_inverted_as_well_as_in_the_reference(string name, double expected)
    {
        Picture picture = Picture.Load(ReferenceData.Path("photos/deep_goggle/img.png"));
        Tensor<float> input = Grey(picture);
        using Network network = name switch
        {
            "HOG" => Descriptors.Hog(picture.Height, picture.Width),
            "HOGb" => Descriptors.Hog(picture.Height, picture.Width, 8, new HogOptions { Binning = BinningKind.Bilinear }),
            _ => Descriptors.DenseSift(picture.Height, picture.Width),
        };
        using Engine engine = network.On(Device.Cpu);
        PreImageResult result = new Inversion(engine).Invert(input, PixelScale.Raw, network.Output.Name, PreImageOptions.PaperDescriptor());
        Assert.Equal(expected, 100 * result.Errors[0], 1.0);
    }

    /// <summary>Means of three photos at C = 100, seed 0.</summary>
    [Theory]
    [InlineData("fire8/concat", 24)]
    [InlineData("fire9/concat", 32)]
    public void SqueezeNet_is_inverted_to_its_bar(string node, double most)
    {
        using Network network = Network.Load(ReferenceData.Path("models/onnx/squeezenet_v1.0_dc.onnx"));
        using Engine engine = network.On(Device.Cpu);
        var errors = new List<double>();
        foreach (string photo in (string[])["skimage/chelsea.png", "skimage/coffee.png", "kodak/kodim07.png"])
        {
            PreparedInput input = Preprocessing.ImageNetCaffe.Apply(Picture.Load(ReferenceData.Path($"photos/{photo}")), network.Input);
            errors.Add(100 * new Inversion(engine).Invert(input, node, new PreImageOptions { C = 100 }).Errors[0]);
        }

        Assert.True(errors.Average() <= most, $"{string.Join(", ", errors)}: mean {errors.Average()}");
    }

    /// <summary>MATLAB's rgb2gray: 0.2989 R + 0.5870 G + 0.1140 B, rounded.</summary>
    static Tensor<float> Grey(Picture picture)
    {
        Picture rgb = picture.ToRgb();
        var values = new float[rgb.Width * rgb.Height];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)Math.Floor(0.2989 * rgb.Pixels[3 * i] + 0.5870 * rgb.Pixels[3 * i + 1] + 0.1140 * rgb.Pixels[3 * i + 2] + 0.5);
        return Tensor.Create(values, [1, 1, rgb.Height, rgb.Width]);
    }
}
