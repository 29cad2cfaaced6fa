namespace Preimage.Algorithms.Imaging.Ppm;

/// <summary>The whole numbers of a PPM file, between blanks and comments.</summary>
internal ref struct PpmWords(ReadOnlySpan<byte> bytes, string source)
{
    /// <summary>What follows the last number.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public int Next()
    {
        int at = 0;
        while (at < Rest.Length && !char.IsAsciiDigit((char)Rest[at]))
        {
            if (Rest[at] == '#')
            {
                int line = Rest[at..].IndexOf((byte)'\n');
                at = line < 0 ? Rest.Length : at + line;
            }
            else if (!char.IsWhiteSpace((char)Rest[at]))
            {
                throw new ImageFormatException(source, $"byte 0x{Rest[at]:x2} where a number was expected.");
            }
            else
            {
                at++;
            }
        }
        long value = 0;
        int start = at;
        for (; at < Rest.Length && char.IsAsciiDigit((char)Rest[at]); at++)
        {
            value = value * 10 + Rest[at] - '0';
            if (value > int.MaxValue) throw new ImageFormatException(source, $"a number is larger than {int.MaxValue}.");
        }
        if (at == start) throw new ImageFormatException(source, "the file ends where a number was expected.");
        Rest = Rest[at..];
        return (int)value;
    }
}
