using Preimage.Layers.Weights;

namespace Preimage.Layers.Import;

/// <summary>Steps through protobuf messages where they lie in a file; every length is checked against the message it is in.</summary>
/// <param name="file">The file.</param>
/// <param name="format">The name of its format, for errors.</param>
internal sealed unsafe class WireReader(MappedFile file, string format)
{
    /// <summary>The wire types there are, as protobuf numbers them.</summary>
    public const uint Number = 0, Eight = 1, Bytes = 2, Four = 5;

    /// <summary>The field number and wire type at a position.</summary>
    public (uint Field, uint Type) Tag(ref long position, long end)
    {
        long start = position;
        ulong tag = Varint(ref position, end);
        return tag <= uint.MaxValue && tag >> 3 != 0 ? ((uint)(tag >> 3), (uint)(tag & 7)) : throw Malformed(start, $"field tag {tag}");
    }

    /// <summary>Steps over a field's value and says where its contents begin.</summary>
    public long Skip(uint type, ref long position, long end)
    {
        long start = position;
        switch (type)
        {
            case Number:
                Varint(ref position, end);
                return start;
            case Eight or Four:
                position += type == Eight ? 8 : 4;
                break;
            case Bytes:
                ulong length = Varint(ref position, end);
                start = position;
                if (length > (ulong)(end - position))
                    throw Malformed(start, $"{length} bytes announced where {end - position} are left: the file is cut short or damaged");
                position += (long)length;
                break;
            default:
                throw Malformed(start, $"wire type {type}");
        }

        return position <= end ? start : throw Malformed(start, "a field runs over the end of its message");
    }

    public ulong Varint(ref long position, long end)
    {
        ulong value = 0;
        long start = position;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (position >= end)
                throw Malformed(start, "a number is cut short");
            byte next = file.Address[position++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }

        throw Malformed(start, "a number is longer than 10 bytes");
    }

    public void RequireBytes(uint type, long position)
    {
        if (type != Bytes)
            throw Malformed(position, $"wire type {type} where bytes belong");
    }

    public ModelException Malformed(long position, string what) => new($"this is not a whole {format} model: at byte {position}, {what}");
}
