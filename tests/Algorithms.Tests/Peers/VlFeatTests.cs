using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Peers;

/// <summary>HOG and dense SIFT of photos against the VLFeat library.</summary>
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
        foreach (bool colour in new[] { false, true })
        foreach (bool bilinear in new[] { false, true })
        {
            int colours = colour ? 3 : 1;
            float[] planes = Planes(colour ? picture.ToRgb() : picture.ToGrey());
            (float[] expected, int rows, int columns) = VlFeat.Hog(planes, picture.Width, picture.Height, colours, 8, bilinear);
            BinningKind binning = bilinear ? BinningKind.Bilinear : BinningKind.Hard;
            var options = new HogOptions { Mode = DescriptorMode.VlFeat, Binning = binning, Colours = colours };
            (float[] hog, Shape shape) = Run(Descriptors.Hog(picture.Height, picture.Width, 8, options), planes);
            Assert.Equal(new Shape(1, 27, rows, columns), shape);
            Compare($"HOG, {binning}, {colours} colours", HogBound, Enumerable.Range(0, hog.Length).Select(i => (double)Math.Abs(hog[i] - expected[i])));
        }
    }

    /// <summary>What the paper's network makes of inner cells is the library's too: it differs at the border alone.</summary>
    [Theory]
    [MemberData(nameof(Photos))]
    public void Hog_of_the_paper_is_vlfeats_away_from_the_border(string photo)
    {
        VlFeat.Require();
        Picture picture = Load(photo).ToGrey();
        float[] plane = Planes(picture);
        foreach (bool bilinear in new[] { false, true })
        {
            (float[] expected, int rows, int columns) = VlFeat.Hog(plane, picture.Width, picture.Height, 1, 8, bilinear);
            BinningKind binning = bilinear ? BinningKind.Bilinear : BinningKind.Hard;
            (float[] hog, Shape shape) = Run(Descriptors.Hog(picture.Height, picture.Width, 8, new HogOptions { Binning = binning }), plane);
            Compare($"paper's HOG, {binning}", HogBound,
                from c in Enumerable.Range(0, 27) from y in Enumerable.Range(2, shape.H - 4) from x in Enumerable.Range(2, shape.W - 4)
                select (double)Math.Abs(hog[(c * shape.H + y) * shape.W + x] - expected[(c * rows + y) * columns + x]));
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
            float[] expected = VlFeat.DenseSift(plane, picture.Width, picture.Height, step, cell);
            var options = new DenseSiftOptions { Mode = DescriptorMode.VlFeat, Step = step };
            (float[] sift, Shape shape) = Run(Descriptors.DenseSift(picture.Height, picture.Width, cell, options), plane);
            int places = shape.H * shape.W;
            Assert.Equal(expected.Length, sift.Length);
            Compare($"DSIFT, cells of {cell}, steps of {step}", SiftBound,
                Enumerable.Range(0, sift.Length).Select(i => (double)Math.Abs(sift[i % 128 * places + i / 128] - expected[i])));
        }
    }

    void Compare(string what, double bound, IEnumerable<double> differences)
    {
        double worst = 0;
        long over = 0, count = 0;
        foreach (double difference in differences)
        {
            worst = Math.Max(worst, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            over += difference <= bound ? 0 : 1;
            count++;
        }

        output.WriteLine($"{what}: {worst:E1} at most, {count} values");
        Assert.True(count > 0 && worst <= bound, $"{what}: {worst:E2} away, at most {bound:E0}; {over} of {count} values are further");
    }

    static Picture Load(string photo) => Picture.Load(ReferenceData.Path($"photos/{photo}"));

    static (float[] Values, Shape Shape) Run(Network network, float[] input)
    {
        using Network own = network;
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        Shape shape = plan.ShapeOf(network.Output);
        var y = new float[shape.Count];
        plan.Forward(input, y);
        return (y, shape);
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
