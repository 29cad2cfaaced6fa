namespace Preimage.Layers.Resampling;

public sealed partial class ResamplingTable
{
    /// <summary>The table of MATLAB's <c>imresize</c>: the kernel is widened when shrinking, the border is mirrored.</summary>
    /// <remarks>
    /// With S = out / in, output X = 1..out lies at u = X / S + 0.5 (1 - 1 / S). Samples beyond the border are the mirrored
    /// ones with the edge sample repeated (period 2 in), so weights always sum to one without cutting.
    /// </remarks>
    /// <param name="filter">The kernel; nearest is never widened.</param>
    /// <param name="inputLength">Samples that go in.</param>
    /// <param name="outputLength">Samples that come out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    public static ResamplingTable Matlab(ResamplingFilter filter, int inputLength, int outputLength)
    {
        RequireExtents(inputLength, outputLength);
        double scale = (double)outputLength / inputLength;
        double squeeze = scale < 1 && filter != ResamplingFilter.Nearest ? scale : 1;
        double width = 2 * ResamplingKernel.HalfWidth(filter) / squeeze;
        int taps = (int)Math.Ceiling(width) + 2;

        var rows = new TableBuilder(outputLength);
        for (int x = 1; x <= outputLength; x++)
        {
            double position = x / scale + 0.5 * (1 - 1 / scale);
            double first = Math.Floor(position - width / 2);
            for (int tap = 0; tap < taps; tap++)
            {
                double sample = first + tap;
                double weight = ResamplingKernel.Value(filter, squeeze * (position - sample));
                if (weight != 0) rows.Add(Mirror((int)sample - 1, inputLength), weight);
            }
            rows.EndRow(normalise: true);
        }
        return new ResamplingTable(inputLength, rows.Starts, rows.Indices, rows.Weights);
    }

    static int Mirror(int index, int length)
    {
        int period = 2 * length;
        int within = (index % period + period) % period;
        return within < length ? within : period - 1 - within;
    }
}
