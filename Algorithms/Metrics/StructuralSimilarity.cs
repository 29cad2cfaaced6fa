namespace Preimage.Algorithms.Metrics;

/// <summary>How alike two pictures look, window by window: in brightness, in contrast and in structure.</summary>
/// <remarks>
/// Wang, Bovik, Sheikh and Simoncelli 2004, equation 13: (2 m_a m_b + C1)(2 s_ab + C2) / ((m_a^2 + m_b^2 + C1)(s_a^2 + s_b^2 + C2)) with means, variances and covariance
/// under an 11 x 11 Gaussian window of deviation 1.5 whose weights sum to 1, C1 = (0.01 L)^2, C2 = (0.03 L)^2, averaged over all windows that lie within the picture.
/// </remarks>
public static class StructuralSimilarity
{
    /// <summary>Rows and columns of the window, the least a picture may have.</summary>
    public const int Window = 11;

    const double Deviation = 1.5;

    /// <summary>The mean similarity of two pictures of one channel, in double.</summary>
    /// <param name="a">height x width values.</param>
    /// <param name="b">As many.</param>
    /// <param name="height">Rows, at least 11.</param>
    /// <param name="width">Columns, at least 11.</param>
    /// <param name="range">L, the range of the values: 1 or 255.</param>
    /// <returns>-1 to 1, 1 for equal pictures.</returns>
    /// <exception cref="ArgumentException">The values do not fill the picture, it is smaller than a window, or the range is not above 0.</exception>
    public static double Mean(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int height, int width, double range = 1)
    {
        if (height < Window || width < Window)
            throw new ArgumentException($"a picture of {width}x{height} is smaller than the window of {Window}x{Window}");
        if (a.Length != height * width || b.Length != a.Length)
            throw new ArgumentException($"{a.Length} and {b.Length} values are no two pictures of {width}x{height}");
        if (!(range > 0))
            throw new ArgumentException($"a range of {range}: it must be above 0");
        double[] x = Doubles(a), y = Doubles(b), work = new double[a.Length];
        double[] meanX = Smooth(x, height, width, work), meanY = Smooth(y, height, width, work);
        double[] squareX = Smooth(Product(x, x), height, width, work), squareY = Smooth(Product(y, y), height, width, work), both = Smooth(Product(x, y), height, width, work);
        double c1 = 0.01 * range * 0.01 * range, c2 = 0.03 * range * 0.03 * range, sum = 0;
        for (int i = 0; i < both.Length; i++)
        {
            double mx = meanX[i], my = meanY[i], variances = squareX[i] - mx * mx + squareY[i] - my * my;
            sum += (2 * mx * my + c1) * (2 * (both[i] - mx * my) + c2) / ((mx * mx + my * my + c1) * (variances + c2));
        }

        return sum / both.Length;
    }

    /// <summary>The weighted means over all windows, (height - 10) x (width - 10): the Gaussian is a product, so that rows go first and columns after.</summary>
    static double[] Smooth(double[] values, int height, int width, double[] work)
    {
        Span<double> bell = stackalloc double[Window];
        double total = 0;
        for (int t = 0; t < Window; t++)
            total += bell[t] = Math.Exp(-(t - Window / 2) * (t - Window / 2) / (2 * Deviation * Deviation));
        int outWidth = width - Window + 1, outHeight = height - Window + 1;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < outWidth; column++)
            {
                double sum = 0;
                for (int t = 0; t < Window; t++)
                    sum += bell[t] * values[row * width + column + t];
                work[row * outWidth + column] = sum / total;
            }
        }

        var means = new double[outHeight * outWidth];
        for (int row = 0; row < outHeight; row++)
        {
            for (int column = 0; column < outWidth; column++)
            {
                double sum = 0;
                for (int t = 0; t < Window; t++)
                    sum += bell[t] * work[(row + t) * outWidth + column];
                means[row * outWidth + column] = sum / total;
            }
        }

        return means;
    }

    static double[] Product(double[] a, double[] b)
    {
        var product = new double[a.Length];
        for (int i = 0; i < a.Length; i++)
            product[i] = a[i] * b[i];
        return product;
    }

    static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }
}
