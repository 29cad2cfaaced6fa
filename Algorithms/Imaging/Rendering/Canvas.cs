namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>RGB pixels to draw on.</summary>
internal sealed partial class Canvas
{
    readonly byte[] _pixels;

    public Canvas(int width, int height, Colour background)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[checked(width * height * 3)];
        Fill(0, 0, width, height, background);
    }

    public int Width { get; }

    public int Height { get; }

    public void Fill(int left, int top, int width, int height, Colour colour)
    {
        for (int y = Math.Max(top, 0); y < Math.Min(top + height, Height); y++)
            for (int x = Math.Max(left, 0); x < Math.Min(left + width, Width); x++) Set(x, y, colour);
    }

    public void Draw(Picture picture, int left, int top)
    {
        var rgb = picture.ToRgb();
        for (int y = 0; y < rgb.Height; y++)
            rgb.Pixels.Slice(y * rgb.Width * 3, rgb.Width * 3).CopyTo(_pixels.AsSpan(((top + y) * Width + left) * 3));
    }

    /// <summary>Draws one line; what lies outside is left out.</summary>
    public void Text(string text, int left, int top, int scale, Colour colour)
    {
        for (int i = 0; i < text.Length; i++)
            for (int y = 0; y < PixelFont.Height; y++)
                for (int x = 0; x < PixelFont.Width; x++)
                    if (PixelFont.IsInk(text[i], x, y))
                        Fill(left + (i * PixelFont.Advance + x) * scale, top + y * scale, scale, scale, colour);
    }

    public void Set(int x, int y, Colour colour)
    {
        int at = (y * Width + x) * 3;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (colour.R, colour.G, colour.B);
    }

    /// <summary>The drawing as a picture; the canvas must not be drawn on any more.</summary>
    public Picture ToPicture() => new(Width, Height, 3, _pixels);
}
