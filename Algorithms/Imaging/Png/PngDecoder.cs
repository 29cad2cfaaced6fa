namespace Preimage.Algorithms.Imaging.Png;

/// <summary>Reads a PNG file chunk by chunk, then expands its pixels row by row.</summary>
internal sealed class PngDecoder(string source, PictureLimits limits)
{
    // Deflate turns at best two bits into 258 bytes.
    const long MaxExpansion = 1032;

    readonly Dictionary<string, string> _text = [];
    readonly List<ReadOnlyMemory<byte>> _data = [];

    public Picture Decode(ReadOnlyMemory<byte> file)
    {
        PngHeader? header = null;
        PngTransparency? transparency = null;
        string last = "";
        foreach (var chunk in PngChunk.ReadAll(file, source))
        {
            if (header is null)
            {
                header = PngHeader.Parse(chunk, source, limits);
                transparency = new PngTransparency(header, source);
            }
            else
            {
                Read(chunk, transparency!, last);
            }
            last = chunk.Type;
        }
        if (header!.Colour == PngColour.Palette && !transparency!.HasPalette)
            throw new ImageFormatException(source, "the palette is missing.");
        return new Picture(header.Width, header.Height, header.Channels, Expand(header, transparency!), _text);
    }

    void Read(PngChunk chunk, PngTransparency transparency, string last)
    {
        bool pixelsSeen = _data.Count > 0;
        switch (chunk.Type)
        {
            case "IHDR":
                throw new ImageFormatException(source, "there are two IHDR chunks.");
            case "PLTE" or "tRNS" when pixelsSeen:
                throw new ImageFormatException(source, $"{chunk.Type} comes after the pixels.");
            case "PLTE":
                transparency.ReadPalette(chunk.Data.Span);
                break;
            case "tRNS":
                transparency.ReadTransparency(chunk.Data.Span);
                break;
            case "IDAT" when pixelsSeen && last != "IDAT":
                throw new ImageFormatException(source, "the IDAT chunks are not in one row.");
            case "IDAT":
                _data.Add(chunk.Data);
                break;
            case "tEXt" or "iTXt":
                PngText.Read(chunk, _text);
                break;
            case "IEND":
                break;
            default:
                if (!chunk.IsAncillary) throw new ImageFormatException(source, $"the critical chunk {chunk.Type} is not known.");
                break;
        }
    }

    byte[] Expand(PngHeader header, PngTransparency transparency)
    {
        long packed = _data.Sum(piece => (long)piece.Length), expanded = header.ExpandedBytes;
        // Before any memory is taken: a header alone must not cost more than the data behind it can fill.
        if (expanded / MaxExpansion > packed)
            throw new ImageFormatException(source, $"{packed} bytes of pixels cannot expand to the {expanded} of {header.Width}x{header.Height}.");
        var pixels = new byte[checked(header.Width * header.Height * header.Channels)];
        var writer = new PngPixels(header, transparency);
        using var data = new PngPixelStream(_data, source);
        foreach (var pass in header.Passes)
        {
            int columns = pass.Columns(header.Width), rowBytes = header.RowBytes(columns);
            // The filter byte stays in front, so that row and filter come in one read.
            var row = new byte[rowBytes + 1];
            var above = new byte[rowBytes + 1];
            for (int j = 0; j < pass.Rows(header.Height); j++)
            {
                data.Fill(row);
                if (row[0] >= PngRowFilter.Count) throw new ImageFormatException(source, $"row filter {row[0]} is not known.");
                PngRowFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance);
                int start = ((pass.Y0 + j * pass.Dy) * header.Width + pass.X0) * header.Channels;
                writer.Store(row.AsSpan(1), columns, pixels.AsSpan(start), pass.Dx);
                (row, above) = (above, row);
            }
        }
        data.RequireEnd();
        return pixels;
    }
}
