using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    /// <summary>ONNX Resize, modes nearest and linear, from the operator's text: each output between two rows and two columns.</summary>
    static OracleArray Interpolate(Resize layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        int axes = shape.Rank;
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            // A one-dimensional array has columns only.
            (int Index, double Weight)[] rows = axes == 4 ? Taps(layer, x.Shape[2], shape[2], at[2], ScaleOf(layer, 2, axes)) : [(0, 1)];
            foreach ((int v, double p) in rows)
            {
                foreach ((int u, double q) in Taps(layer, x.Shape[axes - 1], shape[axes - 1], at[^1], ScaleOf(layer, axes - 1, axes)))
                    y.Values[i] += p * q * x[at[0], at[1], v, u];
            }
        }

        return y;
    }

    /// <summary>A table of taps for rows and one for columns; what the tables hold has tests of its own.</summary>
    static OracleArray Mix(Resample layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            for (int r = layer.Rows.Starts[at[2]]; r < layer.Rows.Starts[at[2] + 1]; r++)
            {
                for (int c = layer.Columns.Starts[at[3]]; c < layer.Columns.Starts[at[3] + 1]; c++)
                    y.Values[i] += layer.Rows.ExactWeights[r] * layer.Columns.ExactWeights[c] * x[at[0], at[1], layer.Rows.Indices[r], layer.Columns.Indices[c]];
            }
        }

        return y;
    }

    static double? ScaleOf(Resize layer, int axis, int rank)
    {
        if (layer.Scales is null) return null;
        for (int i = 0; i < layer.Scales.Count; i++)
        {
            long listed = layer.AxisList?[i] ?? i;
            if ((listed < 0 ? listed + rank : listed) == axis) return layer.Scales[i];
        }

        return 1;
    }

    static (int, double)[] Taps(Resize layer, int input, int output, int place, double? given)
    {
        double scale = given ?? (double)output / input, length = given is null ? output : input * scale;
        double half = (place + 0.5) / scale - 0.5;
        double at = layer.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => half,
            ResizeCoordinates.PytorchHalfPixel => output > 1 ? half : 0,
            ResizeCoordinates.Asymmetric => place / scale,
            ResizeCoordinates.AlignCorners => length == 1 ? 0 : place * (input - 1) / (length - 1),
            _ => input / 2.0 * (1 - output / length) + half,
        };
        if (!layer.Linear)
        {
            double nearest = layer.Rounding switch
            {
                NearestRounding.Floor => Math.Floor(at),
                NearestRounding.Ceil => Math.Ceiling(at),
                NearestRounding.RoundPreferFloor => Math.Ceiling(at - 0.5),
                _ => Math.Floor(at + 0.5),
            };
            return [((int)Math.Clamp(nearest, 0, input - 1), 1)];
        }

        double lower = Math.Floor(at), part = at - lower;
        return [((int)Math.Clamp(lower, 0, input - 1), 1 - part), ((int)Math.Clamp(lower + 1, 0, input - 1), part)];
    }
}
