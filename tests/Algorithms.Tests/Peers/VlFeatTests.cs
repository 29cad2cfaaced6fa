using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Peers;

/// <summary>HOG and dense SIFT of photos against the VLFeat library.</summary>
/// <remarks>Every value of the whole image, single ones and all together.</remarks>
public sealed class VlFeatTests(ITestOutputHelper output)
{
    const double HogBound = 3e-5, SiftBound = 3e-3;

    public static TheoryData<string> Photos =>
    [
        "deep_goggle/img.png", "deep_goggle/stock_abstract.jpg", "deep_goggle/stock_fish.jpg", "caffe/cat.jpg", "caffe/fish-bike.jpg",
        "caffe/cat_gray.jpg", "vlfeat/roofs1.jpg", "vlfeat/box.pgm", "skimage/coffee.png", "skimage/camera.png", "skimage/astronaut.png",
        "skimage/hubble_deep_field.jpg", "skimage/rocket.jpg", "skimage/horse.png", "skimage/chelsea.png", "skimage/coins.png",
        "kodak/kodim03.png", "kodak/kodim05.png", "kodak/kodim07.png", "kodak/kodim09.png", "kodak/kodim10.png", "kodak/kodim12.png",
    ];

    [Theory]
    [MemberData(nameof(Photos))]
    public void Hog_is_vlfeats(string photo)
    {
        VlFeat.Require();
        Picture picture = Load(photo);
        foreach ((int colours, bool bilinear) in new[] { (1, false), (1, true), (3, false), (3, true) })
        {
            float[] planes = Planes(colours == 3 ? picture.ToRgb() : picture.ToGrey());
            (float[] values, int rows, int columns) = VlFeat.Hog(planes, picture.Width, picture.Height, colours, 8, bilinear);
            float[] expected = values[..(27 * rows * columns)];
            BinningKind binning = bilinear ? BinningKind.Bilinear : BinningKind.Hard;
            using Network network = Descriptors.Hog(
                picture.Height, picture.Width, 8, new HogOptions { Mode = DescriptorMode.VlFeat, Binning = binning, Colours = colours });
            (float[] hog, Shape shape) = Run(network, planes);
            Assert.Equal(new Shape(1, 27, rows, columns), shape);
            Compare($"HOG, {binning}, {colours} colours", HogBound, hog, expected);
        }
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void Dense_sift_is_vlfeats(string photo)
    {
        VlFeat.Require();
        Picture picture = Load(photo).ToGrey();
        float[] plane = Planes(picture);
        foreach ((int cell, int step) in new[] { (8, 8), (4, 6) })
        {
            float[] given = VlFeat.DenseSift(plane, picture.Width, picture.Height, step, cell);
            using Network network = Descriptors.DenseSift(
                picture.Height, picture.Width, cell, new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Step = step });
            (float[] sift, Shape shape) = Run(network, plane);
            int places = shape.H * shape.W;
            Assert.Equal(given.Length, sift.Length);
            float[] expected = [.. Enumerable.Range(0, sift.Length).Select(i => given[i % places * 128 + i / places])];
            Compare($"DSIFT, cells of {cell}, steps of {step}", SiftBound, sift, expected);
        }
    }

    /// <summary>What the paper's network makes of inner cells is the library's too: it differs at the border, and by what the library adds to sums of squares.</summary>
    [Theory]
    [MemberData(nameof(Photos))]
    public void Hog_of_the_paper_is_vlfeats_away_from_the_border(string photo)
    {
        VlFeat.Require();
        Picture picture = Load(photo).ToGrey();
        (float[] expected, int rows, int columns) = VlFeat.Hog(Planes(picture), picture.Width, picture.Height, 1, 8, bilinear: false);
        using Network network = Descriptors.Hog(picture.Height, picture.Width);
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["blocks", "hog"] });
        Shape shape = plan.ShapeOf(network.Output), blocksShape = plan.ShapeOf(network.Nodes["blocks"]);
        float[] hog = new float[shape.Count], blocks = new float[blocksShape.Count];
        plan.SetInput(network.Input, Planes(picture));
        plan.Forward();
        plan.Read(network.Output, hog);
        plan.Read(network.Nodes["blocks"], blocks);
        double worst = 0;
        foreach (int y in Enumerable.Range(2, shape.H - 4))
        foreach (int x in Enumerable.Range(2, shape.W - 4))
        {
            // The library's gradients are twice as long. Its 1e-4 makes the norm longer by half of 1e-4 / sum.
            double least = 4 * (from v in new[] { y - 1, y } from u in new[] { x - 1, x } select Squares(v, u)).Min();
            double bound = HogBound + (least > 0 ? Math.Min(1, 0.5e-4 / least) : 1) * 0.4;
            for (int c = 0; c < 27; c++)
            {
                double difference = Math.Abs(hog[(c * shape.H + y) * shape.W + x] - expected[(c * rows + y) * columns + x]);
                worst = Math.Max(worst, difference);
                Assert.True(difference <= bound, $"cell {y}, {x}, value {c}: {difference:E2} away, at most {bound:E2}");
            }
        }

        output.WriteLine($"paper's HOG: {worst:E1} at most");

        double Squares(int v, int u) => (from c in Enumerable.Range(0, 108) where c % 27 >= 18
            select Math.Pow(blocks[(c * blocksShape.H + v) * blocksShape.W + u], 2)).Sum();
    }

    void Compare(string what, double bound, float[] actual, float[] expected)
    {
        double relative = Math.Sqrt(Agreement.Nmse(actual, expected)), worst = 0;
        for (int i = 0; i < actual.Length; i++)
            worst = Math.Max(worst, Math.Abs((double)actual[i] - expected[i]));
        output.WriteLine($"{what}: {relative:E1} of the whole, single values {worst:E1} at most, {actual.Length} values");
        Assert.True(relative <= bound, $"{what}: {relative:E2} of the whole, at most {bound:E0}");
        Assert.True(worst <= bound, $"{what}: a value is {worst:E2} away, at most {bound:E0}");
    }

    static Picture Load(string photo) => Picture.Load(ReferenceData.Path($"photos/{photo}"));

    static (float[] Values, Shape Shape) Run(Network network, float[] input)
    {
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        Shape shape = plan.ShapeOf(network.Output);
        var values = new float[shape.Count];
        plan.Forward(input, values);
        return (values, shape);
    }

    static float[] Planes(Picture picture)
    {
        int pixels = picture.Width * picture.Height;
        var planes = new float[pixels * picture.Channels];
        for (int i = 0; i < planes.Length; i++)
            planes[i] = picture.Pixels[i % pixels * picture.Channels + i / pixels];
        return planes;
    }
}
