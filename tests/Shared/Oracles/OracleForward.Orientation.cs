using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    static OracleArray Bin(OrientationBinning layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        foreach ((int n, int v, int u) in Places(shape))
        {
            OraclePixel pixel = OraclePixel.At(layer, x, n, v, u);
            for (int k = 0; k < layer.Bins; k++) y[n, k, v, u] = pixel.Value(k);
        }

        return y;
    }

    /// <summary>The adjoint of the binning, by its derivative written out.</summary>
    public static double[] BinBack(OrientationBinning layer, Shape shape, OracleArray x, double[] signal)
    {
        OracleArray r = new(shape, signal), result = new(x.Shape);
        foreach ((int n, int v, int u) in Places(shape))
        {
            OraclePixel pixel = OraclePixel.At(layer, x, n, v, u);
            (result[n, 2 * pixel.Colour, v, u], result[n, 2 * pixel.Colour + 1, v, u]) = pixel.Back(k => r[n, k, v, u]);
        }

        return result.Values;
    }

    /// <summary>How near a pixel is to another decision, in units of the gradient.</summary>
    public static double BinMargin(OrientationBinning layer, OracleArray x) =>
        Places(x.Shape).Min(at => OraclePixel.At(layer, x, at.N, at.V, at.U).Margin);

    static OracleArray Normalise(BlockNormalisation layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        foreach ((int n, int v, int u) in Places(x.Shape))
        {
            double norm = BlockNorm(layer, x, n, v, u);
            for (int c = 0; c < x.Shape.C; c++) y[n, c, v, u] = Math.Min(x[n, c, v, u] / norm, layer.Limit);
        }

        return y;
    }

    /// <summary>The adjoint of the normalisation: the quotient rule on y = v / N where it is below the limit.</summary>
    public static double[] NormaliseBack(BlockNormalisation layer, OracleArray x, double[] signal)
    {
        OracleArray r = new(x.Shape, signal), result = new(x.Shape);
        foreach ((int n, int v, int u) in Places(x.Shape))
        {
            double norm = BlockNorm(layer, x, n, v, u);
            bool Passes(int c) => x[n, c, v, u] / norm <= layer.Limit;
            double byNorm = -Enumerable.Range(0, x.Shape.C).Where(Passes).Sum(c => r[n, c, v, u] * x[n, c, v, u]) / (norm * norm);
            for (int c = 0; c < x.Shape.C; c++)
            {
                double slope = norm > layer.Least && c % layer.Period >= layer.First ? x[n, c, v, u] / norm : 0;
                result[n, c, v, u] = (Passes(c) ? r[n, c, v, u] / norm : 0) + byNorm * slope;
            }
        }

        return result.Values;
    }

    /// <summary>How near a value is to the limit, or a norm to its least, in units of the values.</summary>
    public static double NormaliseMargin(BlockNormalisation layer, OracleArray x)
    {
        double least = double.PositiveInfinity;
        foreach ((int n, int v, int u) in Places(x.Shape))
        {
            double norm = BlockNorm(layer, x, n, v, u);
            if (norm > layer.Least) least = Math.Min(least, norm - layer.Least);
            for (int c = 0; c < x.Shape.C; c++) least = Math.Min(least, Math.Abs(x[n, c, v, u] - layer.Limit * norm));
        }

        return least;
    }

    static double BlockNorm(BlockNormalisation layer, OracleArray x, int n, int v, int u)
    {
        double sum = Enumerable.Range(0, x.Shape.C).Where(c => c % layer.Period >= layer.First).Sum(c => x[n, c, v, u] * x[n, c, v, u]);
        return Math.Max(Math.Sqrt(layer.Epsilon + sum), layer.Least);
    }

    static IEnumerable<(int N, int V, int U)> Places(Shape shape) =>
        from n in Enumerable.Range(0, shape.N) from v in Enumerable.Range(0, shape.H) from u in Enumerable.Range(0, shape.W) select (n, v, u);
}
