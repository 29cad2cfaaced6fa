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
    readonly WireReader _wire;
    readonly MemoryStream _copy = new();
    int _messages;

    WireSkeleton(MappedFile file)
    {
        _file = file;
        _wire = new WireReader(file, "ONNX");
    }

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
            (uint field, uint type) = _wire.Tag(ref position, end);
            long payload = _wire.Skip(type, ref position, end);
            if (WireSchema.Find(message, field) is not { } content)
                continue;
            switch (content)
            {
                case WireMessage.Plain:
                    Copy(start, position);
                    break;
                case WireMessage.RawPayload:
                    _wire.RequireBytes(type, start);
                    WriteNumber(RawOffset, payload);
                    WriteNumber(RawLength, position - payload);
                    break;
                case WireMessage.FloatPayload when type == WireReader.Bytes && position > payload:
                    if (packed)
                        throw _wire.Malformed(start, "float_data in several pieces");
                    packed = true;
                    WriteNumber(FloatsOffset, payload);
                    WriteNumber(FloatsLength, position - payload);
                    break;
                case WireMessage.FloatPayload:
                    Copy(start, position);
                    break;
                default:
                    _wire.RequireBytes(type, start);
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
}
