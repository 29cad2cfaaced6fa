using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Layers.Tests;

/// <summary>HOG, HOGb and dense SIFT of the picture of specification section 11, against the numbers given there.</summary>
public class DescriptorGoldenTests
{
    const int Height = 64, Width = 80;

    /// <summary>The numbers are given to six decimals.</summary>
    const double Tolerance = 1e-6;

    static readonly double[] s_hog =
    [
        0.220857, 0.027886, 0.013584, 0.006314, 0.007711, 0.010772, 0.010296, 0.025434, 0.151913, 0.273813, 0.291165, 0.232194, 0.349252, 0.102747,
        0.102998, 0.054869, 0.112694, 0.239526, 0.400000, 0.319050, 0.245777, 0.355566, 0.110458, 0.113770, 0.065165, 0.138129, 0.390695,
    ];

    static readonly double[] s_hogb =
    [
        0.233686, 0.037044, 0.010575, 0.007845, 0.008770, 0.010108, 0.010976, 0.024312, 0.125589, 0.281626, 0.282922, 0.239817, 0.341092, 0.162099,
        0.090299, 0.063588, 0.100152, 0.235375, 0.400000, 0.319966, 0.250392, 0.348936, 0.170869, 0.100407, 0.074564, 0.124464, 0.360963,
    ];

    static readonly double[] s_border =
    [
        0.100000, 0.002784, 0.019124, 0, 0.068484, 0.100000, 0, 0, 0, 0.001715, 0.048949, 0.100000, 0.048667, 0.019686, 0.009747, 0.005447, 0.016831,
        0.011852, 0.100000, 0.051732, 0.100000, 0.048667, 0.088170, 0.100000, 0.005447, 0.016831, 0.011852,
    ];

    [Theory]
    [InlineData(DescriptorMode.Paper)]
    [InlineData(DescriptorMode.VlFeat)]
    public void Hog_of_an_inner_cell(DescriptorMode mode)
    {
        Equal(s_hog, Cell(new HogOptions { Mode = mode }, 3, 4), mode);
        Equal(s_hogb, Cell(new HogOptions { Mode = mode, Binning = BinningKind.Bilinear, TrueAngles = true }, 3, 4), mode);
    }

    [Fact]
    public void Hog_of_a_border_cell_of_the_paper() => Equal(s_border, Cell(new HogOptions(), 0, 0), DescriptorMode.Paper);

    [Fact]
    public void Dense_sift_of_the_paper()
    {
        (float[] sift, Shape shape) = Run(Descriptors.DenseSift(Height, Width));
        Assert.Equal(new Shape(1, 128, 1, 2), shape);
        double[] block = [.. Enumerable.Range(0, 128).Select(c => (double)sift[2 * c])];
        double[] expected =
        [
            0.055625, 0.003641, 0.000159, 0.000186, 0.031033, 0.148618, 0.032170, 0.032259, 0.200000, 0.025466, 0.001670, 0.003407, 0.020971, 0.061709,
            0.034722, 0.094347,
        ];
        Equal(expected, block[..16], DescriptorMode.Paper);
        Assert.Equal(0.920124, Math.Sqrt(block.Sum(v => v * v)), Tolerance);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(4, 2)]
    [InlineData(1, 8)]
    public void Dense_sift_of_vlfeat(int step, int at)
    {
        (float[] sift, Shape shape) = Run(Descriptors.DenseSift(Height, Width, 8, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Step = step, TrueAngles = true }));
        Assert.Equal(new Shape(1, 128, (Height - 1 - 24) / step + 1, (Width - 1 - 24) / step + 1), shape);
        double[] actual = [.. Enumerable.Range(0, 8).Select(c => (double)sift[(c * shape.H + at) * shape.W + at])];
        Equal([0.059891, 0.003182, 0.000200, 0.000095, 0.046533, 0.213272, 0.047136, 0.040116], actual, DescriptorMode.VlFeat);
    }

    [Fact]
    public void Bilinear_bins_of_one_pixel()
    {
        var b = new NetworkBuilder();
        b.Output(b.Add("bins", new OrientationBinning { Bins = 18 }, b.Input("g", new Shape(1, 2, 1, 1))));
        (float[] bins, _) = Run(b.Build(), [3.1f, -1.7f]);
        double[] expected = new double[18];
        (expected[16], expected[17]) = (1.544992, 1.990542);
        Equal(expected, Array.ConvertAll(bins, v => (double)v), DescriptorMode.Paper);
    }

    /// <summary>Where nothing changes there is no direction: zeros, and no signal, rather than not-a-number.</summary>
    [Theory]
    [InlineData(BinningKind.Hard)]
    [InlineData(BinningKind.Bilinear)]
    [InlineData(BinningKind.Rectified)]
    [InlineData(BinningKind.BilinearByCosine)]
    [InlineData(BinningKind.BilinearByCubic)]
    public void A_flat_picture_gives_zeros_both_ways(BinningKind binning)
    {
        Network[] networks =
        [
            Descriptors.Hog(32, 40, 8, new HogOptions { Mode = DescriptorMode.VlFeat, Binning = binning }),
            Descriptors.DenseSift(44, 44, 8, new DenseSiftOptions { Binning = binning }),
            Descriptors.DenseSift(40, 40, 8, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Binning = binning }),
        ];
        foreach (Network network in networks)
        {
            using Engine engine = network.On(Device.Cpu);
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
            var y = new float[plan.ShapeOf(network.Output).Count];
            float[] x = new float[network.InputShape.Count], signal = new float[y.Length];
            Array.Fill(x, 117);
            Array.Fill(signal, 1);
            plan.Forward(x, y);
            Assert.All(y, v => Assert.Equal(0, v));
            plan.Backward(signal, BackwardRule.Gradient, x);
            Assert.All(x, v => Assert.Equal(0, v));
        }
    }

    /// <summary>A network made for one size takes pictures of another, with as many cells as those have.</summary>
    [Theory]
    [InlineData(DescriptorMode.Paper, 5, 8)]
    [InlineData(DescriptorMode.VlFeat, 6, 8)]
    public void Hog_takes_pictures_of_other_sizes(DescriptorMode mode, int rows, int columns)
    {
        using Network network = Descriptors.Hog(Height, Width, 8, new HogOptions { Mode = mode });
        IReadOnlyList<Shape> shapes = network.InferShapes(new Dictionary<string, Shape> { ["data"] = new(2, 1, 44, 67) });
        Assert.Equal(new Shape(2, 27, rows, columns), shapes[network.Output.Index]);
    }

    [Fact]
    public void Numbers_out_of_range_are_named()
    {
        Assert.Contains("cells of 7 pixels", Assert.Throws<ShapeException>(() => Descriptors.Hog(64, 64, 7)).Message, StringComparison.Ordinal);
        Assert.Contains("0 colours", Assert.Throws<ShapeException>(() => Descriptors.Hog(64, 64, 8, new HogOptions { Colours = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("0 orientations", Assert.Throws<ShapeException>(() => Descriptors.Hog(64, 64, 8, new HogOptions { Orientations = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("steps of 0", Assert.Throws<ShapeException>(() => Descriptors.DenseSift(64, 64, 8, new DenseSiftOptions { Step = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => Descriptors.DenseSift(40, 30));
    }

    static double[] Cell(HogOptions options, int row, int column)
    {
        (float[] hog, Shape shape) = Run(Descriptors.Hog(Height, Width, 8, options));
        Assert.Equal(new Shape(1, 27, 8, 10), shape);
        return [.. Enumerable.Range(0, 27).Select(c => (double)hog[(c * shape.H + row) * shape.W + column])];
    }

    static (float[] Values, Shape Shape) Run(Network network, float[]? input = null)
    {
        using Network own = network;
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        Shape shape = plan.ShapeOf(network.Output);
        var y = new float[shape.Count];
        plan.Forward(input ?? Picture(), y);
        return (y, shape);
    }

    static float[] Picture()
    {
        var picture = new float[Height * Width];
        for (int i = 0; i < picture.Length; i++)
        {
            int x = i % Width, y = i / Width;
            picture[i] = (float)(128 + 60 * Math.Sin(0.37 * x + 0.11 * y) + 50 * Math.Cos(0.23 * y - 0.05 * x * x / 16) + (7 * x + 13 * y) % 11 - 5);
        }

        return picture;
    }

    static void Equal(double[] expected, double[] actual, DescriptorMode mode)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"{mode}: value {i} is {actual[i]:F7}, expected {expected[i]:F6}");
    }
}
