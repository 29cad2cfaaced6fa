namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Tiles pictures in a grid, with a label above each and a title above all.</summary>
public sealed class Mosaic
{
    const int LabelLines = 2;
    const int TitleLines = 3;
    // Between the lines of a text, and between a label and its tile, in font pixels.
    const int Leading = 2;

    static readonly Colour s_background = new(250, 250, 250);
    static readonly Colour s_frame = new(210, 210, 214);

    readonly List<(Picture? Tile, string Label)> _tiles = [];

    /// <summary>The text above all tiles; none when empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Tiles per row; 0 for a grid about as wide as high.</summary>
    public int Columns { get; init; }

    /// <summary>Columns of pixels a tile has at least; narrower ones are enlarged by a whole factor.</summary>
    public int TileWidth { get; init; } = 1;

    /// <summary>Pixels between tiles and around them.</summary>
    public int Margin { get; init; } = 16;

    /// <summary>Pixels per font pixel of a label; letters are 5 x 7 font pixels.</summary>
    public int LabelScale { get; init; } = 2;

    /// <summary>Pixels per font pixel of the title.</summary>
    public int TitleScale { get; init; } = 3;

    /// <summary>Adds a tile behind the others; smaller tiles are enlarged by a whole factor to the largest one's cell.</summary>
    /// <returns>This mosaic.</returns>
    public Mosaic Add(Picture tile, string label = "")
    {
        ArgumentNullException.ThrowIfNull(tile);
        ArgumentNullException.ThrowIfNull(label);
        _tiles.Add((tile, label));
        return this;
    }

    /// <summary>Leaves the next place of the grid empty.</summary>
    /// <returns>This mosaic.</returns>
    public Mosaic AddGap()
    {
        _tiles.Add((null, ""));
        return this;
    }

    /// <summary>Draws the grid.</summary>
    /// <exception cref="InvalidOperationException">There is no tile.</exception>
    public Picture Render()
    {
        if (_tiles.TrueForAll(tile => tile.Tile is null)) throw new InvalidOperationException("A mosaic needs at least one tile; call Add first.");
        ArgumentOutOfRangeException.ThrowIfNegative(Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(Margin);
        ArgumentOutOfRangeException.ThrowIfLessThan(LabelScale, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TitleScale, 1);

        var tiles = _tiles.ConvertAll(tile => tile.Tile?.AtLeast(TileWidth));
        int columns = Math.Min(_tiles.Count, Columns > 0 ? Columns : (int)Math.Ceiling(Math.Sqrt(_tiles.Count)));
        int rows = (_tiles.Count + columns - 1) / columns;
        int cellWidth = tiles.Max(tile => tile?.Width ?? 0), cellHeight = tiles.Max(tile => tile?.Height ?? 0);
        int width = columns * (cellWidth + Margin) + Margin;
        var labels = _tiles.ConvertAll(tile => PixelFont.Wrap(tile.Label, cellWidth, LabelScale, LabelLines));
        int labelHeight = TextHeight(labels.Max(lines => lines.Count), LabelScale);
        var title = PixelFont.Wrap(Title, width - 2 * Margin, TitleScale, TitleLines);
        int titleHeight = TextHeight(title.Count, TitleScale);

        int rowHeight = labelHeight + cellHeight + Margin;
        var canvas = new Canvas(width, checked(Margin + titleHeight + rows * rowHeight), s_background);
        DrawLines(canvas, title, Margin, Margin, TitleScale);
        for (int i = 0; i < _tiles.Count; i++)
        {
            int left = Margin + i % columns * (cellWidth + Margin);
            int top = Margin + titleHeight + i / columns * rowHeight;
            // Set on the tile: a one-line label beside a two-line one stays with its picture.
            int lift = labelHeight - TextHeight(labels[i].Count, LabelScale);
            DrawLines(canvas, labels[i], left, top + lift, LabelScale);
            if (tiles[i] is { } tile)
                DrawTile(canvas, tile, left, top + labelHeight, cellWidth, cellHeight);
        }
        return canvas.ToPicture();
    }

    static int TextHeight(int lines, int scale) => lines * (PixelFont.Height + Leading) * scale;

    static void DrawLines(Canvas canvas, IReadOnlyList<string> lines, int left, int top, int scale)
    {
        for (int i = 0; i < lines.Count; i++) canvas.Text(lines[i], left, top + TextHeight(i, scale), scale, Colour.Ink);
    }

    static void DrawTile(Canvas canvas, Picture tile, int left, int top, int cellWidth, int cellHeight)
    {
        var enlarged = tile.Enlarge(Math.Min(cellWidth / tile.Width, cellHeight / tile.Height));
        left += (cellWidth - enlarged.Width) / 2;
        top += (cellHeight - enlarged.Height) / 2;
        canvas.Fill(left - 1, top - 1, enlarged.Width + 2, enlarged.Height + 2, s_frame);
        canvas.Draw(enlarged, left, top);
    }
}
