using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>A head as a stack of cross-sections, each two half-ellipses: half as wide as <c>Width(y)</c>, reaching forward by one length and back by another from a middle that
/// comes forward towards the chin. What is drawn on it turns with it and is foreshortened as it turns away.</summary>
internal sealed class FaceHead
{
    const int Steps = 128;

    readonly double[] _width, _front, _back;

    public FaceHead(FacePerson person, double jaw)
    {
        double wide = person.Width, cheek = wide * person.Cheek, low = wide * person.JawWidth, chin = low * person.Chin;
        Bottom = 1 + jaw;
        _width = Table([
            new(0, -1), new(0.13 * wide, -0.99), new(0.26 * wide, -0.957), new(0.41 * wide, -0.885), new(0.56 * wide, -0.745), new(0.66 * wide, -0.56), new(0.70 * wide, -0.34), new(0.705 * cheek, 0), new(0.675 * cheek, 0.28), new(0.575 * low, 0.60 + jaw / 2),
            new(0.36 * chin, 0.88 + jaw), new(0.17 * chin, 0.98 + jaw), new(0, 1 + jaw)]);
        _front = Table([new(0, -1), new(0.10, -0.99), new(0.22, -0.955), new(0.36, -0.88), new(0.50, -0.72), new(0.59, -0.48), new(0.62, -0.25), new(0.60, 0.1), new(0.57, 0.45), new(0.48, 0.75 + jaw), new(0.34, 0.93 + jaw), new(0, 1 + jaw)]);
        _back = Table([new(0, -1), new(0.14, -0.99), new(0.30, -0.955), new(0.48, -0.88), new(0.68, -0.71), new(0.82, -0.48), new(0.88, -0.22), new(0.80, 0.08), new(0.52, 0.4), new(0.30, 0.65), new(0.18, 0.88 + jaw), new(0, 1 + jaw)]);
    }

    /// <summary>Where the chin ends.</summary>
    public double Bottom { get; }

    /// <summary>Half the width at a height.</summary>
    public double Width(double y) => Look(_width, y);

    /// <summary>A point of the surface.</summary>
    /// <param name="angle">Degrees around the upright axis; 0 in front, 90 at the right ear.</param>
    /// <param name="y">The height.</param>
    /// <param name="lift">How far outside.</param>
    public (double X, double Z) Around(double angle, double y, double lift = 0)
    {
        (double cosine, double sine) = Angle.Of(angle);
        return ((Width(y) + lift) * sine, Middle(y) + (Look(cosine > 0 ? _front : _back, y) + lift) * cosine);
    }

    /// <summary>Where a spot of the face is seen.</summary>
    public Dot Place(FaceView view, Spot spot)
    {
        double across = Math.Clamp(spot.X / Math.Max(Width(spot.Y), 1e-3), -0.995, 0.995);
        return view.Place(spot.X, spot.Y, Middle(spot.Y) + Look(_front, spot.Y) * Math.Sqrt(1 - across * across) + spot.Lift);
    }

    /// <summary>Where a line of the face is seen.</summary>
    public Dot[] Place(FaceView view, Spot[] line) => Array.ConvertAll(line, spot => Place(view, spot));

    /// <summary>How far the head reaches to the left and to the right as it is seen.</summary>
    public (double Left, double Right) Reach(FaceView view, double y)
    {
        double width = Width(y) * view.Cosine, front = Look(_front, y) * view.Sine, back = Look(_back, y) * view.Sine, middle = Middle(y) * view.Sine;
        double forward = Math.Sqrt(width * width + front * front), behind = Math.Sqrt(width * width + back * back);
        return view.Sine > 0 ? (middle - behind, middle + forward) : (middle - forward, middle + behind);
    }

    /// <summary>The outline from a height on the left over the top to a height on the right, before tilt and scale.</summary>
    /// <param name="view">From where.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="right">Where it ends.</param>
    public List<Dot> Outline(FaceView view, double left, double right)
    {
        List<Dot> outline = [];
        for (int i = Steps; i >= 0; i--)
        {
            double y = Height(i);
            if (y <= left) outline.Add(new Dot(Reach(view, y).Left, y));
        }

        for (int i = 1; i <= Steps; i++)
        {
            double y = Height(i);
            if (y <= right) outline.Add(new Dot(Reach(view, y).Right, y));
        }

        return outline;
    }

    static double Middle(double y) => y > 0 ? 0.20 * y : 0.12 * y;

    // Denser towards the ends, where the outline runs level.
    double Height(int step)
    {
        double t = 2.0 * step / Steps - 1, bent = t * (1.5 - 0.5 * t * t);
        return -1 + (bent + 1) * (Bottom + 1) / 2;
    }

    static double Look(double[] table, double y)
    {
        double place = Math.Clamp((y + 1) / (Span / Steps), 0, Steps);
        int below = Math.Min((int)place, Steps - 1);
        return table[below] + (place - below) * (table[below + 1] - table[below]);
    }

    // The jaw drops by less than a quarter.
    const double Span = 2.25;

    /// <summary>A curve of values (x) over heights (y), at even heights.</summary>
    static double[] Table(Spot[] knots)
    {
        Spot[] curve = Curve.Through(knots);
        var table = new double[Steps + 1];
        int at = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double y = -1 + i * Span / Steps;
            while (at < curve.Length - 2 && curve[at + 1].Y < y) at++;
            Spot low = curve[at], high = curve[at + 1];
            double part = high.Y > low.Y ? Math.Clamp((y - low.Y) / (high.Y - low.Y), 0, 1) : 1;
            table[i] = Math.Max(0, low.X + part * (high.X - low.X));
        }

        return table;
    }
}
