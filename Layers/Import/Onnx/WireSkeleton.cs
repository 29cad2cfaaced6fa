using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Copies the small part of an ONNX file, leaving weights where they are, and hands that part to the protobuf parser.</summary>
/// <remarks>
/// The generated parser would copy every raw_data. Here each payload becomes an offset and a length instead, so that what is parsed
/// holds no weights. Lengths are checked against the message they are in, depth and number of messages are limited: memory and time
/// are bounded by the size of the file.
/// </remarks>
internal sealed unsafe class WireSkeleton : IDisposable
{
    const int MaxDepth = 32;
    const int MaxMessages = 1 << 20;
    const int MaxBytes = 1 << 29;
    const int RawOffset = TensorProto.RawOffsetFieldNumber, RawLength = TensorProto.RawLengthFieldNumber;
    const int FloatsOffset = TensorProto.FloatsOffsetFieldNumber, FloatsLength = TensorProto.FloatsLengthFieldNumber;

    readonly MappedFile _file;
    readonly MemoryStream _copy = new();
    int _messages;

    WireSkeleton(MappedFile file) => _file = file;

    /// <summary>The model without its payloads.</summary>
    /// <exception cref="ModelException">The file is no ONNX model, is cut short, or breaks a limit.</exception>
    public static ModelProto Read(MappedFile file)
    {
        using var skeleton = new WireSkeleton(file);
        skeleton.Walk(WireMessage.Model, 0, file.Length, 0);
        try
        {
            return ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(skeleton._copy.GetBuffer().AsSpan(0, (int)skeleton._copy.Length));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException($"this is not an ONNX model: {e.Message}", e);
        }
    }

    public void Dispose() => _copy.Dispose();

    void Walk(WireMessage message, long position, long end, int depth)
    {
        if (depth > MaxDepth)
            throw new ModelException($"the model nests messages more than {MaxDepth} deep at byte {position}");
        if (++_messages > MaxMessages)
            throw new ModelException($"the model has more than {MaxMessages} nodes, attributes and tensors");
        bool packed = false;
        while (position < end)
        {
            long start = position;
            ulong tag = Varint(ref position, end);
            uint field = (uint)(tag >> 3), type = (uint)(tag & 7);
            if (tag > uint.MaxValue || field == 0)
                throw Malformed(start, $"field tag {tag}");
            long payload = Skip(type, ref position, end);
            if (WireSchema.Find(message, field) is not { } content)
                continue;
            switch (content)
            {
                case WireMessage.Plain:
                    Copy(start, position);
                    break;
                case WireMessage.RawPayload:
                    RequireBytes(type, start);
                    WriteNumber(RawOffset, payload);
                    WriteNumber(RawLength, position - payload);
                    break;
                case WireMessage.FloatPayload when type == 2 && position > payload:
                    if (packed)
                        throw Malformed(start, "float_data in several pieces");
                    packed = true;
                    WriteNumber(FloatsOffset, payload);
                    WriteNumber(FloatsLength, position - payload);
                    break;
                case WireMessage.FloatPayload:
                    Copy(start, position);
                    break;
                default:
                    RequireBytes(type, start);
                    WriteMessage(field, content, payload, position, depth);
                    break;
            }
        }
    }

    /// <summary>Copies a nested message, its length patched in behind it, since leaving payloads out changes it.</summary>
    void WriteMessage(uint field, WireMessage content, long start, long end, int depth)
    {
        const int LengthBytes = 5;
        WriteVarint((field << 3) | 2);
        int place = (int)_copy.Length;
        _copy.Write(stackalloc byte[LengthBytes]);
        Walk(content, start, end, depth + 1);
        uint length = (uint)(_copy.Length - place - LengthBytes);
        byte[] buffer = _copy.GetBuffer();
        // A varint may be longer than it needs to be: all five bytes are always used.
        for (int i = 0; i < LengthBytes; i++, length >>= 7)
            buffer[place + i] = (byte)((length & 127) | (i < LengthBytes - 1 ? 128u : 0));
    }

    /// <summary>Steps over a field's value and says where its contents begin.</summary>
    long Skip(uint type, ref long position, long end)
    {
        long start = position;
        switch (type)
        {
            case 0:
                Varint(ref position, end);
                return start;
            case 1 or 5:
                position += type == 1 ? 8 : 4;
                break;
            case 2:
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

    ulong Varint(ref long position, long end)
    {
        ulong value = 0;
        long start = position;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (position >= end)
                throw Malformed(start, "a number is cut short");
            byte next = _file.Address[position++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }

        throw Malformed(start, "a number is longer than 10 bytes");
    }

    void Copy(long start, long end)
    {
        if (end - start > MaxBytes - _copy.Length)
            throw new ModelException($"the model has more than {MaxBytes} bytes beside its raw_data and float_data");
        _copy.Write(new ReadOnlySpan<byte>(_file.Address + start, (int)(end - start)));
    }

    void WriteNumber(int field, long value)
    {
        WriteVarint((uint)field << 3);
        WriteVarint((ulong)value);
    }

    void WriteVarint(ulong value)
    {
        for (; value >= 128; value >>= 7)
            _copy.WriteByte((byte)(value | 128));
        _copy.WriteByte((byte)value);
    }

    static void RequireBytes(uint type, long position)
    {
        if (type != 2)
            throw Malformed(position, $"wire type {type} where bytes belong");
    }

    static ModelException Malformed(long position, string what) => new($"this is not a whole ONNX model: at byte {position}, {what}");
}
