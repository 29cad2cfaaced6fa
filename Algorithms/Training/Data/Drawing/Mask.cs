namespace Preimage.Algorithms.Training.Data.Drawing;

/// <summary>How much of each pixel of a square picture a polygon covers, exactly: no rays, no steps at edges.</summary>
/// <remarks>
/// Every edge leaves in each pixel that it crosses its height there, split between this pixel and the next by the area to its right; the sum along a row is the
/// cover. Pieces of one shape that turn the same way may overlap: the sum is cut at 1.
/// </remarks>
internal sealed class Mask(int side)
{
    readonly float[] _cover = new float[side * (side + 2)];
    int _left, _right, _top, _bottom;

    /// <summary>Columns that may be covered: from the first to before the last.</summary>
    public (int First, int End) Columns => (_left, _right);

    /// <summary>Rows that may be covered.</summary>
    public (int First, int End) Rows => (_top, _bottom);

    /// <summary>The cover of a row's pixels.</summary>
    public ReadOnlySpan<float> Row(int y) => _cover.AsSpan(y * (side + 2), side);

    /// <summary>Forgets the last polygon and covers this one.</summary>
    public void Cover(ReadOnlySpan<Dot> polygon)
    {
        for (int y = _top; y < _bottom; y++) _cover.AsSpan(y * (side + 2), side + 2).Clear();
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        foreach (Dot dot in polygon)
        {
            (left, right) = (Math.Min(left, dot.X), Math.Max(right, dot.X));
            (top, bottom) = (Math.Min(top, dot.Y), Math.Max(bottom, dot.Y));
        }

        (_left, _right) = (Pixel(Math.Floor(left)), Pixel(Math.Ceiling(right)));
        (_top, _bottom) = (Pixel(Math.Floor(top)), Pixel(Math.Ceiling(bottom)));
        for (int i = 0; i < polygon.Length; i++) Edge(polygon[i], polygon[i + 1 < polygon.Length ? i + 1 : 0]);
        for (int y = _top; y < _bottom; y++)
        {
            Span<float> row = _cover.AsSpan(y * (side + 2), side + 2);
            float sum = 0;
            for (int x = _left; x < _right; x++)
            {
                sum += row[x];
                row[x] = Math.Min(1, Math.Abs(sum));
            }

            // What the last edge left to the right of the polygon has done its work.
            row[_right..].Clear();
        }

        int Pixel(double place) => (int)Math.Clamp(place, 0, side);
    }

    void Edge(Dot from, Dot to)
    {
        if (from.Y == to.Y) return;
        float way = from.Y < to.Y ? 1 : -1;
        Dot high = way > 0 ? from : to, low = way > 0 ? to : from;
        double slope = (low.X - high.X) / (low.Y - high.Y);
        double last = Math.Min(low.Y, side);
        for (double y = Math.Max(high.Y, 0); y < last;)
        {
            int row = (int)y;
            double end = Math.Min(row + 1, last);
            double x = high.X + (y - high.Y) * slope, endX = high.X + (end - high.Y) * slope;
            Piece(row * (side + 2), Math.Min(x, endX), Math.Max(x, endX), (end - y) * way);
            y = end;
        }
    }

    /// <summary>The piece of an edge within one row, split at the columns it crosses.</summary>
    void Piece(int row, double from, double to, double height)
    {
        double width = to - from;
        from = Math.Clamp(from, 0, side);
        double end = Math.Clamp(to, 0, side);
        // What lies outside counts at the border it is clamped to.
        double left = width > 0 ? height * (end - from) / width : height;
        if (width > 0 && end - from < width)
        {
            double outside = height - left;
            Add(row + (to > side ? side : 0), 0, outside);
            if (end == from) return;
        }

        double whole = end - from;
        for (double x = from; ;)
        {
            int column = (int)x;
            double stop = Math.Min(column + 1, end);
            Add(row + column, (x + stop) / 2 - column, whole > 0 ? left * (stop - x) / whole : left);
            if (stop >= end) return;
            x = stop;
        }
    }

    void Add(int place, double across, double height)
    {
        float right = (float)(height * across);
        _cover[place] += (float)height - right;
        _cover[place + 1] += right;
    }
}
