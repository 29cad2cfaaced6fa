namespace Preimage.Layers.Resampling;

public sealed partial class ResamplingTable
{
    /// <summary>The table of Pillow's <c>Image.resize</c>: the kernel is widened when shrinking, taps beyond the edge are cut off.</summary>
    /// <remarks>
    /// Output x has its centre at (x + 0.5) in / out. Pillow's 8-bit pictures additionally round the weights to 22 bits and
    /// the result of each axis to 8 bits; that is the business of the picture code, these weights are exact.
    /// </remarks>
    /// <param name="filter">The kernel; nearest takes the sample under the centre, without widening.</param>
    /// <param name="inputLength">Samples that go in.</param>
    /// <param name="outputLength">Samples that come out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    public static ResamplingTable Pil(ResamplingFilter filter, int inputLength, int outputLength)
    {
        RequireExtents(inputLength, outputLength);
        var rows = new TableBuilder(outputLength);
        if (filter == ResamplingFilter.Nearest) AddPilNearest(rows, inputLength, outputLength);
        else AddPilRows(rows, filter, inputLength, outputLength);
        return new ResamplingTable(inputLength, rows.Starts, rows.Indices, rows.Weights);
    }

    // The position is a running sum and not a product because Pillow's is, and half-way cases turn on its last bit.
    static void AddPilNearest(TableBuilder rows, int inputLength, int outputLength)
    {
        double step = (double)inputLength / outputLength;
        double position = step * 0.5;
        for (int x = 0; x < outputLength; x++, position += step)
        {
            rows.Add(Math.Min((int)position, inputLength - 1), 1);
            rows.EndRow(normalise: false);
        }
    }

    static void AddPilRows(TableBuilder rows, ResamplingFilter filter, int inputLength, int outputLength)
    {
        double scale = (double)inputLength / outputLength;
        double widening = Math.Max(scale, 1);
        double support = ResamplingKernel.HalfWidth(filter) * widening;
        double inverse = 1 / widening;
        for (int x = 0; x < outputLength; x++)
        {
            double centre = (x + 0.5) * scale;
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int end = Math.Min((int)(centre + support + 0.5), inputLength);
            for (int i = first; i < end; i++)
                rows.Add(i, ResamplingKernel.Value(filter, (i - centre + 0.5) * inverse));
            rows.EndRow(normalise: true);
        }
    }
}
