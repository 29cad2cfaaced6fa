using Preimage.Layers.Import.Onnx.Operators;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx;

/// <summary>The operators that can be read: one line each.</summary>
internal static class OperatorTable
{
    static readonly Dictionary<string, Action<OnnxNode>> s_readers = new(StringComparer.Ordinal)
    {
        ["Conv"] = WindowOperators.Convolution,
        ["ConvTranspose"] = WindowOperators.TransposedConvolution,
        ["MaxPool"] = WindowOperators.MaxPool,
        ["AveragePool"] = WindowOperators.AveragePool,
        ["GlobalAveragePool"] = n => n.Emit(new GlobalPool(), n.Input(0)),
        ["GlobalMaxPool"] = n => n.Emit(new GlobalPool { Maximum = true }, n.Input(0)),

        ["Gemm"] = MatrixOperators.Gemm,
        ["MatMul"] = MatrixOperators.MatMul,

        ["Relu"] = n => n.Emit(new Relu(), n.Input(0)),
        ["LeakyRelu"] = n => n.Emit(new LeakyRelu(n.Attributes.Float("alpha") ?? 0.01f), n.Input(0)),
        ["PRelu"] = ElementwiseOperators.ParametricRelu,
        ["Sigmoid"] = n => n.Emit(new Sigmoid(), n.Input(0)),
        ["Tanh"] = n => n.Emit(new Tanh(), n.Input(0)),
        ["Exp"] = n => n.Emit(new Exponential(), n.Input(0)),
        ["Sqrt"] = n => n.Emit(new SquareRoot(), n.Input(0)),
        ["Erf"] = n => n.Emit(new ErrorFunction(), n.Input(0)),
        ["Softplus"] = n => n.Emit(new Softplus(), n.Input(0)),
        ["Elu"] = ComposedOperators.Elu,
        ["Celu"] = ComposedOperators.Celu,
        ["Selu"] = ComposedOperators.Selu,
        ["HardSigmoid"] = ComposedOperators.HardSigmoid,
        ["HardSwish"] = ComposedOperators.HardSwish,
        ["Mish"] = ComposedOperators.Mish,
        ["Gelu"] = ComposedOperators.Gelu,
        ["Pow"] = ComposedOperators.Power,
        ["Reciprocal"] = ComposedOperators.Reciprocal,
        ["Clip"] = ElementwiseOperators.Clip,
        ["Softmax"] = n => ElementwiseOperators.Softmax(n, logarithm: false),
        ["LogSoftmax"] = n => ElementwiseOperators.Softmax(n, logarithm: true),
        ["Add"] = n => ElementwiseOperators.Arithmetic(n, ArithmeticOperation.Add),
        ["Sub"] = n => ElementwiseOperators.Arithmetic(n, ArithmeticOperation.Sub),
        ["Mul"] = n => ElementwiseOperators.Arithmetic(n, ArithmeticOperation.Mul),
        ["Div"] = n => ElementwiseOperators.Arithmetic(n, ArithmeticOperation.Div),
        ["Sum"] = ElementwiseOperators.Sum,

        ["LRN"] = NormalisationOperators.LocalResponse,
        ["BatchNormalization"] = NormalisationOperators.Batch,
        ["InstanceNormalization"] = NormalisationOperators.Instance,
        ["LayerNormalization"] = ComposedOperators.LayerNormalisation,
        ["ReduceMean"] = NormalisationOperators.ReduceMean,

        ["Concat"] = ArrayOperators.Concat,
        ["Split"] = ArrayOperators.Split,
        ["Slice"] = ArrayOperators.Slice,
        ["Pad"] = ArrayOperators.Pad,
        ["Transpose"] = ViewOperators.Transpose,
        ["Resize"] = ResizeOperators.Resize,
        ["Upsample"] = ResizeOperators.Upsample,

        ["Flatten"] = n => n.Emit(new Flatten(n.Attributes.Int("axis", 1)), n.Input(0)),
        ["Reshape"] = ViewOperators.Reshape,
        ["Squeeze"] = ViewOperators.Squeeze,
        ["Unsqueeze"] = ViewOperators.Unsqueeze,
        ["Identity"] = n => n.Emit(new Identity(), n.Input(0)),
        ["Dropout"] = ViewOperators.Dropout,

        ["Constant"] = HostOperators.Constant,
        ["If"] = HostOperators.If,
        ["Cast"] = HostOperators.Cast,
        ["Shape"] = n => n.Emit(new HostShape { Start = n.Attributes.Integer("start") ?? 0, End = n.Attributes.Integer("end") }, n.Input(0)),
        ["Gather"] = n => n.Emit(new HostGather(n.Attributes.Integer("axis") ?? 0), n.Input(0), n.Input(1)),
        ["ConstantOfShape"] = HostOperators.ConstantOfShape,
        ["Range"] = n => n.Emit(new HostRange(), n.Input(0), n.Input(1), n.Input(2)),
        ["Where"] = n => n.Emit(new HostWhere(), n.Input(0), n.Input(1), n.Input(2)),
        ["Floor"] = HostOperators.Unary,
        ["Ceil"] = HostOperators.Unary,
        ["Neg"] = HostOperators.Unary,
        ["Not"] = HostOperators.Unary,
        ["Equal"] = HostOperators.Comparison,
        ["Less"] = HostOperators.Comparison,
        ["Greater"] = HostOperators.Comparison,
        ["LessOrEqual"] = HostOperators.Comparison,
        ["GreaterOrEqual"] = HostOperators.Comparison,
        ["And"] = HostOperators.Comparison,
        ["Or"] = HostOperators.Comparison,
    };

    /// <summary>The names of all operators that can be read.</summary>
    public static IReadOnlyCollection<string> Names => s_readers.Keys;

    /// <summary>The reader of an operator, or null.</summary>
    public static Action<OnnxNode>? Find(string operatorName) => s_readers.GetValueOrDefault(operatorName);
}
