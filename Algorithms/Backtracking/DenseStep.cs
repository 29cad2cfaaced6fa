using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Backtracking;

/// <summary>A dense layer of a chain: what it reads, its weights row by row, and what its output goes through.</summary>
internal sealed class DenseStep
{
    readonly WeightSource _weight;
    readonly bool _outputMajor;
    readonly float _alpha;
    readonly Lazy<float[]> _turned;

    /// <summary>Makes the step of a dense layer, or of a convolution whose window is its whole input.</summary>
    /// <param name="node">The layer's node.</param>
    /// <param name="source">The node whose value it reads, views stepped over.</param>
    /// <param name="shape">The shape of that value.</param>
    /// <param name="after">The element-wise nodes between its output and the next dense layer, in order.</param>
    public DenseStep(Node node, Node source, Shape shape, IReadOnlyList<Node> after)
    {
        (Node, Source, Shape, After) = (node, source, shape.WithSamples(1), after);
        (_weight, _outputMajor, _alpha) = node.Layer is Dense dense ? (dense.Weight, dense.OutputMajor, dense.Alpha) : (((Convolution)node.Layer).Weight, true, 1);
        Outputs = node.Layer is Dense d ? d.Outputs : _weight.Extents[0];
        _turned = new Lazy<float[]>(Turn);
    }

    /// <summary>The dense node.</summary>
    public Node Node { get; }

    /// <summary>The node whose value it reads, views stepped over.</summary>
    public Node Source { get; }

    /// <summary>The shape of one sample of what it reads.</summary>
    public Shape Shape { get; }

    /// <summary>Element-wise nodes behind it, in order.</summary>
    public IReadOnlyList<Node> After { get; }

    /// <summary>Length of its input.</summary>
    public int Inputs => Shape.SampleCount;

    /// <summary>Length of its output.</summary>
    public int Outputs { get; }

    /// <summary>Whether what it reads cannot be negative, whatever the picture.</summary>
    public bool IsRectified => CannotBeNegative(Source);

    /// <summary>Reads the weights from all inputs to one output.</summary>
    public void Row(int output, Span<float> row)
    {
        if (_outputMajor)
            _weight.Read(output * Inputs, row);
        else
            _turned.Value.AsSpan(output * Inputs, Inputs).CopyTo(row);
        if (_alpha != 1)
            System.Numerics.Tensors.TensorPrimitives.Multiply(row, _alpha, row);
    }

    /// <summary>A matrix whose rows belong to inputs, turned round: a column at a time would be a pass over all of it.</summary>
    float[] Turn()
    {
        float[] values = _weight.ToArray(), turned = new float[values.Length];
        for (int i = 0; i < Inputs; i++)
        {
            for (int o = 0; o < Outputs; o++)
                turned[o * Inputs + i] = values[i * Outputs + o];
        }

        return turned;
    }

    static bool CannotBeNegative(Node node) => node.Layer switch
    {
        Relu or Sigmoid or Softmax => true,
        Clip { Minimum: >= 0 } => true,
        View or MaxPool or AveragePool or GlobalPool => CannotBeNegative(node.Inputs[0]),
        Concat => node.Inputs.All(CannotBeNegative),
        _ => false,
    };
}
