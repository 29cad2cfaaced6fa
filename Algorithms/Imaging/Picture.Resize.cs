using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Imaging;

public sealed partial class Picture
{
    // 32 bits less 8 for the sample and 2 for weights of bicubic above one and their sum's sign, as Pillow has it.
    const int WeightBits = 22;

    /// <summary>The picture at another size; shrinking averages (antialias) except for nearest.</summary>
    /// <param name="width">Columns wanted.</param>
    /// <param name="height">Rows wanted.</param>
    /// <param name="filter">The interpolation kernel.</param>
    /// <param name="convention">Whose border handling and rounding.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public Picture Resize(int width, int height, ResamplingFilter filter = ResamplingFilter.Bilinear,
        ResizeConvention convention = ResizeConvention.Pillow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width == Width && height == Height) return this;
        byte[] pixels = convention switch
        {
            ResizeConvention.Pillow => ResizePillow(width, height, filter),
            ResizeConvention.Matlab => ResizeMatlab(width, height, filter),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "no such convention"),
        };
        return new Picture(width, height, Channels, pixels, Text);
    }

    /// <summary>The picture with every pixel repeated in a square of that side, so that single pixels can be seen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is below 1.</exception>
    public Picture Enlarge(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return Resize(checked(Width * factor), checked(Height * factor), ResamplingFilter.Nearest);
    }

    /// <summary>The picture enlarged by the smallest whole factor that makes it at least that wide.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1.</exception>
    public Picture AtLeast(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return Enlarge((width + Width - 1) / Width);
    }

    // Columns first, then rows, and an axis that keeps its length is left alone: the order decides the rounding.
    byte[] ResizePillow(int width, int height, ResamplingFilter filter)
    {
        byte[] pixels = _pixels;
        if (width != Width)
            pixels = Pass(pixels, Height, ResamplingTable.Pil(filter, Width, width), Channels);
        if (height != Height)
            pixels = Pass(pixels, 1, ResamplingTable.Pil(filter, Height, height), width * Channels);
        return pixels;
    }

    static byte[] Pass(byte[] input, int outer, ResamplingTable table, int inner)
    {
        var weights = new int[table.ExactWeights.Length];
        for (int t = 0; t < weights.Length; t++)
        {
            double scaled = table.ExactWeights[t] * (1 << WeightBits);
            weights[t] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        var output = new byte[checked(outer * table.OutputLength * inner)];
        var sums = new int[inner];
        for (int plane = 0; plane < outer; plane++)
        {
            var from = input.AsSpan(plane * table.InputLength * inner, table.InputLength * inner);
            for (int o = 0; o < table.OutputLength; o++)
            {
                sums.AsSpan().Fill(1 << (WeightBits - 1));
                for (int t = table.Starts[o]; t < table.Starts[o + 1]; t++)
                {
                    int weight = weights[t];
                    var tap = from.Slice(table.Indices[t] * inner, inner);
                    for (int i = 0; i < sums.Length; i++) sums[i] += weight * tap[i];
                }
                var row = output.AsSpan((plane * table.OutputLength + o) * inner, inner);
                for (int i = 0; i < row.Length; i++) row[i] = (byte)Math.Clamp(sums[i] >> WeightBits, 0, 255);
            }
        }
        return output;
    }

    byte[] ResizeMatlab(int width, int height, ResamplingFilter filter)
    {
        float[] values = Array.ConvertAll(_pixels, sample => (float)sample);
        var columns = new float[checked(Height * width * Channels)];
        ResamplingTable.Matlab(filter, Width, width).Apply(values, columns, Height, Channels);
        var both = new float[checked(height * width * Channels)];
        ResamplingTable.Matlab(filter, Height, height).Apply(columns, both, 1, width * Channels);
        return Array.ConvertAll(both, value => (byte)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), 0, 255));
    }
}
