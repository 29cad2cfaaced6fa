using System.Runtime.InteropServices;
using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Export;

/// <summary>Writes a model's bytes with weights taken piece by piece from their sources, so that they are never in memory together.</summary>
internal static class ModelStream
{
    const int PieceElements = 1 << 16;
    const uint GraphTag = (ModelProto.GraphFieldNumber << 3) | 2;
    const uint InitialiserTag = (GraphProto.InitializerFieldNumber << 3) | 2;
    const uint RawTag = (TensorProto.RawDataFieldNumber << 3) | 2;

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="model">The model without its graph.</param>
    /// <param name="graph">The graph without the streamed weights.</param>
    /// <param name="weights">Weights by the name of their initialiser.</param>
    /// <exception cref="PreimageException">They do not fit the 2 GB of a protobuf message.</exception>
    public static void Write(Stream stream, ModelProto model, GraphProto graph, IReadOnlyList<(string Name, WeightSource Weights)> weights)
    {
        TensorProto[] heads = [.. weights.Select(w => Head(w.Name, w.Weights))];
        long length = graph.CalculateSize();
        for (int i = 0; i < heads.Length; i++)
        {
            long tensor = TensorLength(heads[i], weights[i].Weights);
            length += VarintLength(InitialiserTag) + VarintLength((ulong)tensor) + tensor;
        }

        // Protobuf parsers count in 32 bits.
        if (length > int.MaxValue - (1 << 20))
            throw new PreimageException($"the network has {length} bytes with its weights: an ONNX file holds at most 2 GB");
        model.WriteTo(stream);
        WriteVarint(stream, GraphTag);
        WriteVarint(stream, (ulong)length);
        graph.WriteTo(stream);
        var piece = new float[PieceElements];
        for (int i = 0; i < heads.Length; i++)
        {
            WriteVarint(stream, InitialiserTag);
            WriteVarint(stream, (ulong)TensorLength(heads[i], weights[i].Weights));
            heads[i].WriteTo(stream);
            WriteVarint(stream, RawTag);
            WriteVarint(stream, (ulong)weights[i].Weights.Count * sizeof(float));
            WriteElements(stream, weights[i].Weights, piece);
        }
    }

    static void WriteElements(Stream stream, WeightSource weights, float[] piece)
    {
        for (int start = 0; start < weights.Count; start += piece.Length)
        {
            Span<float> part = piece.AsSpan(0, Math.Min(piece.Length, weights.Count - start));
            weights.Read(start, part);
            stream.Write(MemoryMarshal.AsBytes(part));
        }
    }

    static TensorProto Head(string name, WeightSource weights)
    {
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.Dims.Add(weights.Extents.Select(e => (long)e));
        return tensor;
    }

    static long TensorLength(TensorProto head, WeightSource weights)
    {
        long bytes = weights.LongCount * sizeof(float);
        return head.CalculateSize() + VarintLength(RawTag) + VarintLength((ulong)bytes) + bytes;
    }

    static int VarintLength(ulong value) => CodedOutputStream.ComputeUInt64Size(value);

    static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 128; value >>= 7)
            stream.WriteByte((byte)(value | 128));
        stream.WriteByte((byte)value);
    }
}
