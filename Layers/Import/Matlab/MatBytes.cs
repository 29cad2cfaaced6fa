using System.Buffers.Binary;

namespace Preimage.Layers.Import.Matlab;

/// <summary>The tag of a data element: its type, its bytes, and whether it lay in the tag's own eight bytes.</summary>
internal readonly record struct MatTag(MatType Type, long Size, bool Small);

/// <summary>The bytes of MAT data elements in order, in either endianness. Knows how many are left, so that nothing claims more.</summary>
internal sealed class MatBytes(Stream stream, long length, bool bigEndian)
{
    long _left = length, _floor;

    /// <summary>How many bytes are left of the element that was entered last, or of everything.</summary>
    public long Left => _left - _floor;

    /// <summary>Enters an element: nothing beyond its end is read until it is left.</summary>
    /// <returns>What <see cref="Leave"/> needs.</returns>
    public long Enter(long size)
    {
        Require(size);
        long outer = _floor;
        _floor = _left - size;
        return outer;
    }

    /// <summary>Leaves an element, passing over what was not read of it.</summary>
    public void Leave(long outer)
    {
        Skip(Left);
        _floor = outer;
    }

    /// <summary>Reads the tag of the next element and checks its size.</summary>
    /// <exception cref="ModelException">The element is larger than what is left.</exception>
    public MatTag Tag()
    {
        Require(8);
        uint first = UInt32();
        // A small element has its size in the upper half of the word that is otherwise the type alone.
        if (first >> 16 is > 0 and var size)
        {
            if (size > 4)
                throw MatFile.Damaged($"a small data element claims {size} bytes where at most 4 fit");
            return new MatTag((MatType)(first & 0xFFFF), size, true);
        }

        uint large = UInt32();
        Require(large);
        return new MatTag((MatType)first, large, false);
    }

    /// <summary>Reads an element's numbers.</summary>
    /// <param name="tag">Its tag, read before.</param>
    /// <param name="count">How many numbers it must hold.</param>
    /// <param name="what">What it holds, for the error.</param>
    /// <param name="put">Receives a piece of raw little-endian bytes and the number of the first element in it.</param>
    public void Numbers(MatTag tag, int count, string what, Action<ReadOnlySpan<byte>, int> put)
    {
        int size = tag.Type.Size();
        if (size == 0)
            throw MatFile.Damaged($"{what} is stored as type {(int)tag.Type}, which holds no numbers");
        if (tag.Size != (long)count * size)
            throw MatFile.Damaged($"{what} has {tag.Size} bytes where {count} numbers of {size} are expected");
        Span<byte> piece = stackalloc byte[1 << 13];
        for (int done = 0; done < count;)
        {
            int now = Math.Min(count - done, piece.Length / size);
            Span<byte> bytes = piece[..(now * size)];
            Exactly(bytes);
            if (bigEndian)
                Swap(bytes, size);
            put(bytes, done);
            done += now;
        }

        Pad(tag);
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(long count)
    {
        Require(count);
        Span<byte> piece = stackalloc byte[1 << 13];
        for (; count > 0; count -= piece.Length)
            Exactly(piece = piece[..(int)Math.Min(piece.Length, count)]);
    }

    /// <summary>Passes over what fills an element up to eight bytes; the last one of a file may lack it.</summary>
    void Pad(MatTag tag)
    {
        long pad = tag.Small ? 4 - tag.Size : -tag.Size & 7;
        Skip(Math.Min(pad, Left));
    }

    uint UInt32()
    {
        Span<byte> word = stackalloc byte[4];
        Exactly(word);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(word) : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    void Require(long count)
    {
        if (count > Left)
            throw MatFile.Damaged($"an element of {count} bytes does not fit the {Left} that are left");
    }

    void Exactly(Span<byte> destination)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (EndOfStreamException e)
        {
            throw MatFile.Damaged($"it ends where {destination.Length} more bytes are expected", e);
        }

        _left -= destination.Length;
    }

    static void Swap(Span<byte> bytes, int size)
    {
        if (size == 1)
            return;
        for (int i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }
}
