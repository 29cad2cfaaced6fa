using Preimage.Layers.Kinds;

namespace Preimage.Layers.Topologies;

/// <summary>Hand-made image descriptors as networks, with exact derivatives.</summary>
/// <remarks>
/// Mahendran and Vedaldi 2016, section 4.1: what HOG and dense SIFT compute is a convolution, a binning by orientation, a convolution and a
/// normalisation; what inverts and explains networks does so with them. They have no trained weights.
/// </remarks>
public static partial class Descriptors
{
    /// <summary>Histograms of oriented gradients (Dalal and Triggs 2005; the variant of Felzenszwalb et al. 2010): 1 x colours x H x W, values 0 to 255,
    /// to 1 x 3 O x cell rows x cell columns.</summary>
    /// <remarks>
    /// <para>Nodes: <c>gradient</c> 2 colours x H x W, x then y; <c>orientation</c> 2 O; <c>cells</c> 2 O; <c>channels</c> 3 O per cell, 2 O directed and
    /// O undirected (the sum of two opposite ones); <c>blocks</c> 12 O, four cells each; <c>normalised</c> 12 O, at most 0.2; <c>hog</c> 3 O, half the sum
    /// of the cell's values in the blocks that hold it. The four texture channels of Felzenszwalb et al. are left out.</para>
    /// <para>Paper: floor(H / cell) cells, the picture continued by zeros, values of border cells the sum over the blocks there are. VLFeat: floor((H +
    /// cell / 2) / cell) cells, border pixels without gradient, border cells repeated outwards. Away from the border by two cells both agree.</para>
    /// </remarks>
    /// <param name="height">Rows of the picture; free, this one is declared.</param>
    /// <param name="width">Columns of the picture; free, this one is declared.</param>
    /// <param name="cell">Pixels along a cell's side, an even number from 2 to 1024.</param>
    /// <param name="options">What kind; null for the paper's, hard binning, grey.</param>
    /// <exception cref="ShapeException">A number is out of range.</exception>
    /// <exception cref="ModelException">The picture holds no block of cells.</exception>
    public static Network Hog(int height, int width, int cell = 8, HogOptions? options = null)
    {
        HogOptions o = options ?? new HogOptions();
        if (cell is < 2 or > 1024 || cell % 2 != 0)
            throw new ShapeException($"HOG with cells of {cell} pixels: it must be an even number from 2 to 1024");
        if (o.Orientations is < 1 or > 2048)
            throw new ShapeException($"HOG with {o.Orientations} orientations: there must be 1 to 2048");
        if (o.Colours < 1)
            throw new ShapeException($"HOG of {o.Colours} colours: there must be at least 1");

        bool exact = o.Mode == DescriptorMode.VlFeat;
        int directed = 2 * o.Orientations, channels = 3 * o.Orientations;
        BinningKind binning = exact && !o.TrueAngles && o.Binning == BinningKind.Bilinear ? BinningKind.BilinearByCosine : o.Binning;
        var b = new NetworkBuilder();
        Node x = b.Input("data", new Shape(1, o.Colours, height, width), [true, false, true, true]);
        x = b.Add("gradient", DescriptorFilters.Derivatives(o.Colours, exact ? 1 : 0.5f, pad: exact ? 0 : 1), x);
        x = b.Add("orientation", new OrientationBinning { Bins = directed, Kind = binning }, x);
        // VLFeat leaves out border pixels: the plane starts one pixel later, so there is one more of padding; its last cell may lie half outside.
        double[] taps = [.. Enumerable.Range(0, 2 * cell).Select(t => 1 - Math.Abs(t + 0.5 - cell) / cell)];
        x = b.Add("cells", exact
            ? DescriptorFilters.Separable(directed, taps, cell, cell / 2 + 1, cell + 1)
            : DescriptorFilters.Separable(directed, taps, cell, cell / 2, cell / 2), x);
        x = b.Add("channels", DescriptorFilters.Of(channels, directed, new Window { Kernel = (1, 1) }, (to, from, _, _) =>
            to == from || (to >= directed && (to - directed) == from % o.Orientations) ? 1 : 0), x);
        if (exact)
            x = b.Add("surrounded", new Pad { Pads = [0, 0, 1, 1, 0, 0, 1, 1], Fill = PadFill.Edge }, x);

        // Cells of a block column by column; channels within.
        int Place(int row, int column) => (2 * column + row) * channels;
        x = b.Add("blocks", DescriptorFilters.Of(4 * channels, channels, new Window { Kernel = (2, 2) }, (to, from, row, column) =>
            to == Place(row, column) + from ? 1 : 0), x);
        x = b.Add("normalised", new BlockNormalisation
        {
            Period = channels, First = directed, Epsilon = exact ? 1e-4f : 0, Least = exact ? 0 : 1e-6f, Limit = 0.2f,
        }, x);
        // A block further down holds the cell in its upper row.
        int outside = exact ? 0 : 1;
        var around = new Window { Kernel = (2, 2), Pads = (outside, outside, outside, outside) };
        x = b.Add("hog", DescriptorFilters.Of(channels, 4 * channels, around, (to, from, row, column) =>
            from == Place(1 - row, 1 - column) + to ? 0.5 : 0), x);
        b.Output(x);
        return b.Build();
    }
}
