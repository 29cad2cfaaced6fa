namespace Preimage.Layers.Resampling;

public sealed partial class ResamplingTable
{
    /// <summary>The table that sets samples apart: input i goes to output i * stride, and every other output is zero.</summary>
    /// <param name="inputLength">Samples that go in.</param>
    /// <param name="outputLength">Samples that come out, at least (in - 1) * stride + 1.</param>
    /// <param name="stride">Outputs from one input to the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length or the stride is below 1, or there are too few outputs.</exception>
    public static ResamplingTable Spread(int inputLength, int outputLength, int stride)
    {
        RequireExtents(inputLength, outputLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputLength, (long)(inputLength - 1) * stride + 1);
        var rows = new TableBuilder(outputLength);
        for (int o = 0; o < outputLength; o++)
        {
            if (o % stride == 0 && o / stride < inputLength)
                rows.Add(o / stride, 1);
            rows.EndRow(normalise: false);
        }

        return new ResamplingTable(inputLength, rows.Starts, rows.Indices, rows.Weights);
    }
}
