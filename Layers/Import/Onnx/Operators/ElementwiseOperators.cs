using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Functions of single elements, and softmax.</summary>
internal static class ElementwiseOperators
{
    public static void Clip(OnnxNode n)
    {
        // Bounds were attributes up to opset 10.
        float minimum = (n.Opset < 11 ? n.Attributes.Float("min") : n.Scalar(1, "lower bound")) ?? float.NegativeInfinity;
        float maximum = (n.Opset < 11 ? n.Attributes.Float("max") : n.Scalar(2, "upper bound")) ?? float.PositiveInfinity;
        if (float.IsNaN(minimum) || float.IsNaN(maximum))
            throw new ShapeException("a bound is not a number");
        n.Emit(new Clip(minimum, maximum), n.Input(0));
    }

    public static void ParametricRelu(OnnxNode n)
    {
        WeightSource slope = n.Weight(1, "slopes");
        Shape x = n.ShapeOf(0);
        // Before broadcasting was defined, a list of slopes meant one per channel.
        if (n.Opset < 7 && slope.Extents.Count == 1 && slope.Count == x.C && x.Rank > 2)
            slope = new ReshapedWeights(slope, [slope.Count, .. Enumerable.Repeat(1, x.Rank - 2)]);
        if (slope.Extents.Count == x.Rank && x.Rank < Shape.MaxRank && slope.Extents[0] > 1)
        {
            // Slopes that differ from sample to sample: all of them together are one sample with an axis more.
            GraphValue whole = n.EmitBetween("whole", new Unsqueeze { AxisList = [0] }, n.Input(0));
            var layer = new ParametricRelu { Slope = new ReshapedWeights(slope, [1, .. slope.Extents]) };
            n.Emit(new Squeeze { AxisList = [0] }, n.EmitBetween("prelu", layer, whole));
            return;
        }

        n.Emit(new ParametricRelu { Slope = slope }, n.Input(0));
    }

    public static void Softmax(OnnxNode n, bool logarithm)
    {
        bool flattened = n.Opset < 13;
        n.Emit(new Softmax { Axis = n.Attributes.Int("axis", flattened ? 1 : -1), Flattened = flattened, Logarithm = logarithm }, n.Input(0));
    }

    public static void Arithmetic(OnnxNode n, ArithmeticOperation operation)
    {
        GraphValue a = n.Input(0), b = n.Input(1);
        // Opset 6: b is laid on a from an axis of a on.
        if (n.Opset < 7 && n.Attributes.Int("broadcast", 0) != 0 && n.Attributes.Integer("axis") is { } given)
        {
            Shape shape = n.ShapeOf(0), other = n.ShapeOf(1);
            int missing = shape.Rank - Axes.Normalise(given, shape.Rank) - other.Rank;
            if (missing < 0)
                throw new ShapeException($"{other} does not fit {shape} from axis {given} on");
            if (missing > 0)
                b = n.EmitBetween("aligned", new Unsqueeze { AxisList = [.. Enumerable.Range(other.Rank, missing).Select(i => (long)i)] }, b);
        }

        n.Emit(new Arithmetic(operation), a, b);
    }

    public static void Sum(OnnxNode n)
    {
        GraphValue[] terms = n.Inputs();
        if (terms.Length == 1)
        {
            n.Emit(new Identity("Sum"), terms[0]);
            return;
        }

        if (terms.Length == 0)
            throw new ShapeException("there is nothing to add");
        var add = new Arithmetic(ArithmeticOperation.Add);
        GraphValue sum = terms[0];
        for (int i = 1; i < terms.Length - 1; i++)
            sum = n.EmitBetween($"{i}", add, sum, terms[i]);
        n.Emit(add, sum, terms[^1]);
    }
}
