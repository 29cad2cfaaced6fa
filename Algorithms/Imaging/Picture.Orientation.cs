using Preimage.Algorithms.Imaging.Jpeg;

namespace Preimage.Algorithms.Imaging;

public sealed partial class Picture
{
    /// <summary>The picture as it is seen, of pixels as Exif says they are stored.</summary>
    /// <param name="orientation">Exif's number, 1 to 8: 2 is mirrored, 3 upside down, 4 both; 5 to 8 are those with rows and columns exchanged.</param>
    internal Picture Turned(int orientation)
    {
        if (orientation == ExifOrientation.Upright) return this;
        bool exchanged = orientation >= 5;
        // Which ends of the stored picture the seen one's first column and first row come from.
        bool fromRight = orientation is 2 or 3 or 7 or 8, fromBottom = orientation is 3 or 4 or 6 or 7;
        int width = exchanged ? Height : Width, height = exchanged ? Width : Height;
        var pixels = new byte[_pixels.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int column, int row) = exchanged ? (y, x) : (x, y);
                if (fromRight) column = Width - 1 - column;
                if (fromBottom) row = Height - 1 - row;
                int from = (row * Width + column) * Channels, to = (y * width + x) * Channels;
                for (int c = 0; c < Channels; c++) pixels[to + c] = _pixels[from + c];
            }
        }
        return new Picture(width, height, Channels, pixels, Text);
    }
}
