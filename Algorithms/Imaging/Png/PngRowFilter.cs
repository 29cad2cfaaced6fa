namespace Preimage.Algorithms.Imaging.Png;

/// <summary>The five row filters: each byte is predicted from the left (a), above (b) and above left (c).</summary>
internal static class PngRowFilter
{
    public const int Count = 5;

    /// <summary>Replaces a row's differences by its bytes.</summary>
    /// <param name="filter">0 none, 1 left, 2 above, 3 their mean, 4 Paeth.</param>
    /// <param name="row">The row, in place.</param>
    /// <param name="above">The finished row above, zeros for the first.</param>
    /// <param name="distance">Bytes per pixel.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance];
            int c = i < distance ? 0 : above[i - distance];
            row[i] += (byte)Predict(filter, a, above[i], c);
        }
    }

    /// <summary>Writes a row's differences to <paramref name="differences"/>.</summary>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> differences)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance];
            int c = i < distance ? 0 : above[i - distance];
            differences[i] = (byte)(row[i] - Predict(filter, a, above[i], c));
        }
    }

    static int Predict(int filter, int a, int b, int c) => filter switch
    {
        1 => a,
        2 => b,
        3 => (a + b) >> 1,
        4 => Paeth(a, b, c),
        _ => 0,
    };

    // The neighbour nearest to a + b - c; ties go to a, then b.
    static int Paeth(int a, int b, int c)
    {
        int distanceA = Math.Abs(b - c), distanceB = Math.Abs(a - c), distanceC = Math.Abs(a + b - 2 * c);
        return distanceA <= distanceB && distanceA <= distanceC ? a : distanceB <= distanceC ? b : c;
    }
}
