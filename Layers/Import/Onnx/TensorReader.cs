using System.Buffers.Binary;
using Google.Protobuf.Collections;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Tensors of an ONNX file: floats stay where they are as weights, integers become host values.</summary>
internal sealed class TensorReader(MappedFile file, MappedStorage storage, ExternalData external)
{
    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">The name of the value it becomes.</param>
    /// <param name="nodeName">The name of the node that holds it, where one does.</param>
    /// <exception cref="ModelException">Its type, extents or payload are refused.</exception>
    public GraphValue Read(TensorProto tensor, string name, string nodeName = "")
    {
        try
        {
            var type = (TensorType)tensor.DataType;
            int[] extents = Extents(tensor.Dims);
            return type switch
            {
                TensorType.Float => GraphValue.Of(name, Floats(tensor, extents, ElementFormat.Single), nodeName),
                TensorType.Double => GraphValue.Of(name, Floats(tensor, extents, ElementFormat.Double), nodeName),
                TensorType.Float16 => GraphValue.Of(name, Floats(tensor, extents, ElementFormat.Half), nodeName),
                TensorType.BFloat16 => GraphValue.Of(name, Floats(tensor, extents, ElementFormat.BFloat16), nodeName),
                _ when type.IntegerSize() > 0 => GraphValue.Of(name, Integers(tensor, extents, type), nodeName),
                _ => throw new ShapeException($"its type {type} is not supported"),
            };
        }
        catch (ShapeException e)
        {
            throw new ModelException($"tensor '{name}': {e.Message}", e);
        }
    }

    static int[] Extents(RepeatedField<long> dims)
    {
        long count = 1;
        var extents = new int[dims.Count <= 16 ? dims.Count : throw new ShapeException($"rank {dims.Count} is not supported")];
        for (int i = 0; i < extents.Length; i++)
        {
            if (dims[i] is < 0 or > int.MaxValue || (count *= dims[i]) > int.MaxValue)
                throw new ShapeException($"extents of {string.Join('x', dims)} are not supported");
            extents[i] = (int)dims[i];
        }

        return extents;
    }

    static int Count(int[] extents) => extents.Aggregate(1, (a, b) => a * b);

    WeightSource Floats(TensorProto tensor, int[] extents, ElementFormat format)
    {
        int count = Count(extents);
        if (Payload(tensor, count, format.Size()) is { } payload)
            return new MappedWeights(storage, payload.File, payload.Offset, format, extents);
        if (tensor.HasFloatsOffset && format == ElementFormat.Single)
        {
            Require(tensor.FloatsLength, (long)count * sizeof(float));
            return new MappedWeights(storage, file, tensor.FloatsOffset, format, extents);
        }

        return new MemoryWeights(format switch
        {
            ElementFormat.Single => [.. Take(tensor.FloatData, count)],
            ElementFormat.Double => [.. Take(tensor.DoubleData, count).Select(v => (float)v)],
            ElementFormat.Half => [.. Take(tensor.Int32Data, count).Select(v => (float)BitConverter.UInt16BitsToHalf((ushort)v))],
            _ => [.. Take(tensor.Int32Data, count).Select(v => BitConverter.UInt32BitsToSingle((uint)v << 16))],
        }, extents);
    }

    unsafe HostTensor Integers(TensorProto tensor, int[] extents, TensorType type)
    {
        int count = Count(extents);
        if (count > HostTensor.MaxCount)
            throw new ShapeException($"{count} integers are more than a shape computation needs: {HostTensor.MaxCount} are supported");
        HostType host = type == TensorType.Bool ? HostType.Boolean : HostType.Integer;
        int size = type.IntegerSize();
        if (Payload(tensor, count, size) is not { } payload)
        {
            return new HostTensor(extents, type switch
            {
                TensorType.Int64 => [.. Take(tensor.Int64Data, count)],
                TensorType.UInt32 or TensorType.UInt64 => [.. Take(tensor.Uint64Data, count).Select(v => unchecked((long)v))],
                _ => [.. Take(tensor.Int32Data, count).Select(v => (long)v)],
            }, host);
        }

        var bytes = new ReadOnlySpan<byte>(payload.File.Address + payload.Offset, count * size);
        var values = new long[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> one = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                TensorType.Int8 => (sbyte)one[0],
                TensorType.UInt8 or TensorType.Bool => one[0],
                TensorType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(one),
                TensorType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(one),
                TensorType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(one),
                TensorType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(one),
                _ => BinaryPrimitives.ReadInt64LittleEndian(one),
            };
        }

        return new HostTensor(extents, values, host);
    }

    /// <summary>Where the elements lie in a file, or null when they are in typed fields.</summary>
    (MappedFile File, long Offset)? Payload(TensorProto tensor, int count, int size)
    {
        long expected = (long)count * size;
        if (tensor.DataLocation == 1)
            return external.Find(tensor.ExternalData, expected);
        if (!tensor.HasRawOffset || (tensor.RawLength == 0 && count > 0))
            return null;
        Require(tensor.RawLength, expected);
        return (file, tensor.RawOffset);
    }

    static void Require(long bytes, long expected)
    {
        if (bytes != expected)
            throw new ShapeException($"it holds {bytes} bytes where its extents ask for {expected}");
    }

    static RepeatedField<T> Take<T>(RepeatedField<T> values, int count) => values.Count == count
        ? values
        : throw new ShapeException($"it holds {values.Count} elements where its extents ask for {count}");
}
