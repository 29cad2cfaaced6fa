using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>How relevance passes every node: layers with weights by their rules, means and sums in proportion, activations as it is.</summary>
/// <remarks>
/// What is not taken over carries relevance by its adjoint, which moves values only: max pooling to the winner, joins, cuts, views and padding. Local
/// response normalisation leaves it as it is under <see cref="LrnRule.Identity"/>.
/// </remarks>
internal sealed class RelevancePass : INodeRule
{
    /// <summary>Moves the denominators of means and sums away from zero: zennit's.</summary>
    const float Epsilon = 1e-6f;

    readonly Dictionary<Node, LinearRelevance> _linear = [];
    readonly HashSet<Node> _folded = [];

    /// <summary>Makes the rule of passes that start at a node.</summary>
    /// <param name="rules">The rule of each layer with weights.</param>
    /// <param name="norms">The batch norms that count as a part of one of them, by its node.</param>
    /// <param name="target">The node; what lies behind it does not count.</param>
    public RelevancePass(IReadOnlyDictionary<Node, RelevanceRule> rules, IReadOnlyDictionary<Node, Node> norms, Node target)
    {
        foreach ((Node node, RelevanceRule rule) in rules)
        {
            Node? norm = node == target ? null : norms.GetValueOrDefault(node);
            if (norm is not null)
                _folded.Add(norm);
            _linear[node] = new LinearRelevance(rule, new EffectiveLayer(node.Layer, (BatchNormalisation?)norm?.Layer));
        }
    }

    public bool AppliesTo(Node node) => _linear.ContainsKey(node) || node.Layer is Elementwise or ParametricRelu or BatchNormalisation or AveragePool or GlobalPool { Maximum: false }
        or ReduceMean or Arithmetic or MatrixProduct or Convolution or Resample or Resize or Softmax or InstanceNormalisation or OrientationBinning or BlockNormalisation;

    public Layer? Variant(Node node, int variant) => _linear[node].Variant(variant);

    public void Backward(in NodeBackward call)
    {
        if (_linear.TryGetValue(call.Node, out LinearRelevance? linear))
        {
            linear.Run(call);
            return;
        }

        switch (call.Node.Layer)
        {
            case Elementwise or ParametricRelu:
            case BatchNormalisation when _folded.Contains(call.Node):
                PassOn(call);
                break;
            case Arithmetic { Operation: ArithmeticOperation.Mul or ArithmeticOperation.Div } or MatrixProduct:
                Multiplied(call);
                break;
            case Softmax or InstanceNormalisation or OrientationBinning or BlockNormalisation:
                throw new PreimageException("relevance has no rule for it; explain a node below it");
            default:
                Share(call);
                break;
        }
    }

    static void PassOn(in NodeBackward call)
    {
        using Rented signal = new(call.SignalShape.Count);
        call.ReadSignal(signal.Span);
        call.WriteInputSignal(0, signal.Span);
    }

    /// <summary>A product with what no input reaches is a linear layer; of two that inputs reach there is no share to tell.</summary>
    static void Multiplied(in NodeBackward call)
    {
        if (call.InputCount > 1 && call.Wants(0) && call.Wants(1))
            throw new PreimageException("relevance has no rule for products of two values that both depend on the input");
        int input = call.Wants(0) ? 0 : 1;
        if (call.Node.Layer is Arithmetic && input == 1 && ((Arithmetic)call.Node.Layer).Operation == ArithmeticOperation.Div)
            throw new PreimageException("relevance has no rule for what a value is divided by");
        if (call.Node.Layer is Arithmetic && call.InputShape(input) == call.OutputShape)
        {
            using Rented signal = new(call.SignalShape.Count);
            call.ReadSignal(signal.Span);
            call.WriteInputSignal(input, signal.Span);
            return;
        }

        Share(call);
    }

    /// <summary>R_i = x_i (J' s)_i with s = R / (y + eps sign y): every input in proportion to what it adds to the output, constants among them.</summary>
    static void Share(in NodeBackward call)
    {
        using Rented signal = new(call.SignalShape.Count), y = new(call.OutputShape.Count);
        call.ReadSignal(signal.Span);
        call.ReadOutput(y.Span);
        foreach (ref float value in y.Span)
            value = value >= 0 ? value + Epsilon : value - Epsilon;
        Rows.Divide(signal.Span, y.Span, call.OutputShape.N, call.Seeds, signal.Span);
        call.Propagate(signal.Span);
        for (int i = 0; i < call.InputCount; i++)
        {
            if (!call.Wants(i))
                continue;
            Shape shape = call.InputShape(i);
            using Rented x = new(shape.Count), back = new(shape.Count * call.Seeds);
            call.ReadInput(i, x.Span);
            call.ReadInputSignal(i, back.Span);
            Rows.Multiply(back.Span, x.Span, shape.N, call.Seeds, back.Span);
            call.WriteInputSignal(i, back.Span);
        }
    }
}
