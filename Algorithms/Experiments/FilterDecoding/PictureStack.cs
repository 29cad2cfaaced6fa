using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Pictures of any sizes one below the other, each with a line above it; a mosaic would give all the height of the largest.</summary>
internal sealed class PictureStack
{
    const int Margin = 16, TextScale = 2, TitleScale = 3, Leading = 4;

    readonly List<(Picture Picture, string Label)> _pictures = [];

    /// <summary>The text above all.</summary>
    public string Title { get; init; } = "";

    /// <summary>Adds a picture below the others.</summary>
    /// <returns>This stack.</returns>
    public PictureStack Add(Picture picture, string label)
    {
        _pictures.Add((picture, label));
        return this;
    }

    /// <summary>Draws the stack.</summary>
    public Picture Render()
    {
        int inner = _pictures.Max(p => p.Picture.Width), line = PixelFont.Height * TextScale + Leading;
        var labels = _pictures.ConvertAll(p => PixelFont.Wrap(p.Label, inner, TextScale, 3));
        IReadOnlyList<string> title = PixelFont.Wrap(Title, inner, TitleScale, 2);
        int titleLine = PixelFont.Height * TitleScale + Leading;
        int height = Margin + title.Count * titleLine + _pictures.Zip(labels, (p, l) => l.Count * line + p.Picture.Height + Margin).Sum();
        var canvas = new Canvas(inner + 2 * Margin, height, new Colour(250, 250, 250));
        int top = Margin;
        Write(title, TitleScale, titleLine);
        for (int i = 0; i < _pictures.Count; i++)
        {
            Write(labels[i], TextScale, line);
            canvas.Draw(_pictures[i].Picture, Margin, top);
            top += _pictures[i].Picture.Height + Margin;
        }

        return canvas.ToPicture();

        void Write(IReadOnlyList<string> lines, int scale, int advance)
        {
            foreach (string text in lines)
            {
                canvas.Text(text, Margin, top, scale, Colour.Ink);
                top += advance;
            }
        }
    }
}
