using System.Buffers.Binary;
using System.Diagnostics;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Jpeg;
using Preimage.Interop.Jpeg;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>Photographs stand upright: the orientation in Exif segments, whole ones and damaged ones.</summary>
public sealed class ExifTests(ITestOutputHelper output)
{
    const int Mutants = 10_000, Decoded = 500;

    // Exif 2.32, table of tag 0x0112: the side of the seen picture at which the stored row 0 and the stored column 0 lie.
    static readonly (char Row0, char Column0)[] s_sides =
        [('t', 'l'), ('t', 'r'), ('b', 'r'), ('b', 'l'), ('l', 't'), ('r', 't'), ('r', 'b'), ('l', 'b')];

    public static TheoryData<int> Orientations => [.. Enumerable.Range(1, 8)];

    [Theory, MemberData(nameof(Orientations))]
    public void Turned_PutsRowsAndColumnsWhereTheStandardSays(int orientation)
    {
        foreach (int channels in new[] { 1, 3 })
        {
            Picture stored = Pictures.Formula(7, 4, channels), seen = stored.Turned(orientation);
            (char row0, char column0) = s_sides[orientation - 1];
            bool exchanged = row0 is 'l' or 'r';
            Assert.Equal(exchanged ? (4, 7) : (7, 4), (seen.Width, seen.Height));
            for (int row = 0; row < 4; row++)
            {
                for (int column = 0; column < 7; column++)
                {
                    // How far from row 0's side, and how far from column 0's.
                    int down = row0 is 'r' or 'b' ? 3 - row : row, along = column0 is 'r' or 'b' ? 6 - column : column;
                    for (int c = 0; c < channels; c++)
                        Assert.Equal(stored[column, row, c], exchanged ? seen[down, along, c] : seen[along, down, c]);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Orientations))]
    public void Read_FindsTheOrientationInBothByteOrders(int orientation)
    {
        foreach (bool little in new[] { true, false })
        {
            byte[] exif = Segment(0xE1, Exif(little, orientation));
            Assert.Equal(orientation, ExifOrientation.Read(File(exif)));
            // Behind other segments, one of them XMP in the same kind of segment, and fill bytes; the first Exif counts.
            Assert.Equal(orientation, ExifOrientation.Read(File(
                [.. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]), .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0<x/>"u8]), 0xFF, 0xFF, .. exif, .. Segment(0xE1, Exif(little, 9 - orientation))])));
        }
    }

    [Fact]
    public void Read_IgnoresWhatCannotBeUnderstood()
    {
        byte[] good = Exif(little: true, 6);
        byte[] With(int at, params byte[] bytes)
        {
            byte[] changed = [.. good];
            bytes.CopyTo(changed, at);
            return changed;
        }
        // From the start of the segment's data: 6 bytes of name, then the TIFF header; the second entry is the orientation.
        const int Tiff = 6, Entry = Tiff + 8 + 2 + 12;
        byte[][] damaged =
        [
            With(0, "Exig"u8.ToArray()), With(Tiff, "XX"u8.ToArray()), With(Tiff + 2, 43), With(Tiff + 4, 0xFF, 0xFF, 0xFF, 0xFF), With(Tiff + 4, 200),
            With(Tiff + 8, 0, 0), With(Tiff + 8, 1, 0), With(Entry + 2, 4), With(Entry + 4, 2), With(Entry + 4, 1, 0, 1), With(Entry + 8, 0), With(Entry + 8, 9), With(Entry + 8, 6, 1),
            good[..(Entry + 11)], good[..(Tiff + 7)], good[..6], good[..3], [],
        ];
        Assert.All(damaged, d => Assert.Equal(1, ExifOrientation.Read(File(Segment(0xE1, d)))));
        // More entries said than there are: those that are there count.
        Assert.Equal(6, ExifOrientation.Read(File(Segment(0xE1, With(Tiff + 8, 0xFF, 0xFF)))));
        byte[] whole = File(Segment(0xE1, good));
        for (int length = 0; length < 6 + Entry + 12; length++)
            Assert.Equal(1, ExifOrientation.Read(whole.AsSpan(0, length)));
        // Behind the start of the pixels there is nothing to be found.
        Assert.Equal(1, ExifOrientation.Read(File([.. Segment(0xDA, [1, 1, 0, 0, 63, 0]), .. Segment(0xE1, good)])));
    }

    [Fact]
    public void Load_LeavesThePixelsAsTheyAreStored()
    {
        RequireLibrary();
        string file = Path.Combine(AppContext.BaseDirectory, "pictures", "way-up-6.jpg");
        Picture stored = Picture.Load(file, upright: false), seen = Picture.Load(file);
        Assert.Equal((24, 16, 16, 24), (stored.Width, stored.Height, seen.Width, seen.Height));
        Assert.Equal(stored.Turned(6).Pixels, seen.Pixels);
        using FileStream stream = System.IO.File.OpenRead(file);
        Assert.Equal(seen.Pixels, Picture.Decode(stream).Pixels);
    }

    [Fact]
    public void Read_Mutants()
    {
        byte[][] whole = [.. new[] { true, false }.Select(little => File([.. Segment(0xE0, [.. "JFIF\0"u8, 1, 1]), .. Segment(0xE1, Exif(little, 6))]))];
        var random = new Random(11);
        var found = new int[9];
        byte[][] mutants = [.. Enumerable.Range(0, Mutants).Select(i => Mutant(whole[i % 2], random, structureOnly: false))];
        ExifOrientation.Read(whole[0]);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] mutant in mutants) found[ExifOrientation.Read(mutant)]++;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using var report = new Report("exif-mutants", output);
        report.WriteLine($"orientations found 1 to 8: {string.Join(' ', found.Skip(1))}; {clock.Elapsed.TotalMilliseconds:F1} ms, {allocated} bytes allocated");
        Assert.Equal((0, 0), (found[0], allocated));
        // Most are changed where it matters, and enough survive with another number.
        Assert.InRange(found[1], Mutants / 5, Mutants);
        Assert.InRange(found[6], Mutants / 10, Mutants);
        Assert.All(found.Skip(1), n => Assert.NotEqual(0, n));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
    }

    [Fact]
    public void Decode_MutantsAreThePictureTurnedSomehow()
    {
        RequireLibrary();
        byte[] file = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "pictures", "way-up-6.jpg"));
        Picture stored = Picture.Decode(file, upright: false);
        string[] turned = [.. Enumerable.Range(1, 8).Select(o => Convert.ToHexString(stored.Turned(o).Pixels))];
        int start = file.AsSpan().IndexOf("Exif"u8), length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(start - 2));
        var random = new Random(12);
        var seen = new HashSet<string>();
        for (int i = 0; i < Decoded; i++)
        {
            byte[] mutant = [.. file[..start], .. Mutant(file[start..(start + length - 2)], random, structureOnly: true), .. file[(start + length - 2)..]];
            string pixels = Convert.ToHexString(Picture.Decode(mutant).Pixels);
            Assert.Contains(pixels, turned);
            seen.Add(pixels);
        }
        Assert.InRange(seen.Count, 2, 8);
    }

    // Bytes changed and, unless the length must stay, pieces cut out, put in and cut off.
    static byte[] Mutant(byte[] whole, Random random, bool structureOnly)
    {
        List<byte> bytes = [.. whole];
        for (int change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(structureOnly ? 3 : 6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)random.Next(10); break;
                case 3: bytes.RemoveAt(at); break;
                case 4: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    static byte[] File(byte[] segments) => [0xFF, 0xD8, .. segments, 0xFF, 0xDB, 0x00, 0x04, 0x00, 0x00];

    static byte[] Segment(byte kind, byte[] data) => [0xFF, kind, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    // A directory of three entries: ImageWidth, Orientation, and a text that lies behind.
    static byte[] Exif(bool little, int orientation)
    {
        byte[] U16(int value) => little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];
        byte[] U32(int value) => little ? [.. U16(value), 0, 0] : [0, 0, .. U16(value)];
        byte[] Entry(int tag, int type, int count, byte[] value) => [.. U16(tag), .. U16(type), .. U32(count), .. value, .. new byte[4 - value.Length]];
        return
        [
            .. "Exif\0\0"u8, .. little ? "II"u8 : "MM"u8, .. U16(42), .. U32(8), .. U16(3),
            .. Entry(0x0100, 4, 1, U32(24)), .. Entry(0x0112, 3, 1, U16(orientation)), .. Entry(0x010F, 2, 8, U32(50)), .. U32(0), .. "a maker\0"u8,
        ];
    }

    static void RequireLibrary()
    {
        if (!JpegDecoder.IsAvailable) ReferenceData.Absent("libturbojpeg is not on this machine");
    }
}
