using System.Buffers.Binary;

namespace Preimage.Algorithms.Imaging.Jpeg;

/// <summary>Which way up a camera held its picture: the orientation in a JPEG's first Exif segment.</summary>
/// <remarks>Exif 2.32, sections 4.5.4 (TIFF header), 4.6.2 (fields) and 4.6.4 (tag 0x0112). Nothing is allocated, and no byte outside of the segment is read.</remarks>
internal static class ExifOrientation
{
    /// <summary>The picture is stored as it is seen.</summary>
    public const int Upright = 1;

    const byte Mark = 0xFF, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1;
    const ushort Tag = 0x0112, Short = 3, TiffMagic = 42;
    const int EntryBytes = 12;

    /// <summary>The orientation, 1 to 8; 1 where the file says nothing, or nothing that can be understood.</summary>
    public static int Read(ReadOnlySpan<byte> jpeg)
    {
        // Behind the two bytes that begin every file.
        int at = 2;
        while (at + 4 <= jpeg.Length)
        {
            byte kind = jpeg[at + 1];
            // Any number of 0xFF may stand before a marker, and stray bytes are what decoders step over too.
            if (jpeg[at] != Mark || kind == Mark)
            {
                at++;
                continue;
            }
            if (kind is StartOfScan or EndOfImage) break;
            // Markers without a segment: restarts, TEM, and the byte that stuffs a 0xFF.
            if (kind is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length) break;
            var segment = jpeg.Slice(at + 4, length - 2);
            if (kind == App1 && segment.StartsWith("Exif\0\0"u8)) return OfTiff(segment[6..]);
            at += 2 + length;
        }
        return Upright;
    }

    static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !little && !tiff.StartsWith("MM"u8) || U16(tiff, 2, little) != TiffMagic) return Upright;
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > (uint)tiff.Length - 2) return Upright;
        int count = U16(tiff, (int)directory, little);
        var entries = tiff[((int)directory + 2)..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (U16(entries, 0, little) != Tag) continue;
            // The value stands in the first two of four bytes; one of another type or number is no orientation.
            int value = U16(entries, 8, little), high = U16(entries, little ? 6 : 4, little), low = U16(entries, little ? 4 : 6, little);
            return U16(entries, 2, little) == Short && high == 0 && low == 1 && value is >= 1 and <= 8 ? value : Upright;
        }
        return Upright;
    }

    static ushort U16(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
