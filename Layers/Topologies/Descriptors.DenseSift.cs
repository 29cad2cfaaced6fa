using System.Numerics;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Topologies;

public static partial class Descriptors
{
    const int SiftBins = 8, SiftCells = 4;

    /// <summary>Dense SIFT (Lowe 2004, on a grid): a grey picture 1 x 1 x H x W, values 0 to 255, to 1 x 128 x rows x columns of descriptors.</summary>
    /// <remarks>
    /// <para>Channel (4 i + j) 8 + o is the cell in row i and column j, orientation o. Nodes: <c>gradient</c> 2, x then y; <c>orientation</c> 8; <c>cells</c> 8;
    /// <c>descriptors</c> 128, weighted by a Gaussian over the cells; <c>normalised</c> 128, of norm 1 and then at most 0.2; VLFeat normalises
    /// again: <c>sift</c>.</para>
    /// <para>Paper: gradients of inner pixels only, triangular cells of an even length; descriptors over (H - 2) x (W - 2). VLFeat: the 'fast' mode of
    /// vl_dsift before its scaling by 512; one-sided differences at the border, triangular cells of odd length around whole pixels, the first at (0, 0), borders
    /// repeated outwards; H and W are not free. The two differ by about 16 % (reference specification, section 7.4).</para>
    /// </remarks>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="cell">Pixels between the centres of cells, 2 to 1024.</param>
    /// <param name="options">What kind; null for the paper's.</param>
    /// <exception cref="ShapeException">A number is out of range.</exception>
    /// <exception cref="ModelException">The picture holds no descriptor.</exception>
    public static Network DenseSift(int height, int width, int cell = 8, DenseSiftOptions? options = null)
    {
        DenseSiftOptions o = options ?? new DenseSiftOptions();
        int step = o.Step ?? 3 * cell;
        if (cell is < 2 or > 1024 || step is < 1 or > 1 << 20)
            throw new ShapeException($"dense SIFT with cells of {cell} pixels in steps of {step}: they must be 2 to 1024 and 1 to {1 << 20}");

        bool exact = o.Mode == DescriptorMode.VlFeat;
        BinningKind binning = exact && !o.TrueAngles && o.Binning == BinningKind.Bilinear ? BinningKind.BilinearByCubic : o.Binning;
        var b = new NetworkBuilder();
        Node x = b.Input("data", new Shape(1, 1, height, width), [true, false, !exact, !exact]);
        x = exact ? OneSidedGradient(b, x, height, width) : b.Add("gradient", DescriptorFilters.Derivatives(1, 0.5f, pad: 0), x);
        x = b.Add("orientation", new OrientationBinning { Bins = SiftBins, Kind = binning }, x);
        // Cells are needed wherever a descriptor has one: the grid is the common measure of both distances.
        int grid = (int)BigInteger.GreatestCommonDivisor(cell, step);
        if (exact)
            x = b.Add("surrounded", new Pad { Pads = [0, 0, cell - 1, cell - 1, 0, 0, cell - 1, cell - 1], Fill = PadFill.Edge }, x);
        x = b.Add("cells", DescriptorFilters.Separable(SiftBins, exact
            ? [.. Enumerable.Range(1 - cell, 2 * cell - 1).Select(t => 1 - Math.Abs(t) / (double)cell)]
            : [.. Enumerable.Range(0, 2 * cell).Select(t => 1 - Math.Abs(t + 0.5 - cell) / cell)], grid), x);

        double[] weights = [.. Enumerable.Range(0, SiftCells).Select(i => exact ? MeanGaussian(i, cell) : Math.Exp(-(i - 1.5) * (i - 1.5) / (2 * 1.5 * 1.5)))];
        int apart = cell / grid;
        var block = new Window { Kernel = (SiftCells, SiftCells), Dilation = (apart, apart), Stride = (step / grid, step / grid) };
        x = b.Add("descriptors", DescriptorFilters.Of(SiftCells * SiftCells * SiftBins, SiftBins, block, (to, from, row, column) =>
            to == (SiftCells * row + column) * SiftBins + from ? weights[row] * weights[column] : 0), x);
        // VLFeat adds the float's epsilon to the norm instead: the same to rounding for all but blocks of nothing.
        x = b.Add("normalised", exact
            ? new BlockNormalisation { Least = 1.1920929e-7f, Limit = 0.2f }
            : new BlockNormalisation { Epsilon = 1e-6f, Limit = 0.2f }, x);
        if (exact)
            x = b.Add("sift", new BlockNormalisation { Least = 1.1920929e-7f }, x);
        b.Output(x);
        return b.Build();
    }

    /// <summary>Central differences halved, at the border the whole difference to the only neighbour.</summary>
    static Node OneSidedGradient(NetworkBuilder b, Node x, int height, int width)
    {
        x = b.Add("repeated", new Pad { Pads = [0, 0, 1, 1, 0, 0, 1, 1], Fill = PadFill.Edge }, x);
        x = b.Add("differences", DescriptorFilters.Derivatives(1, 0.5f, pad: 0), x);
        // With the border repeated the halved difference there is half of the one-sided one.
        var factors = new float[2 * height * width];
        for (int i = 0; i < factors.Length; i++)
        {
            int at = i < height * width ? i % width : i / width % height, extent = i < height * width ? width : height;
            factors[i] = at == 0 || at == extent - 1 ? 2 : 1;
        }

        return b.Add("gradient", new Arithmetic(ArithmeticOperation.Mul), x, b.Add("sides", new Constant(new MemoryWeights(factors, 1, 2, height, width))));
    }

    /// <summary>The mean over a cell of a Gaussian window two cells wide around the descriptor's centre.</summary>
    static double MeanGaussian(int index, int cell) => Enumerable.Range(1 - cell, 2 * cell - 1)
        .Average(t => Math.Exp(-0.5 * Math.Pow((t - cell * (index - 1.5)) / (2.0 * cell), 2)));
}
