using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Tests.Import;

/// <summary>Damage to ONNX files: to their bytes, or to what the parsed model says (never to weights, which may be anything).</summary>
internal static class OnnxMutations
{
    static readonly long[] s_numbers = [0, 1, -1, 2, 3, 7, 64, 224, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 33];

    static readonly string[] s_operators =
    [
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "Gemm", "MatMul", "Relu", "PRelu", "Clip", "Softmax", "Add", "Div", "Sum",
        "LRN", "BatchNormalization", "InstanceNormalization", "ReduceMean", "Concat", "Split", "Slice", "Pad", "Transpose", "Resize", "Upsample", "Flatten",
        "Reshape", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Constant", "If", "Cast", "Shape", "Gather", "ConstantOfShape", "Range", "Where", "Floor",
        "Equal", "Not", "Nonsense",
    ];

    /// <summary>One to four changes of bytes.</summary>
    public static byte[] Bytes(byte[] model, Random random)
    {
        var bytes = new List<byte>(model);
        for (int changes = 1 + random.Next(4); changes > 0 && bytes.Count > 1; changes--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 1);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>One to three changes of structure; lengths stay right, since the model is written anew.</summary>
    public static byte[] Structure(ModelProto model, Random random)
    {
        model = model.Clone();
        for (int changes = 1 + random.Next(3); changes > 0; changes--)
            Change(model, random);
        return model.ToByteArray();
    }

    static void Change(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        NodeProto? node = Any(graph.Node, random);
        TensorProto? tensor = Any(graph.Initializer, random);
        ValueInfoProto? input = Any(graph.Input, random);
        AttributeProto? attribute = node is null ? null : Any(node.Attribute, random);
        switch (random.Next(16))
        {
            case 0 when tensor is { Dims.Count: > 0 }:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Number(random);
                break;
            case 1 when tensor is not null:
                tensor.DataType = random.Next(20);
                break;
            case 2 when tensor is not null && random.Next(2) == 0:
                tensor.Dims.Add(Number(random));
                break;
            case 3 when input?.Type?.TensorType?.Shape is { Dim.Count: > 0 } shape:
                shape.Dim[random.Next(shape.Dim.Count)] = random.Next(3) == 0 ? new() { DimParam = "k" } : new() { DimValue = Number(random) };
                break;
            case 4 when input?.Type?.TensorType is { } type:
                type.ElemType = random.Next(20);
                break;
            case 5 when node is { Input.Count: > 0 }:
                node.Input[random.Next(node.Input.Count)] = Name(graph, random);
                break;
            case 6 when node is not null:
                node.Input.Add(Name(graph, random));
                break;
            case 7 when node is { Output.Count: > 0 }:
                node.Output[random.Next(node.Output.Count)] = Name(graph, random);
                break;
            case 8 when node is not null:
                node.OpType = s_operators[random.Next(s_operators.Length)];
                break;
            case 9 when attribute is not null:
                ChangeAttribute(attribute, random);
                break;
            case 10 when attribute is not null:
                attribute.Name = Any(graph.Node, random)!.Attribute.FirstOrDefault()?.Name ?? "axis";
                break;
            case 11 when attribute is not null:
                attribute.Type = random.Next(12);
                break;
            case 12 when graph.Node.Count > 1:
                graph.Node.RemoveAt(random.Next(graph.Node.Count));
                break;
            case 13 when node is not null:
                NodeProto copy = node.Clone();
                copy.Output.Clear();
                copy.Output.Add("copy");
                graph.Node.Insert(random.Next(graph.Node.Count + 1), copy);
                break;
            case 14:
                model.OpsetImport[0].Version = 5 + random.Next(22);
                break;
            case 15 when graph.Output.Count > 0:
                graph.Output[0].Name = Name(graph, random);
                break;
        }
    }

    static void ChangeAttribute(AttributeProto attribute, Random random)
    {
        if (attribute.Ints.Count > 0 && random.Next(3) > 0)
            attribute.Ints[random.Next(attribute.Ints.Count)] = Number(random);
        else if (attribute.Ints.Count > 0 && random.Next(2) == 0)
            attribute.Ints.RemoveAt(0);
        else if (attribute.HasI)
            attribute.I = Number(random);
        else if (attribute.HasF)
            attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => -1 };
        else if (attribute.HasS)
            attribute.S = ByteString.CopyFromUtf8(random.Next(2) == 0 ? "SAME_UPPER" : "");
        else
            attribute.Ints.Add(Number(random));
    }

    static long Number(Random random) => random.Next(2) == 0 ? random.Next(-4, 12) : s_numbers[random.Next(s_numbers.Length)];

    static string Name(GraphProto graph, Random random)
    {
        string[] names = ["", "x", "nowhere", .. graph.Initializer.Select(t => t.Name), .. graph.Node.SelectMany(n => n.Output)];
        return names[random.Next(names.Length)];
    }

    static T? Any<T>(IList<T> items, Random random) where T : class => items.Count == 0 ? null : items[random.Next(items.Count)];
}
