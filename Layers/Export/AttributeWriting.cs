using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Export;

/// <summary>Attributes of a node, one call each.</summary>
internal static class AttributeWriting
{
    // AttributeProto.AttributeType.
    const int Float = 1, Integer = 2, Text = 3, Tensor = 4, Integers = 7;

    public static NodeProto With(this NodeProto node, string name, float value) => node.Attach(new() { Name = name, Type = Float, F = value });

    public static NodeProto With(this NodeProto node, string name, long value) => node.Attach(new() { Name = name, Type = Integer, I = value });

    public static NodeProto With(this NodeProto node, string name, string value) =>
        node.Attach(new() { Name = name, Type = Text, S = ByteString.CopyFromUtf8(value) });

    public static NodeProto With(this NodeProto node, string name, TensorProto value) => node.Attach(new() { Name = name, Type = Tensor, T = value });

    public static NodeProto With(this NodeProto node, string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = Integers };
        attribute.Ints.Add(values);
        return node.Attach(attribute);
    }

    static NodeProto Attach(this NodeProto node, AttributeProto attribute)
    {
        node.Attribute.Add(attribute);
        return node;
    }
}
