namespace Preimage.Algorithms.Imaging.Rendering;

internal sealed partial class Canvas
{
    /// <summary>Mixes a colour into a pixel; outside the canvas nothing happens.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="share">0 leaves the pixel, 1 replaces it.</param>
    public void Blend(int x, int y, Colour colour, double share)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
            return;
        Span<byte> pixel = _pixels.AsSpan((y * Width + x) * 3, 3);
        pixel[0] = Mix(pixel[0], colour.R);
        pixel[1] = Mix(pixel[1], colour.G);
        pixel[2] = Mix(pixel[2], colour.B);

        byte Mix(byte under, byte over) => (byte)Math.Round(under + (over - under) * share);
    }

    /// <summary>Draws a straight line with smooth edges and round ends; coordinates are of pixel centres.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, double thickness, Colour colour)
    {
        double reach = thickness / 2 + 1, alongX = toX - fromX, alongY = toY - fromY, square = alongX * alongX + alongY * alongY;
        int top = Clamp(Math.Min(fromY, toY) - reach, Height), bottom = Clamp(Math.Max(fromY, toY) + reach, Height);
        int left = Clamp(Math.Min(fromX, toX) - reach, Width), right = Clamp(Math.Max(fromX, toX) + reach, Width);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double t = square > 0 ? Math.Clamp(((x - fromX) * alongX + (y - fromY) * alongY) / square, 0, 1) : 0;
                double off = Math.Sqrt(Square(x - fromX - t * alongX) + Square(y - fromY - t * alongY));
                double share = Math.Clamp(thickness / 2 + 0.5 - off, 0, 1);
                if (share > 0)
                    Blend(x, y, colour, share);
            }
        }

        static int Clamp(double at, int extent) => (int)Math.Clamp(at, -1, extent);
        static double Square(double value) => value * value;
    }

    /// <summary>Draws the frame of a box inside its borders; what lies outside is left out.</summary>
    public void Frame(int left, int top, int width, int height, int thickness, Colour colour)
    {
        Fill(left, top, width, thickness, colour);
        Fill(left, top + height - thickness, width, thickness, colour);
        Fill(left, top, thickness, height, colour);
        Fill(left + width - thickness, top, thickness, height, colour);
    }

    /// <summary>Draws one line that reads upwards, its first letter at the bottom.</summary>
    public void TextUpwards(string text, int left, int bottom, int scale, Colour colour)
    {
        for (int i = 0; i < text.Length; i++)
            for (int y = 0; y < PixelFont.Height; y++)
                for (int x = 0; x < PixelFont.Width; x++)
                    if (PixelFont.IsInk(text[i], x, y))
                        Fill(left + y * scale, bottom - (i * PixelFont.Advance + x + 1) * scale, scale, scale, colour);
    }
}
