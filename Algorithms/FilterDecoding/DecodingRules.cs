using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>What every kind of layer is on the way back (spec section 5.2).</summary>
internal static class DecodingRules
{
    /// <summary>The step through a node; null where it is the identity.</summary>
    /// <param name="node">The node.</param>
    /// <param name="below">Its only input that depends on the network's.</param>
    /// <param name="from">The shape of that input.</param>
    /// <param name="to">The shape of the node's value.</param>
    /// <exception cref="ModelException">The layer has no decoding.</exception>
    public static DecodingStep? StepOf(Node node, Node below, Shape from, Shape to)
    {
        if (from.Rank is not (2 or 4))
            throw new ModelException(node.Name, node.Layer.Operator, $"its input {from} has neither planes nor units: 4 or 2 axes are decoded");
        switch (node.Layer)
        {
            case Convolution convolution:
                return new DecodingStep.Stamp(node, convolution);
            case Dense dense when from.Rank == 2:
                return new DecodingStep.Product(node, dense);
            case Pooling { Sliding: var w }:
                return new DecodingStep.Unpool(node, (w.Dilation.Y * (w.Kernel.Y - 1) + 1, w.Dilation.X * (w.Kernel.X - 1) + 1), w.Stride);
            case GlobalPool:
                return new DecodingStep.Unpool(node, (from.H, from.W), (1, 1));
            case BatchNormalisation norm:
                return new DecodingStep.Scale(node, [.. norm.Scale.ToArray().Zip(norm.Variance.ToArray(), (s, v) => (float)(s / Math.Sqrt((double)v + norm.Epsilon)))]);
            case Relu or LeakyRelu or ParametricRelu or Clip or LocalResponseNormalisation:
                return null;
            case View when Planes(from) == Planes(to):
                return null;
            case View when Planes(to) == (from.SampleCount, 1, 1):
                return new DecodingStep.Unfold(node, from.C, from.H, from.W);
            // Padding is not cropped: a decoded filter is the whole field.
            case Pad { Fill: PadFill.Constant } when to.C == from.C && to.H >= from.H && to.W >= from.W:
                return null;
            case Arithmetic { Operation: ArithmeticOperation.Add or ArithmeticOperation.Sub } sum when to == from:
                return sum.Operation == ArithmeticOperation.Sub && node.Inputs[0] != below ? new DecodingStep.Scale(node, Uniform(to.C, -1)) : null;
            case Arithmetic { Operation: ArithmeticOperation.Mul } when to == from && Constants(node, below, to) is { } factors:
                return new DecodingStep.Scale(node, factors);
            case Arithmetic { Operation: ArithmeticOperation.Div } when to == from && node.Inputs[0] == below && Constants(node, below, to) is { } divisors:
                return new DecodingStep.Scale(node, Array.ConvertAll(divisors, d => 1 / d));
            default:
                throw new ModelException(node.Name, node.Layer.Operator,
                    $"it has no decoding from {to} to {from}: there are convolutions, dense layers, pools, factors per channel, and rectifiers, response norms and added constants as identities");
        }
    }

    /// <summary>The constant that a signal is combined with, a number per channel; null where it has other axes.</summary>
    static float[]? Constants(Node node, Node below, Shape shape)
    {
        Node other = node.Inputs[0] == below ? node.Inputs[1] : node.Inputs[0];
        if (other.Layer is not Constant { Value: { } value })
            return null;
        if (value.Count == 1)
            return Uniform(shape.C, value.ToArray()[0]);
        int axis = value.Extents.Count - (shape.Rank == 2 ? 1 : 3);
        return axis >= 0 && value.Count == shape.C && value.Extents[axis] == shape.C ? value.ToArray() : null;
    }

    static float[] Uniform(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return values;
    }

    // Units without a plane count as planes of one place.
    static (int, int, int) Planes(Shape shape) => shape.Rank == 4 ? (shape.C, shape.H, shape.W) : (shape.C, 1, 1);
}
