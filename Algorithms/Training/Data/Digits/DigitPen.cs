namespace Preimage.Algorithms.Training.Data.Digits;

/// <summary>Draws one digit: strokes bent, slanted and turned, then drawn white on black with a round pen.</summary>
/// <remarks>
/// As MNIST has it (LeCun et al.), a digit fills a square of 20 of the 28 pixels and its mass lies in the middle. Only operations that IEEE 754 rounds
/// exactly (+, -, *, /, square root) on doubles, never fused: the same bytes on every machine.
/// </remarks>
internal static class DigitPen
{
    public const int Side = 28;

    // Pieces of a curve between two of its points; at 20 pixels high none is longer than one pixel.
    const int Pieces = 6;
    // The bend is a quadratic B-spline over this grid: smooth, and the same at the corner where two strokes meet.
    const int Knots = 4;
    const double Box = 20;

    /// <summary>Draws.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">The sample's numbers.</param>
    /// <param name="pixels">Receives 28 x 28 bytes.</param>
    public static void Draw(int digit, SampleRandom random, Span<byte> pixels)
    {
        double[][] strokes = DigitStrokes.Of(digit, random.Below(DigitStrokes.Ways(digit)));
        // Ones are as wide as they are slanted; the others are written narrow or wide.
        double aspect = digit == 1 ? random.Between(0.30, 0.55) : random.Between(0.55, 0.95);
        double slant = 0.08 + 0.17 * random.Bell(), turn = 0.045 * random.Bell();
        double radius = random.Between(0.75, 1.75), edge = random.Between(0.55, 0.85), ink = random.Between(0.86, 1);
        double size = Box * random.Between(0.84, 1.04), across = 0.6 * random.Bell(), down = 0.6 * random.Bell();
        Span<double> bend = stackalloc double[2 * Knots * Knots];
        for (int i = 0; i < bend.Length; i++) bend[i] = 0.075 * random.Bell();

        int count = 0;
        foreach (double[] stroke in strokes) count += (stroke.Length / 2 - 1) * Pieces;
        Span<double> lines = stackalloc double[4 * count];
        int line = 0;
        foreach (double[] stroke in strokes) line = Flatten(stroke, lines, line);

        // A turn by the half angle's tangent: no sine whose last bit could differ between machines.
        double cosine = (1 - turn * turn) / (1 + turn * turn), sine = 2 * turn / (1 + turn * turn);
        for (int i = 0; i < lines.Length; i += 2)
        {
            (double dx, double dy) = Bend(bend, lines[i], lines[i + 1]);
            double x = (lines[i] + dx - 0.5) * aspect, y = lines[i + 1] + dy - 0.5;
            x -= slant * y;
            (lines[i], lines[i + 1]) = (cosine * x - sine * y, sine * x + cosine * y);
        }

        Centre(lines, size - 2 * radius, Side / 2.0 + across, Side / 2.0 + down);
        Ink(lines, radius, edge, ink, pixels);
    }

    /// <summary>A Catmull-Rom curve through the points, as pieces: x and y of one end, x and y of the other.</summary>
    static int Flatten(ReadOnlySpan<double> points, Span<double> lines, int line)
    {
        int last = points.Length / 2 - 1;
        bool closed = last > 2 && points[0] == points[2 * last] && points[1] == points[2 * last + 1];
        for (int i = 0; i < last; i++)
        {
            int before = i > 0 ? i - 1 : closed ? last - 1 : i, after = i + 1 < last ? i + 2 : closed ? 1 : i + 1;
            for (int piece = 0; piece < Pieces; piece++, line++)
            {
                for (int end = 0; end < 2; end++)
                {
                    double t = (piece + end) / (double)Pieces;
                    for (int axis = 0; axis < 2; axis++)
                    {
                        double a = points[2 * before + axis], b = points[2 * i + axis], c = points[2 * i + 2 + axis], d = points[2 * after + axis];
                        lines[4 * line + 2 * end + axis] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
                    }
                }
            }
        }

        return line;
    }

    /// <summary>How far a point of the unit square is moved.</summary>
    static (double X, double Y) Bend(ReadOnlySpan<double> bend, double x, double y)
    {
        double u = Math.Clamp(x, 0, 1) * (Knots - 2), v = Math.Clamp(y, 0, 1) * (Knots - 2);
        int column = Math.Min((int)u, Knots - 3), row = Math.Min((int)v, Knots - 3);
        double moveX = 0, moveY = 0;
        for (int j = 0; j < 3; j++)
        {
            for (int i = 0; i < 3; i++)
            {
                double weight = Weight(i, u - column) * Weight(j, v - row);
                int knot = 2 * ((row + j) * Knots + column + i);
                moveX += weight * bend[knot];
                moveY += weight * bend[knot + 1];
            }
        }

        return (moveX, moveY);

        static double Weight(int knot, double t) => knot switch { 0 => 0.5 * (1 - t) * (1 - t), 1 => 0.5 + t * (1 - t), _ => 0.5 * t * t };
    }

    /// <summary>Fits the larger side to a size and the strokes' mass to a point.</summary>
    static void Centre(Span<double> lines, double size, double centreX, double centreY)
    {
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        double mass = 0, sumX = 0, sumY = 0;
        for (int i = 0; i < lines.Length; i += 4)
        {
            double x = lines[i + 2] - lines[i], y = lines[i + 3] - lines[i + 1], length = Math.Sqrt(x * x + y * y);
            mass += length;
            sumX += length * (lines[i] + lines[i + 2]) / 2;
            sumY += length * (lines[i + 1] + lines[i + 3]) / 2;
            (left, right) = (Math.Min(left, Math.Min(lines[i], lines[i + 2])), Math.Max(right, Math.Max(lines[i], lines[i + 2])));
            (top, bottom) = (Math.Min(top, Math.Min(lines[i + 1], lines[i + 3])), Math.Max(bottom, Math.Max(lines[i + 1], lines[i + 3])));
        }

        double scale = size / Math.Max(right - left, bottom - top);
        for (int i = 0; i < lines.Length; i += 2)
        {
            lines[i] = (lines[i] - sumX / mass) * scale + centreX;
            lines[i + 1] = (lines[i + 1] - sumY / mass) * scale + centreY;
        }
    }

    /// <summary>Each pixel by its distance to the nearest piece: full within the pen's radius, fading over twice the edge.</summary>
    static void Ink(ReadOnlySpan<double> lines, double radius, double edge, double ink, Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            double x = i % Side + 0.5, y = i / Side + 0.5, nearest = double.MaxValue;
            for (int at = 0; at < lines.Length; at += 4)
            {
                double alongX = lines[at + 2] - lines[at], alongY = lines[at + 3] - lines[at + 1], toX = x - lines[at], toY = y - lines[at + 1];
                double square = alongX * alongX + alongY * alongY;
                double t = square > 0 ? Math.Clamp((toX * alongX + toY * alongY) / square, 0, 1) : 0;
                (toX, toY) = (toX - t * alongX, toY - t * alongY);
                nearest = Math.Min(nearest, toX * toX + toY * toY);
            }

            double cover = Math.Clamp((radius + edge - Math.Sqrt(nearest)) / (2 * edge), 0, 1);
            pixels[i] = (byte)(255 * ink * cover * cover * (3 - 2 * cover) + 0.5);
        }
    }
}
