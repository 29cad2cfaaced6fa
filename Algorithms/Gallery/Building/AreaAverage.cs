namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Makes planes smaller: each value is the mean of the area it covers, parts of values at its borders counted by their part.</summary>
internal static class AreaAverage
{
    /// <summary>The planes at another size.</summary>
    /// <param name="values">planes * rows * columns values.</param>
    /// <param name="planes">How many planes.</param>
    /// <param name="from">Rows and columns there are.</param>
    /// <param name="to">Rows and columns wanted, no more than there are.</param>
    public static float[] Of(ReadOnlySpan<float> values, int planes, (int Height, int Width) from, (int Height, int Width) to)
    {
        (double[] Weights, int First)[] rows = Parts(from.Height, to.Height), columns = Parts(from.Width, to.Width);
        var result = new float[planes * to.Height * to.Width];
        for (int plane = 0; plane < planes; plane++)
        {
            ReadOnlySpan<float> own = values.Slice(plane * from.Height * from.Width, from.Height * from.Width);
            for (int y = 0; y < to.Height; y++)
            {
                for (int x = 0; x < to.Width; x++)
                {
                    double sum = 0;
                    for (int i = 0; i < rows[y].Weights.Length; i++)
                    {
                        for (int j = 0; j < columns[x].Weights.Length; j++)
                            sum += rows[y].Weights[i] * columns[x].Weights[j] * own[(rows[y].First + i) * from.Width + columns[x].First + j];
                    }

                    result[(plane * to.Height + y) * to.Width + x] = (float)sum;
                }
            }
        }

        return result;
    }

    /// <summary>The values under each place of an axis, with weights that add up to 1.</summary>
    static (double[] Weights, int First)[] Parts(int from, int to)
    {
        var parts = new (double[], int)[to];
        double step = (double)from / to;
        for (int i = 0; i < to; i++)
        {
            (double start, double end) = (i * step, Math.Min((i + 1) * step, from));
            int first = (int)start, last = Math.Min((int)Math.Ceiling(end), from);
            parts[i] = ([.. Enumerable.Range(first, last - first).Select(k => (Math.Min(k + 1, end) - Math.Max(k, start)) / (end - start))], first);
        }

        return parts;
    }
}
