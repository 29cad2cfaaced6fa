using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The patches that no filter of the first layer passes: whatever they show, nothing of it can be drawn.</summary>
internal static class DeadZone
{
    const int Side = 300, Arrow = 110;

    static readonly Colour s_paper = new(250, 250, 250), s_dead = new(178, 178, 186), s_edge = new(120, 120, 128), s_filter = new(0, 114, 178);

    /// <summary>Directions of a few filters, in degrees: spread about all around as random ones are, and gathered on one side as trained ones may be.</summary>
    public static (double[] Spread, double[] Gathered) Drawn { get; } = ([12, 80, 137, 203, 262, 318], [25, 48, 75, 96, 118, 140]);

    /// <summary>The share of places of some convolutions where no filter, its bias in, comes out above zero.</summary>
    /// <param name="open">The network.</param>
    /// <param name="convolutions">The convolutions.</param>
    /// <param name="input">A prepared picture.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    public static IReadOnlyList<double> Shares(OpenNetwork open, IReadOnlyList<Node> convolutions, PreparedInput input, CancellationToken cancellation)
    {
        using PlanLoan loan = open.Engine.Rent(new PlanOptions { Observe = [.. convolutions.Select(c => c.Name)] });
        var pixels = new float[input.Tensor.FlattenedLength];
        input.Tensor.FlattenTo(pixels);
        loan.Plan.SetInput(open.Network.Input, pixels);
        loan.Plan.Forward(cancellation);
        return [.. convolutions.Select(c =>
        {
            Shape shape = loan.Plan.ShapeOf(c);
            var values = new float[shape.Count];
            loan.Plan.Read(c, values);
            return Share(values, shape.C);
        })];
    }

    /// <summary>The share of places where none of the channels is above zero.</summary>
    public static double Share(ReadOnlySpan<float> values, int channels)
    {
        int plane = values.Length / channels, dead = 0;
        for (int place = 0; place < plane; place++)
        {
            int channel = 0;
            while (channel < channels && !(values[channel * plane + place] > 0))
                channel++;
            dead += channel == channels ? 1 : 0;
        }

        return (double)dead / plane;
    }

    /// <summary>The share of all directions of patches of two pixels that no filter passes.</summary>
    /// <param name="filters">Directions of filters in degrees.</param>
    public static double ShareOfDirections(ReadOnlySpan<double> filters)
    {
        const int Steps = 3600;
        int dead = 0;
        for (int i = 0; i < Steps; i++)
            dead += IsDead(filters, 2 * Math.PI * (i + 0.5) / Steps) ? 1 : 0;
        return (double)dead / Steps;
    }

    /// <summary>Draws the plane of patches of two pixels: filters as arrows, the dead zone grey.</summary>
    public static Picture Draw(ReadOnlySpan<double> filters)
    {
        var canvas = new Canvas(Side, Side, s_paper);
        const double Centre = (Side - 1) / 2.0;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                if (IsDead(filters, Math.Atan2(Centre - y, x - Centre)))
                    canvas.Set(x, y, s_dead);
            }
        }

        canvas.Line(0, Centre, Side, Centre, 1, s_edge);
        canvas.Line(Centre, 0, Centre, Side, 1, s_edge);
        foreach (double degrees in filters)
        {
            double angle = degrees * Math.PI / 180;
            (double x, double y) = Tip(angle, Arrow);
            canvas.Line(Centre, Centre, x, y, 3, s_filter);
            foreach (double turn in new[] { 0.12, -0.12 })
            {
                (double barbX, double barbY) = Tip(angle + turn, Arrow - 14);
                canvas.Line(x, y, barbX, barbY, 3, s_filter);
            }
        }

        return canvas.ToPicture();

        static (double X, double Y) Tip(double angle, double length) => (Centre + length * Math.Cos(angle), Centre - length * Math.Sin(angle));
    }

    static bool IsDead(ReadOnlySpan<double> filters, double direction)
    {
        foreach (double degrees in filters)
        {
            if (Math.Cos(direction - degrees * Math.PI / 180) > 0)
                return false;
        }

        return true;
    }
}
