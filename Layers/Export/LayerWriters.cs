using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>How each kind of layer is written: one line where its ONNX operator is the layer, a method of its own otherwise.</summary>
internal static class LayerWriters
{
    static readonly Dictionary<Type, Action<GraphWriter, Node>> s_writers = new()
    {
        [typeof(Constant)] = (w, n) => ParameterWriters.Constant(w, n, (Constant)n.Layer),
        [typeof(Convolution)] = (w, n) => WindowWriters.Convolution(w, n, (Convolution)n.Layer),
        [typeof(TransposedConvolution)] = (w, n) => WindowWriters.TransposedConvolution(w, n, (TransposedConvolution)n.Layer),
        [typeof(MaxPool)] = (w, n) => WindowWriters.MaxPool(w, n, (MaxPool)n.Layer),
        [typeof(AveragePool)] = (w, n) => WindowWriters.AveragePool(w, n, (AveragePool)n.Layer),
        [typeof(GlobalPool)] = Plain,
        [typeof(Dense)] = (w, n) => DenseWriter.Write(w, n, (Dense)n.Layer),
        [typeof(MatrixProduct)] = Plain,
        [typeof(Relu)] = Plain,
        [typeof(Sigmoid)] = Plain,
        [typeof(Tanh)] = Plain,
        [typeof(Exponential)] = Plain,
        [typeof(SquareRoot)] = Plain,
        [typeof(Elu)] = Plain,
        [typeof(Softplus)] = Plain,
        [typeof(ErrorFunction)] = Plain,
        [typeof(LeakyRelu)] = (w, n) => w.Add(n, "LeakyRelu", w.Input(n)).With("alpha", ((LeakyRelu)n.Layer).Alpha),
        [typeof(ParametricRelu)] = (w, n) => w.Add(n, "PRelu", w.Input(n), w.Weight(n, "slope", ((ParametricRelu)n.Layer).Slope)),
        [typeof(Clip)] = (w, n) => ParameterWriters.Clip(w, n, (Clip)n.Layer),
        [typeof(Softmax)] = (w, n) => SoftmaxWriter.Write(w, n, (Softmax)n.Layer),
        [typeof(Arithmetic)] = Plain,
        [typeof(LocalResponseNormalisation)] = (w, n) => NormalisationWriters.LocalResponse(w, n, (LocalResponseNormalisation)n.Layer),
        [typeof(BatchNormalisation)] = (w, n) => NormalisationWriters.Batch(w, n, (BatchNormalisation)n.Layer),
        [typeof(InstanceNormalisation)] = (w, n) => NormalisationWriters.Instance(w, n, (InstanceNormalisation)n.Layer),
        [typeof(ReduceMean)] = (w, n) => ParameterWriters.ReduceMean(w, n, (ReduceMean)n.Layer),
        [typeof(Concat)] = (w, n) => w.Add(n, "Concat", Inputs(w, n)).With("axis", ((Concat)n.Layer).Axis),
        [typeof(Split)] = (w, n) => SplitWriter.Write(w, n, (Split)n.Layer),
        [typeof(Slice)] = (w, n) => ParameterWriters.Slice(w, n, (Slice)n.Layer),
        [typeof(Pad)] = (w, n) => ParameterWriters.Pad(w, n, (Pad)n.Layer),
        [typeof(Resize)] = (w, n) => ParameterWriters.Resize(w, n, (Resize)n.Layer),
        [typeof(Transpose)] = (w, n) => Permuted(w.Add(n, "Transpose", w.Input(n)), ((Transpose)n.Layer).Permutation),
        [typeof(Identity)] = (w, n) => w.Add(n, n.Layer.Operator is "Dropout" or "Sum" ? n.Layer.Operator : "Identity", w.Input(n)),
        [typeof(Flatten)] = (w, n) => w.Add(n, "Flatten", w.Input(n)).With("axis", ((Flatten)n.Layer).Axis),
        [typeof(Reshape)] = (w, n) => ParameterWriters.Reshape(w, n, (Reshape)n.Layer),
        [typeof(Squeeze)] = (w, n) => w.Add(n, "Squeeze", w.Input(n), w.Parameter(n, ((Squeeze)n.Layer).AxisList, 1, "axes")),
        [typeof(Unsqueeze)] = (w, n) => w.Add(n, "Unsqueeze", w.Input(n), w.Parameter(n, ((Unsqueeze)n.Layer).AxisList, 1, "axes")),
        [typeof(HostShape)] = (w, n) => HostWriters.Shape(w, n, (HostShape)n.Layer),
        [typeof(HostGather)] = (w, n) => w.Add(n, "Gather", Inputs(w, n)).With("axis", ((HostGather)n.Layer).Axis),
        [typeof(HostCast)] = (w, n) => HostWriters.Cast(w, n, (HostCast)n.Layer),
        [typeof(HostFill)] = (w, n) => w.Add(n, "ConstantOfShape", w.Input(n)).With("value", GraphWriter.Tensor(((HostFill)n.Layer).Value)),
        [typeof(HostRange)] = Plain,
        [typeof(HostUnary)] = Plain,
        [typeof(HostComparison)] = Plain,
        [typeof(HostWhere)] = Plain,
    };

    /// <summary>Writes a node.</summary>
    /// <exception cref="ModelException">Its layer has no form in ONNX.</exception>
    public static void Write(GraphWriter writer, Node node)
    {
        if (!s_writers.TryGetValue(node.Layer.GetType(), out Action<GraphWriter, Node>? write))
            throw new ModelException(node.Name, node.Layer.Operator, "this layer cannot be written as ONNX");
        write(writer, node);
    }

    /// <summary>The kinds of layers that can be written.</summary>
    public static IReadOnlyCollection<Type> Kinds => s_writers.Keys;

    static void Plain(GraphWriter writer, Node node) => writer.Add(node, node.Layer.Operator, Inputs(writer, node));

    static string[] Inputs(GraphWriter writer, Node node) => [.. node.Inputs.Select(writer.ValueOf)];

    static void Permuted(NodeProto proto, IReadOnlyList<int>? permutation)
    {
        if (permutation is not null)
            proto.With("perm", permutation.Select(axis => (long)axis));
    }
}
