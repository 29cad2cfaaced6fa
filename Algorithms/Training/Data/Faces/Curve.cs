namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Smooth lines on a face, as polygons.</summary>
internal static class Curve
{
    const int Pieces = 6, EllipseCorners = 28;

    static readonly (double Cosine, double Sine)[] s_circle = [.. Enumerable.Range(0, EllipseCorners).Select(i => Drawing.Angle.Of(360.0 * i / EllipseCorners))];

    /// <summary>A Catmull-Rom curve through points.</summary>
    public static Spot[] Through(params ReadOnlySpan<Spot> points) => Smooth(points, closed: false);

    /// <summary>A closed one.</summary>
    public static Spot[] Around(params ReadOnlySpan<Spot> points) => Smooth(points, closed: true);

    /// <summary>A line with a width at its start, its middle and its end.</summary>
    public static Spot[] Ribbon(double start, double middle, double end, params ReadOnlySpan<Spot> points)
    {
        Spot[] line = Smooth(points, closed: false);
        var outline = new Spot[2 * line.Length];
        for (int i = 0; i < line.Length; i++)
        {
            Spot before = line[Math.Max(i - 1, 0)], after = line[Math.Min(i + 1, line.Length - 1)];
            double x = after.X - before.X, y = after.Y - before.Y, length = Math.Sqrt(x * x + y * y), t = i / (line.Length - 1.0);
            // Through the three widths: a parabola.
            double width = start * (1 - t) * (1 - 2 * t) + middle * 4 * t * (1 - t) + end * t * (2 * t - 1);
            double half = length > 0 ? Math.Max(width, 0) / (2 * length) : 0;
            outline[i] = line[i] with { X = line[i].X - y * half, Y = line[i].Y + x * half };
            outline[^(i + 1)] = line[i] with { X = line[i].X + y * half, Y = line[i].Y - x * half };
        }

        return outline;
    }

    /// <summary>An ellipse.</summary>
    public static Spot[] Ellipse(double x, double y, double radiusX, double radiusY, double lift = 0) =>
        Array.ConvertAll(s_circle, at => new Spot(x + radiusX * at.Cosine, y + radiusY * at.Sine, lift));

    /// <summary>The same line, mirrored where the side is -1.</summary>
    public static Spot[] On(int side, Spot[] line) => side > 0 ? line : Array.ConvertAll(line, spot => spot with { X = -spot.X });

    static Spot[] Smooth(ReadOnlySpan<Spot> points, bool closed)
    {
        int count = points.Length, spans = closed ? count : count - 1;
        var line = new Spot[spans * Pieces + (closed ? 0 : 1)];
        for (int i = 0; i < spans; i++)
        {
            Spot b = points[i], c = points[(i + 1) % count];
            Spot a = i > 0 ? points[i - 1] : closed ? points[count - 1] : b, d = i + 2 < count ? points[i + 2] : closed ? points[(i + 2) % count] : c;
            for (int piece = 0; piece < Pieces; piece++)
            {
                double t = piece / (double)Pieces;
                line[i * Pieces + piece] = new Spot(At(a.X, b.X, c.X, d.X, t), At(a.Y, b.Y, c.Y, d.Y, t), At(a.Lift, b.Lift, c.Lift, d.Lift, t));
            }
        }

        if (!closed) line[^1] = points[^1];
        return line;
    }

    static double At(double a, double b, double c, double d, double t) => b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
