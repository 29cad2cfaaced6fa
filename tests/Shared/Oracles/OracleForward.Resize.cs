using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    /// <summary>ONNX Resize as its text has it, one output at a time: rows and columns listed in full by scales or sizes.</summary>
    static OracleArray Resample(Resize layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            (int Row, double Weight)[] rows = Taps(layer, 2, at[2], x.Shape, shape);
            (int Column, double Weight)[] columns = Taps(layer, 3, at[3], x.Shape, shape);
            foreach ((int row, double a) in rows)
            {
                foreach ((int column, double b) in columns)
                    y.Values[i] += a * b * x[at[0], at[1], row, column];
            }
        }

        return y;
    }

    static (int, double)[] Taps(Resize layer, int axis, int output, Shape from, Shape to)
    {
        int length = from[axis];
        double scale = layer.Scales is { } scales ? scales[axis] : (double)to[axis] / length;
        double position = layer.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => (output + 0.5) / scale - 0.5,
            ResizeCoordinates.Asymmetric => output / scale,
            ResizeCoordinates.AlignCorners => to[axis] == 1 ? 0 : output * (length - 1.0) / (length * scale - 1),
            _ => throw new NotSupportedException($"{layer.Coordinates}"),
        };
        if (!layer.Linear)
        {
            double nearest = layer.Rounding == NearestRounding.Floor ? Math.Floor(position) : Math.Ceiling(position - 0.5);
            return [(Inside(nearest), 1)];
        }

        double lower = Math.Floor(position);
        return [(Inside(lower), 1 - (position - lower)), (Inside(lower + 1), position - lower)];

        int Inside(double place) => (int)Math.Clamp(place, 0, length - 1);
    }
}
