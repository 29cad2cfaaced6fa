using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

public class ColourAxesTests
{
    /// <summary>The numbers are what its comment says they are: M M^T is the covariance over the photos but for a factor, and its columns are orthogonal.</summary>
    [Fact]
    public void The_matrix_is_a_root_of_the_photos_covariance()
    {
        var covariance = new double[9];
        double pixels = 0;
        foreach (string photo in (string[])["03", "05", "07", "09", "10", "12"])
        {
            Picture picture = Picture.Load(ReferenceData.Path($"photos/kodak/kodim{photo}.png"));
            var mean = new double[3];
            ReadOnlySpan<byte> values = picture.Pixels;
            for (int i = 0; i < values.Length; i++) mean[i % 3] += values[i] * 3.0 / values.Length;
            for (int i = 0; i < values.Length; i += 3)
                for (int c = 0; c < 9; c++) covariance[c] += (values[i + c / 3] - mean[c / 3]) * (values[i + c % 3] - mean[c % 3]);
            pixels += values.Length / 3.0;
        }

        double trace = covariance[0] + covariance[4] + covariance[8];
        covariance = [.. covariance.Select(c => 3 * c / trace)];
        double[] m = ColourAxes.Matrix(ChannelOrder.Rgb);
        double[] product = [.. Enumerable.Range(0, 9).Select(i => Enumerable.Range(0, 3).Sum(k => m[i / 3 * 3 + k] * m[i % 3 * 3 + k]))];
        string found = string.Join(", ", covariance);
        Assert.All(product.Zip(covariance), p => Assert.True(Math.Abs(p.First - p.Second) < 1e-5, found));
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < a; b++) Assert.Equal(0, Enumerable.Range(0, 3).Sum(c => m[3 * c + a] * m[3 * c + b]), 1e-5);
    }

    [Fact]
    public void The_inverse_is_one()
    {
        foreach (ChannelOrder order in (ChannelOrder[])[ChannelOrder.Rgb, ChannelOrder.Bgr])
        {
            double[] m = ColourAxes.Matrix(order), inverse = ColourAxes.Inverse(m);
            for (int i = 0; i < 9; i++) Assert.Equal(i / 3 == i % 3 ? 1 : 0, Enumerable.Range(0, 3).Sum(k => m[i / 3 * 3 + k] * inverse[3 * k + i % 3]), 1e-12);
        }

        Assert.Equal(ColourAxes.Matrix(ChannelOrder.Rgb)[..3], ColourAxes.Matrix(ChannelOrder.Bgr)[6..]);
    }
}
