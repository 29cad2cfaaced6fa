using System.Runtime.InteropServices;
using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Tests.Import;

/// <summary>Models drawn by hand for tests.</summary>
internal static class OnnxModels
{
    public static ModelProto Model(int opset = 13)
    {
        var model = new ModelProto { IrVersion = 7, Graph = new GraphProto { Name = "test" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return model;
    }

    public static ModelProto Input(this ModelProto model, string name, params object[] dims)
    {
        model.Graph.Input.Add(Value(name, 1, dims));
        return model;
    }

    public static ModelProto Output(this ModelProto model, string name)
    {
        model.Graph.Output.Add(Value(name, 1));
        return model;
    }

    /// <summary>A node; inputs and outputs are separated by blanks, "_" stands for an optional input left out.</summary>
    public static ModelProto Node(this ModelProto model, string op, string inputs, string outputs, params AttributeProto[] attributes)
    {
        model.Graph.Node.Add(NodeOf(op, inputs, outputs, attributes));
        return model;
    }

    public static NodeProto NodeOf(string op, string inputs, string outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op };
        node.Input.Add(Names(inputs));
        node.Output.Add(Names(outputs));
        node.Attribute.Add(attributes);
        return node;
    }

    public static ModelProto Floats(this ModelProto model, string name, int[] extents, params float[] values)
    {
        int count = extents.Aggregate(1, (a, b) => a * b);
        float[] all = values.Length == count ? values : [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i + 1 + name.Length))];
        return model.Tensor(FloatTensor(name, extents, all));
    }

    public static ModelProto Longs(this ModelProto model, string name, params long[] values) => model.Tensor(LongTensor(name, [values.Length], values));

    public static ModelProto Tensor(this ModelProto model, TensorProto tensor)
    {
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    public static TensorProto FloatTensor(string name, int[] extents, float[] values) =>
        RawTensor(name, 1, extents, MemoryMarshal.AsBytes(values.AsSpan()));

    public static TensorProto LongTensor(string name, int[] extents, params long[] values) =>
        RawTensor(name, 7, extents, MemoryMarshal.AsBytes(values.AsSpan()));

    public static TensorProto RawTensor(string name, int type, int[] extents, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(extents.Select(e => (long)e));
        return tensor;
    }

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = 7 };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = 2, I = value };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = 1, F = value };

    public static AttributeProto Text(string name, string value) => new() { Name = name, Type = 3, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, TensorProto value) => new() { Name = name, Type = 4, T = value };

    public static AttributeProto Attribute(string name, GraphProto value) => new() { Name = name, Type = 5, G = value };

    public static Network Load(this ModelProto model, LoadOptions? options = null) => Network.Load(model.ToByteArray(), options);

    public static ModelException Refused(this ModelProto model, LoadOptions? options = null)
    {
        var error = Assert.ThrowsAny<ModelException>(() => model.Load(options).Dispose());
        return error;
    }

    /// <summary>A small network of the usual kind: convolution, pool, dense.</summary>
    public static ModelProto Small(int opset = 13) => Model(opset)
        .Input("x", 1, 2, 8, 8)
        .Floats("w", [3, 2, 3, 3])
        .Floats("b", [3])
        .Node("Conv", "x w b", "conv", Ints("pads", 1, 1, 1, 1))
        .Node("Relu", "conv", "relu")
        .Node("MaxPool", "relu", "pool", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2))
        .Node("Flatten", "pool", "flat")
        .Floats("d", [5, 48])
        .Node("Gemm", "flat d", "y", Int("transB", 1))
        .Output("y");

    static ValueInfoProto Value(string name, int type, params object[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (object dim in dims)
        {
            shape.Dim.Add(dim switch
            {
                int extent => new TensorShapeProto.Types.Dimension { DimValue = extent },
                string { Length: > 0 } symbol => new TensorShapeProto.Types.Dimension { DimParam = symbol },
                _ => new TensorShapeProto.Types.Dimension(),
            });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }

    static IEnumerable<string> Names(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => n == "_" ? "" : n);
}
