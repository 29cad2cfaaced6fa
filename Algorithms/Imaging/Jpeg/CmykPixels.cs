namespace Preimage.Algorithms.Imaging.Jpeg;

/// <summary>Pixels of four inks as red, green and blue.</summary>
internal static class CmykPixels
{
    /// <summary>
    /// Turns inks, stored inverted (255 is no ink) as Photoshop does and viewers take for granted, into light: what cyan lets
    /// through times what black does, without a colour profile. Rounds as Pillow's conversion does.
    /// </summary>
    public static byte[] ToRgb(ReadOnlySpan<byte> inverted)
    {
        var rgb = new byte[inverted.Length / 4 * 3];
        for (int i = 0; i < rgb.Length / 3; i++)
        {
            int black = inverted[4 * i + 3];
            for (int c = 0; c < 3; c++)
                rgb[3 * i + c] = (byte)(black - Product(255 - inverted[4 * i + c], black));
        }
        return rgb;
    }

    // a * b / 255, rounded, for a and b of 0 to 255.
    static int Product(int a, int b)
    {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
