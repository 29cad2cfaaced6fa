using System.Buffers.Binary;
using System.Text;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>Reads a binary Caffe file into a tree; weights stay where they are.</summary>
/// <remarks>Depth and the number of values are limited: memory and time are bounded by the size of the file.</remarks>
internal sealed unsafe class CaffeWire(MappedFile file)
{
    /// <summary>How deep messages may be nested; Caffe's own are 4 deep.</summary>
    public const int MaxDepth = 16;

    /// <summary>How many values a file may hold beside weights.</summary>
    public const int MaxValues = 1 << 20;

    readonly WireReader _wire = new(file, "Caffe");
    int _values;

    /// <summary>The network the file holds.</summary>
    /// <exception cref="ModelException">The file is cut short, damaged, or breaks a limit.</exception>
    public CaffeMessage Read() => Read(CaffeSchema.Root, 0, file.Length, 0);

    /// <summary>Whether a file looks like one: its name is a text where ONNX has a number, and it has layers.</summary>
    public static bool Recognises(MappedFile file)
    {
        var wire = new WireReader(file, "Caffe");
        bool layers = false;
        try
        {
            for (long position = 0; position < file.Length;)
            {
                (uint field, uint type) = wire.Tag(ref position, file.Length);
                switch (field, type)
                {
                    // ONNX: the version of the format, the graph, the operator sets. Caffe's fields of these numbers are of other types.
                    case (1, not WireReader.Bytes) or (7, WireReader.Bytes):
                        return false;
                    case (1 or 2 or 100, WireReader.Bytes):
                        layers = true;
                        break;
                }

                wire.Skip(type, ref position, file.Length);
            }
        }
        catch (ModelException)
        {
            // Damaged: what came before the damage decides whose error it gets.
        }

        return layers;
    }

    CaffeMessage Read(string kind, long position, long end, int depth)
    {
        if (depth > MaxDepth)
            throw new ModelException($"the model nests messages more than {MaxDepth} deep at byte {position}");
        var message = new CaffeMessage();
        while (position < end)
        {
            long start = position;
            (uint number, uint type) = _wire.Tag(ref position, end);
            long payload = _wire.Skip(type, ref position, end);
            if (CaffeSchema.Find(kind, number) is not { } field)
            {
                if (!CaffeSchema.IsOpen(kind))
                    throw _wire.Malformed(start, $"a field {number} that Caffe's {kind} parameters do not have");
                continue;
            }

            if (field.Content == CaffeContent.Unused)
                continue;
            if (++_values > MaxValues)
                throw TooMany();
            switch (field.Content)
            {
                case CaffeContent.Message:
                    _wire.RequireBytes(type, start);
                    message.Add(field.Name, Read(field.Message!, payload, position, depth + 1));
                    break;
                case CaffeContent.Text:
                    _wire.RequireBytes(type, start);
                    message.Add(field.Name, Encoding.UTF8.GetString(file.Address + payload, checked((int)(position - payload))));
                    break;
                case CaffeContent.Singles or CaffeContent.Doubles:
                    if (type != WireReader.Bytes && type != Width(field.Content))
                        throw _wire.Malformed(start, $"{field.Name} has the wire type {type}");
                    message.Payloads.Add((field.Content, payload, position - payload));
                    break;
                default:
                    AddNumbers(message, field, type, start, payload, position);
                    break;
            }
        }

        return message;
    }

    void AddNumbers(CaffeMessage message, CaffeField field, uint type, long start, long payload, long end)
    {
        uint own = field.Content == CaffeContent.Number ? WireReader.Four : WireReader.Number;
        if (type != own && type != WireReader.Bytes)
            throw _wire.Malformed(start, $"{field.Name} has the wire type {type}");
        // A repeated field may come as one run of values without tags.
        while (payload < end)
        {
            if (++_values > MaxValues)
                throw TooMany();
            if (own == WireReader.Number)
            {
                message.Add(field.Name, (double)(long)_wire.Varint(ref payload, end));
                continue;
            }

            if (end - payload < sizeof(float))
                throw _wire.Malformed(payload, $"{field.Name} is cut short");
            message.Add(field.Name, (double)BinaryPrimitives.ReadSingleLittleEndian(new ReadOnlySpan<byte>(file.Address + payload, sizeof(float))));
            payload += sizeof(float);
        }
    }

    static uint Width(CaffeContent content) => content == CaffeContent.Doubles ? WireReader.Eight : WireReader.Four;

    static ModelException TooMany() => new($"the model has more than {MaxValues} values beside its weights");
}
