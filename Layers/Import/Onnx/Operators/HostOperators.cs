using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Constants, and operators on values that follow from shapes.</summary>
internal static class HostOperators
{
    public static void Constant(OnnxNode n)
    {
        OnnxAttributes a = n.Attributes;
        string name = n.OutputName(0);
        GraphValue value;
        if (a.Tensor("value") is { } tensor)
            value = n.Import.Tensors.Read(tensor, name, n.Name);
        else if (a.Float("value_float") is { } one)
            value = GraphValue.Of(name, new HostTensor([], [(double)one]), n.Name);
        else if (a.Integer("value_int") is { } integer)
            value = GraphValue.Of(name, HostTensor.Scalar(integer), n.Name);
        else if (a.Floats("value_floats") is { } floats)
            value = GraphValue.Of(name, new HostTensor([floats.Count], [.. floats.Select(f => (double)f)]), n.Name);
        else if (a.Integers("value_ints") is { } integers)
            value = GraphValue.Of(name, HostTensor.Vector([.. integers]), n.Name);
        else
            throw new ShapeException($"a constant by '{a.Other() ?? "no attribute"}' is not supported: numbers are");
        n.Define(0, value);
    }

    /// <summary>The branch that is taken at the declared shapes stands in for the node.</summary>
    public static void If(OnnxNode n)
    {
        if (n.Import.KnownValue(n.Input(0)) is not { Count: 1 } condition)
            throw n.Unsupported("its condition depends on values of the network's input: only conditions on shapes and constants are supported");
        GraphProto branch = n.Attributes.Graph(condition.Integer(0) != 0 ? "then_branch" : "else_branch");
        if (branch.Output.Count < n.OutputCount)
            throw new ShapeException($"its branch has {branch.Output.Count} outputs where {n.OutputCount} belong");
        var scope = new GraphScope(n.Scope);
        n.Import.ReadInitialisers(branch, scope, _ => false);
        n.Import.ReadNodes(branch, scope);
        for (int output = 0; output < n.OutputCount; output++)
        {
            string inner = branch.Output[output].Name;
            GraphValue value = scope.Find(inner) ?? throw new ShapeException($"its branch has the output '{inner}', which no node computes");
            if (value.Refusal is not null)
                throw new ShapeException(value.Refusal);
            if (value.IsConstant)
                n.Define(output, value.Renamed(n.OutputName(output), n.Name));
            else
                n.EmitTo(output, new Identity(), value);
        }
    }

    public static void Cast(OnnxNode n)
    {
        var type = (TensorType)n.Attributes.Int("to", 0);
        GraphValue x = n.Input(0);
        bool isFloat = type.RunsAsFloat() || type == TensorType.Double;
        // Everything runs in float32: what is no host value is float32 already.
        if (isFloat && (x.Weights is not null || n.Import.KnownValue(x) is null))
            n.Emit(new Identity("Cast"), x);
        else if (isFloat)
            n.Emit(new HostCast(HostType.Float), x);
        else if (type.IntegerSize() > 0)
            n.Emit(new HostCast(type == TensorType.Bool ? HostType.Boolean : HostType.Integer), x);
        else
            throw new ShapeException($"a cast to {type} is not supported");
    }

    public static void ConstantOfShape(OnnxNode n)
    {
        HostTensor? value = n.Attributes.Tensor("value") is { } tensor
            ? n.Import.Tensors.Read(tensor, $"{n.Name}/value").TryHost()
            : new HostTensor([1], [0.0]);
        n.Emit(new HostFill(value is { Count: 1 } ? value : throw new ShapeException("its value must be one element")), n.Input(0));
    }

    public static void Unary(OnnxNode n) => n.Emit(new HostUnary(n.Operator), n.Input(0));

    public static void Comparison(OnnxNode n) => n.Emit(new HostComparison(n.Operator), n.Input(0), n.Input(1));
}
