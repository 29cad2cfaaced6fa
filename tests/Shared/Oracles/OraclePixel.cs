using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>One pixel's gradient and its bins, in double, weights by the angle to every direction (spec 7.1, 7.2).</summary>
internal readonly record struct OraclePixel(BinningKind Kind, int Bins, int Colour, double X, double Y, double Runner)
{
    double Size => Math.Sqrt(X * X + Y * Y);

    double Offset => Math.Cos(2 * Math.PI / Bins);

    /// <summary>The strongest colour's gradient; how much longer it is than the next.</summary>
    public static OraclePixel At(OrientationBinning layer, OracleArray x, int n, int v, int u)
    {
        double Length(int c) => Math.Sqrt(x[n, 2 * c, v, u] * x[n, 2 * c, v, u] + x[n, 2 * c + 1, v, u] * x[n, 2 * c + 1, v, u]);
        int[] colours = [.. Enumerable.Range(0, x.Shape.C / 2).OrderByDescending(Length)];
        double ahead = colours.Length > 1 ? Length(colours[0]) - Length(colours[1]) : double.PositiveInfinity;
        return new OraclePixel(layer.Kind, layer.Bins, colours[0], x[n, 2 * colours[0], v, u], x[n, 2 * colours[0] + 1, v, u], ahead);
    }

    public double Value(int k) => Size == 0 ? 0
        : Kind == BinningKind.Rectified ? Math.Max(0, Along(k) - Offset * Size) / (1 - Offset) : Size * Weight(k);

    /// <summary>The signal at (X, Y) from that at the bins.</summary>
    public (double X, double Y) Back(Func<int, double> signal)
    {
        double dx = 0, dy = 0;
        for (int k = 0; Size > 0 && k < Bins; k++)
        {
            if (Kind == BinningKind.Rectified)
            {
                double share = Value(k) > 0 ? signal(k) / (1 - Offset) : 0;
                dx += share * (Math.Cos(Angle(k)) - Offset * X / Size);
                dy += share * (Math.Sin(Angle(k)) - Offset * Y / Size);
                continue;
            }

            // d(|g| w)/dg = w g / |g| + |g| dw/dtheta (-y, x) / |g|^2.
            double turning = Kind != BinningKind.Hard && Weight(k) > 0 ? -Bins / (2 * Math.PI) * Math.Sign(Turn(k)) * Slope / Size : 0;
            dx += signal(k) * (Weight(k) * X / Size - turning * Y);
            dy += signal(k) * (Weight(k) * Y / Size + turning * X);
        }

        return (dx, dy);
    }

    /// <summary>The distance of the gradient from where another formula holds.</summary>
    public double Margin
    {
        get
        {
            OraclePixel own = this;
            IEnumerable<int> bins = Enumerable.Range(0, Bins);
            double[] along = [.. bins.Select(own.Along).OrderDescending()];
            double decided = Kind switch
            {
                BinningKind.Hard => along[0] - along[1],
                BinningKind.Bilinear or BinningKind.BilinearByCosine or BinningKind.BilinearByCubic => bins.Min(k => Math.Abs(own.Turn(k))) * Size,
                _ => bins.Min(k => Math.Abs(own.Along(k) - own.Offset * own.Size)),
            };
            return Math.Min(Math.Min(decided, Size), Runner);
        }
    }

    double Angle(int k) => 2 * Math.PI * k / Bins;

    double Along(int k) => Math.Cos(Angle(k)) * X + Math.Sin(Angle(k)) * Y;

    /// <summary>The angle from direction k to the gradient, -pi to pi.</summary>
    double Turn(int k) => Kind == BinningKind.BilinearByCubic
        ? Math.IEEERemainder(CubicAngle - Angle(k), 2 * Math.PI)
        : Math.Atan2(Math.Cos(Angle(k)) * Y - Math.Sin(Angle(k)) * X, Along(k));

    /// <summary>VLFeat's approximation in the first quadrant, turned over for the others.</summary>
    double CubicAngle
    {
        get
        {
            double r = Ratio, first = Math.PI / 4 - 0.9675 * r + 0.1821 * r * r * r;
            return Math.CopySign(X < 0 ? Math.PI - first : first, Y);
        }
    }

    double Ratio => (Math.Abs(X) - Math.Abs(Y)) / (Math.Abs(X) + Math.Abs(Y));

    /// <summary>How fast the bins' angle turns with the gradient's.</summary>
    double Slope => Kind == BinningKind.BilinearByCubic ? (0.9675 - 3 * 0.1821 * Ratio * Ratio) * (1 + Ratio * Ratio) : 1;

    double Weight(int k)
    {
        if (Kind != BinningKind.Hard) return Math.Max(0, 1 - Bins / (2 * Math.PI) * Math.Abs(Turn(k)));
        OraclePixel own = this;
        return k == Enumerable.Range(0, Bins).MaxBy(own.Along) ? 1 : 0;
    }
}
