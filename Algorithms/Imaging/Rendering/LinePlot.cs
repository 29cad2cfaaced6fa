namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Draws series of numbers as lines over two axes, with ticks, a title and a legend.</summary>
/// <remarks>Numbers that are not finite, and numbers at or below zero on a logarithmic axis, leave a gap.</remarks>
public sealed class LinePlot
{
    const int TextScale = 2, TitleScale = 3, Gap = 10, TickLength = 6;
    // Pixels a tick takes along its axis, about.
    const int TickEvery = 80;

    static readonly Colour s_background = new(250, 250, 250);
    static readonly Colour s_grid = new(226, 226, 230);

    /// <summary>Colours of Okabe and Ito (2008), which people with any colour vision can tell apart.</summary>
    static readonly Colour[] s_colours =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(60, 60, 60),
    ];

    readonly List<(string Name, double[] X, double[] Y)> _series = [];

    /// <summary>The text above.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the numbers along the horizontal axis are, with their unit.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>What the numbers along the vertical axis are, with their unit.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>Words in the place of the horizontal axis' numbers 0, 1, 2...; none for numbers.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Columns of the drawing, at least 240.</summary>
    public int Width { get; init; } = 900;

    /// <summary>Rows of the drawing, at least 180.</summary>
    public int Height { get; init; } = 560;

    /// <summary>Adds a line; its points are joined in the order given.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="x">Places along the horizontal axis.</param>
    /// <param name="y">As many along the vertical one.</param>
    /// <returns>This plot.</returns>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public LinePlot Add(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (x.Length != y.Length)
            throw new ArgumentException($"the line '{name}' has {x.Length} places along the horizontal axis and {y.Length} along the vertical one", nameof(y));
        _series.Add((name, x.ToArray(), y.ToArray()));
        return this;
    }

    /// <summary>Adds a line over 0, 1, 2...</summary>
    /// <returns>This plot.</returns>
    public LinePlot Add(string name, ReadOnlySpan<double> y)
    {
        var x = new double[y.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = i;
        return Add(name, x, y);
    }

    /// <summary>Draws the plot.</summary>
    /// <exception cref="InvalidOperationException">There is no line.</exception>
    public Picture Render()
    {
        if (_series.Count == 0)
            throw new InvalidOperationException("A plot needs at least one line; call Add first.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 240);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 180);

        PlotAxis horizontal = PlotAxis.Around(Categories.Count > 0 ? [0, Categories.Count - 1] : _series.SelectMany(s => s.X), LogX && Categories.Count == 0);
        PlotAxis vertical = PlotAxis.Around(_series.SelectMany(s => s.Y), LogY);
        var canvas = new Canvas(Width, Height, s_background);
        int line = (PixelFont.Height + 2) * TextScale, top = Gap;
        foreach (string text in PixelFont.Wrap(Title, Width - 2 * Gap, TitleScale, 2))
        {
            canvas.Text(text, Gap, top, TitleScale, Colour.Ink);
            top += (PixelFont.Height + 2) * TitleScale;
        }

        top = Legend(canvas, top, line) + Gap;
        int bottom = Height - Gap - (XLabel.Length > 0 ? line : 0) - TickLength - (Categories.Count > 0 ? CategoryHeight() : line);
        var rows = vertical.Ticks(Math.Max(2, (bottom - top) / TickEvery * 2));
        int left = Gap + (YLabel.Length > 0 ? line : 0) + rows.Max(t => PixelFont.Measure(t.Text, TextScale)) + TickLength + Gap / 2;
        var area = new Area(left, top, Width - 2 * Gap - left, bottom - top, horizontal, vertical);

        DrawRows(canvas, area, rows);
        DrawColumns(canvas, area);
        canvas.Frame(area.Left, area.Top, area.Width, area.Height, 1, Colour.Ink);
        for (int i = 0; i < _series.Count; i++)
            DrawSeries(canvas, area, _series[i].X, _series[i].Y, s_colours[i % s_colours.Length]);
        canvas.Text(XLabel, area.Left + Math.Max(0, (area.Width - PixelFont.Measure(XLabel, TextScale)) / 2), Height - Gap - line + 2 * TextScale, TextScale, Colour.Ink);
        canvas.TextUpwards(YLabel, Gap, area.Top + (area.Height + PixelFont.Measure(YLabel, TextScale)) / 2, TextScale, Colour.Ink);
        return canvas.ToPicture();
    }

    int Legend(Canvas canvas, int top, int line)
    {
        if (_series.Count == 1 && _series[0].Name.Length == 0)
            return top;
        int left = Gap;
        for (int i = 0; i < _series.Count; i++)
        {
            int width = PixelFont.Measure(_series[i].Name, TextScale) + 40;
            if (left > Gap && left + width > Width - Gap)
                (left, top) = (Gap, top + line);
            canvas.Line(left, top + line / 2 - 4, left + 24, top + line / 2 - 4, 4, s_colours[i % s_colours.Length]);
            canvas.Text(_series[i].Name, left + 30, top, TextScale, Colour.Ink);
            left += width + Gap;
        }

        return top + line;
    }

    static void DrawRows(Canvas canvas, Area area, IReadOnlyList<(double Value, string Text)> ticks)
    {
        foreach ((double value, string text) in ticks)
        {
            int y = (int)Math.Round(area.Y(value));
            canvas.Fill(area.Left, y, area.Width, 1, s_grid);
            canvas.Fill(area.Left - TickLength, y, TickLength, 1, Colour.Ink);
            canvas.Text(text, area.Left - TickLength - 4 - PixelFont.Measure(text, TextScale), y - 3 * TextScale, TextScale, Colour.Ink);
        }
    }

    void DrawColumns(Canvas canvas, Area area)
    {
        bool words = Categories.Count > 0;
        IEnumerable<(double Value, string Text)> ticks = words ? Categories.Select((c, i) => ((double)i, c)) : area.Horizontal.Ticks(Math.Max(2, area.Width / TickEvery));
        foreach ((double value, string text) in ticks)
        {
            int x = (int)Math.Round(area.X(value)), length = PixelFont.Measure(text, TextScale), below = area.Top + area.Height + TickLength + 2;
            canvas.Fill(x, area.Top, 1, area.Height, s_grid);
            canvas.Fill(x, area.Top + area.Height, 1, TickLength, Colour.Ink);
            if (words)
                canvas.TextUpwards(text, x - 3 * TextScale, below + length, TextScale, Colour.Ink);
            else
                canvas.Text(text, x - length / 2, below, TextScale, Colour.Ink);
        }
    }

    static void DrawSeries(Canvas canvas, Area area, double[] xs, double[] ys, Colour colour)
    {
        const double Thickness = 2.5;
        (double X, double Y)? last = null;
        for (int i = 0; i < xs.Length; i++)
        {
            if (!area.Horizontal.Holds(xs[i]) || !area.Vertical.Holds(ys[i]))
            {
                last = null;
                continue;
            }

            (double x, double y) = (area.X(xs[i]), area.Y(ys[i]));
            // A point between two gaps would otherwise not be seen; where points are dense the line is enough.
            if (xs.Length <= 64)
                canvas.Line(x, y, x, y, 3 * Thickness, colour);
            if (last is { } from)
                canvas.Line(from.X, from.Y, x, y, Thickness, colour);
            last = (x, y);
        }
    }

    int CategoryHeight() => Categories.Max(c => PixelFont.Measure(c, TextScale)) + 4;

    readonly record struct Area(int Left, int Top, int Width, int Height, PlotAxis Horizontal, PlotAxis Vertical)
    {
        public double X(double value) => Left + Horizontal.At(value) * (Width - 1);

        public double Y(double value) => Top + (1 - Vertical.At(value)) * (Height - 1);
    }
}
