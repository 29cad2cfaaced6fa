namespace Preimage.Layers.Resampling;

public sealed partial class ResamplingTable
{
    /// <summary>The table of one axis of ONNX Resize in mode <c>nearest</c>.</summary>
    /// <param name="inputLength">Samples that go in.</param>
    /// <param name="outputLength">Samples that come out.</param>
    /// <param name="coordinates">The <c>coordinate_transformation_mode</c>.</param>
    /// <param name="rounding">The <c>nearest_mode</c>.</param>
    /// <param name="scale">The axis's entry in <c>scales</c>, or null for out / in, as when <c>sizes</c> is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or the scale is not positive.</exception>
    public static ResamplingTable OnnxNearest(int inputLength, int outputLength,
        ResizeCoordinates coordinates = ResizeCoordinates.HalfPixel,
        NearestRounding rounding = NearestRounding.RoundPreferFloor, double? scale = null)
    {
        var rows = new TableBuilder(outputLength);
        foreach (double position in OnnxPositions(inputLength, outputLength, coordinates, scale))
        {
            double index = rounding switch
            {
                NearestRounding.RoundPreferFloor => Math.Ceiling(position - 0.5),
                NearestRounding.RoundPreferCeil => Math.Floor(position + 0.5),
                NearestRounding.Floor => Math.Floor(position),
                NearestRounding.Ceil => Math.Ceiling(position),
                _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "no such rounding"),
            };
            rows.Add((int)Math.Clamp(index, 0, inputLength - 1), 1);
            rows.EndRow(normalise: false);
        }
        return new ResamplingTable(inputLength, rows.Starts, rows.Indices, rows.Weights);
    }

    /// <summary>The table of one axis of ONNX Resize in mode <c>linear</c>, without antialiasing; positions beyond the edge take the edge.</summary>
    /// <inheritdoc cref="OnnxNearest"/>
    public static ResamplingTable OnnxLinear(int inputLength, int outputLength,
        ResizeCoordinates coordinates = ResizeCoordinates.HalfPixel, double? scale = null)
    {
        var rows = new TableBuilder(outputLength);
        foreach (double position in OnnxPositions(inputLength, outputLength, coordinates, scale))
        {
            double lower = Math.Floor(position);
            rows.Add((int)Math.Clamp(lower, 0, inputLength - 1), 1 - (position - lower));
            rows.Add((int)Math.Clamp(lower + 1, 0, inputLength - 1), position - lower);
            rows.EndRow(normalise: false);
        }
        return new ResamplingTable(inputLength, rows.Starts, rows.Indices, rows.Weights);
    }

    /// <summary>The table of one axis of ONNX Upsample (opset 7 to 9): positions x / scale, nearest rounds down.</summary>
    /// <param name="filter">Nearest or bilinear.</param>
    /// <param name="inputLength">Samples that go in; floor(in * scale) come out.</param>
    /// <param name="scale">The axis's entry in <c>scales</c>, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length or the scale is below 1, or Upsample lacks the filter.</exception>
    public static ResamplingTable Upsample(ResamplingFilter filter, int inputLength, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        int outputLength = OnnxOutputLength(inputLength, scale);
        return filter switch
        {
            ResamplingFilter.Nearest => OnnxNearest(
                inputLength, outputLength, ResizeCoordinates.Asymmetric, NearestRounding.Floor, scale),
            ResamplingFilter.Bilinear => OnnxLinear(inputLength, outputLength, ResizeCoordinates.Asymmetric, scale),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Upsample knows nearest and linear only"),
        };
    }

    /// <summary>The output length ONNX prescribes for a scale: floor(in * scale).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive, or gives no sample at all or too many.</exception>
    public static int OnnxOutputLength(int inputLength, double scale)
    {
        double length = Math.Floor(inputLength * scale);
        if (!(scale > 0) || !(length is >= 1 and <= int.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"{inputLength} samples at this scale give a length of {length}.");
        return (int)length;
    }

    static double[] OnnxPositions(int inputLength, int outputLength, ResizeCoordinates coordinates, double? given)
    {
        RequireExtents(inputLength, outputLength);
        double scale = given ?? (double)outputLength / inputLength;
        if (!(scale > 0)) throw new ArgumentOutOfRangeException(nameof(given), given, "a scale must be positive");
        // The standard's reference keeps the fraction of in * scale here, and its own test cases depend on it.
        double exactLength = given is null ? outputLength : inputLength * scale;
        double margin = inputLength / 2.0 * (1 - outputLength / exactLength);

        var positions = new double[outputLength];
        for (int x = 0; x < outputLength; x++)
        {
            positions[x] = coordinates switch
            {
                ResizeCoordinates.HalfPixel => (x + 0.5) / scale - 0.5,
                ResizeCoordinates.PytorchHalfPixel => outputLength > 1 ? (x + 0.5) / scale - 0.5 : 0,
                ResizeCoordinates.Asymmetric => x / scale,
                ResizeCoordinates.AlignCorners => x == 0 ? 0 : x * (inputLength - 1) / (exactLength - 1),
                ResizeCoordinates.HalfPixelSymmetric => margin + (x + 0.5) / scale - 0.5,
                _ => throw new ArgumentOutOfRangeException(nameof(coordinates), coordinates, "no such mode"),
            };
        }
        return positions;
    }
}
