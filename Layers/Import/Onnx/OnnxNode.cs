using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>A node of the file while its operator is read: its inputs and attributes, and the way to add what it becomes.</summary>
/// <remarks>Readers report what they refuse as <see cref="ShapeException"/>; the node's name and operator are added outside.</remarks>
internal sealed class OnnxNode
{
    readonly NodeProto _proto;

    public OnnxNode(NodeProto proto, GraphImport import, GraphScope scope)
    {
        _proto = proto;
        Import = import;
        Scope = scope;
        Name = NameOf(proto);
        Attributes = new OnnxAttributes(proto.Attribute);
    }

    public GraphImport Import { get; }

    public GraphScope Scope { get; }

    public string Name { get; }

    public string Operator => _proto.OpType;

    public int Opset => Import.Opset;

    public OnnxAttributes Attributes { get; }

    public int InputCount => _proto.Input.Count;

    public int OutputCount => _proto.Output.Count;

    /// <summary>A name for messages and for the network: the node's own, else that of its first output.</summary>
    public static string NameOf(NodeProto proto) => proto.Name.Length > 0 ? proto.Name : proto.Output.FirstOrDefault(o => o.Length > 0) ?? "";

    /// <summary>Whether an optional input is given.</summary>
    public bool HasInput(int index) => index < _proto.Input.Count && _proto.Input[index].Length > 0;

    public string OutputName(int index) => index < _proto.Output.Count ? _proto.Output[index] : "";

    public GraphValue Input(int index)
    {
        GraphValue value = Find(index);
        return value.Refusal is null ? value : throw new ShapeException(value.Refusal);
    }

    /// <summary>An input of five axes with the last two run together, or null where it has not five.</summary>
    public GraphValue? MergedInput(int index) => Find(index).Merged;

    GraphValue Find(int index)
    {
        if (!HasInput(index))
            throw new ShapeException($"its input {index} is missing");
        string name = _proto.Input[index];
        return Scope.Find(name) ?? throw new ShapeException($"its input '{name}' is computed by no node, and is no input or initialiser of the graph");
    }

    public GraphValue? OptionalInput(int index) => HasInput(index) ? Input(index) : null;

    public GraphValue[] Inputs() => [.. Enumerable.Range(0, InputCount).Select(Input)];

    /// <summary>An input that must be stored in the model.</summary>
    public WeightSource Weight(int index, string what)
    {
        GraphValue value = Input(index);
        if (value.Weights is not null)
            return value.Weights;
        if (value.Host is not null)
            throw new ShapeException($"its {what} '{value.Name}' are integers where floats belong");
        throw new ShapeException(value.Node?.Layer is Kinds.Input
            ? $"its {what} '{value.Name}' must be constant, but are an input of the model: give them a value by LoadOptions.Bind[\"{value.Name}\"]"
            : $"its {what} '{value.Name}' must be constant, but are computed while the network runs");
    }

    public WeightSource? OptionalWeight(int index, string what) => HasInput(index) ? Weight(index, what) : null;

    /// <summary>An input that is read before the network runs: constant, or computed from shapes.</summary>
    public GraphValue Parameter(int index)
    {
        GraphValue value = Input(index);
        return value.Node?.Layer is not Kinds.Input || value.IsConstant ? value : throw new ShapeException(
            $"its parameter '{value.Name}' is an input of the model: give it a value by LoadOptions.Bind[\"{value.Name}\"]");
    }

    /// <summary>A constant scalar input, or null where there is none.</summary>
    public float? Scalar(int index, string what)
    {
        if (!HasInput(index))
            return null;
        return Parameter(index).TryHost() is { Count: 1 } value
            ? (float)value.Float(0)
            : throw new ShapeException($"its {what} must be one constant value");
    }

    /// <summary>The shape of an input at the declared shapes.</summary>
    public Shape ShapeOf(int index) => Import.ShapeOf(Input(index));

    /// <summary>Adds the layer that computes output 0.</summary>
    public void Emit(Layer layer, params ReadOnlySpan<GraphValue> inputs) => EmitTo(0, layer, inputs);

    /// <summary>Adds the layer that computes an output; the node's name goes to the first of several.</summary>
    public void EmitTo(int output, Layer layer, params ReadOnlySpan<GraphValue> inputs)
    {
        string value = OutputName(output);
        if (value.Length > 0)
            Define(output, Import.Make(output == 0 ? Name : value, value, layer, inputs));
    }

    /// <summary>Adds a layer that no node of the file stands for.</summary>
    public GraphValue EmitBetween(string suffix, Layer layer, params ReadOnlySpan<GraphValue> inputs)
    {
        string name = $"{Name}/{suffix}";
        return Import.Make(name, name, layer, inputs);
    }

    /// <summary>Gives an output a value that is there already.</summary>
    public void Define(int output, GraphValue value)
    {
        string name = OutputName(output);
        if (name.Length > 0 && !Scope.TryAdd(name, value))
            throw new ShapeException($"its output '{name}' has the name of another value");
    }

    /// <summary>Makes an output an error for whoever reads it.</summary>
    public void Refuse(int output, string reason)
    {
        if (OutputName(output) is { Length: > 0 } name)
            Define(output, GraphValue.Refused(name, $"its input '{name}' is not available: {reason}"));
    }

    public UnsupportedOperatorException Unsupported(string reason) => new(Name, Operator, reason);
}
