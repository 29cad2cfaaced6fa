using System.Buffers.Binary;
using System.IO.Compression;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>The expanded bytes of all IDAT chunks, with their Adler-32 checked at the end.</summary>
internal sealed class PngPixelStream : IDisposable
{
    readonly byte[] _packed;
    readonly ZLibStream _stream;
    readonly string _source;
    uint _adler = 1;

    public PngPixelStream(List<ReadOnlyMemory<byte>> pieces, string source)
    {
        _source = source;
        _packed = new byte[pieces.Sum(piece => piece.Length)];
        int at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(_packed.AsMemory(at));
            at += piece.Length;
        }
        _stream = new ZLibStream(new MemoryStream(_packed), CompressionMode.Decompress);
    }

    public void Fill(Span<byte> bytes)
    {
        int read = Read(bytes);
        if (read < bytes.Length) throw new ImageFormatException(_source, "the pixels end before the last row.");
        _adler = Adler32.Append(_adler, bytes);
    }

    /// <summary>Checks that nothing follows, and the checksum.</summary>
    public void RequireEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (Read(one) > 0) throw new ImageFormatException(_source, "there are more pixels than the size allows.");
        // The stream compares the checksum too, but takes a file that ends before it for complete.
        uint stated = _packed.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(_packed.AsSpan(_packed.Length - 4));
        if (stated != _adler)
            throw new ImageFormatException(_source, $"the pixels have the Adler-32 {_adler:x8}, the file ends with {stated:x8}.");
    }

    public void Dispose() => _stream.Dispose();

    int Read(Span<byte> bytes)
    {
        try
        {
            return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            // The stream's own words speak of archives.
            throw new ImageFormatException(_source, "the compressed pixels are damaged (bad code or Adler-32).", e);
        }
    }
}
