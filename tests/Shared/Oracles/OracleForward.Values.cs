using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    static OracleArray Activate(Layer layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            double v = x.Values[i];
            y.Values[i] = layer switch
            {
                Relu => Math.Max(v, 0),
                LeakyRelu leaky => v > 0 ? v : leaky.Alpha * v,
                ParametricRelu learnt => v > 0 ? v : Slope(learnt, x.Shape, i) * v,
                Clip clip => Math.Min(Math.Max(v, clip.Minimum), clip.Maximum),
                Sigmoid => 1 / (1 + Math.Exp(-v)),
                Tanh => Math.Tanh(v),
                Layers.Kinds.Exponential => Math.Exp(v),
                SquareRoot => Math.Sqrt(v),
                Elu => v > 0 ? v : Math.Exp(v) - 1,
                Softplus => v > 0 ? v + Math.Log(1 + Math.Exp(-v)) : Math.Log(1 + Math.Exp(v)),
                ErrorFunction => Functions.Erf(v),
                _ => throw new NotSupportedException(layer.Operator),
            };
        }

        return y;
    }

    /// <summary>The lower slope of one unit.</summary>
    public static double Slope(ParametricRelu layer, Shape x, int unit) =>
        layer.Slope.ToArray()[AlignedIndex.Broadcast(AlignedIndex.Of(unit, x), new Shape([.. layer.Slope.Extents]))];

    static OracleArray Multiply(Dense layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        float[] w = layer.Weight.ToArray();
        float[]? bias = layer.Bias?.ToArray();
        for (int i = 0; i < y.Values.Length; i++)
        {
            int row = i / layer.Outputs, o = i % layer.Outputs;
            double sum = 0;
            for (int j = 0; j < layer.Inputs; j++)
                sum += (double)w[layer.OutputMajor ? o * layer.Inputs + j : j * layer.Outputs + o] * x.Values[row * layer.Inputs + j];
            y.Values[i] = layer.Alpha * sum + (bias is null ? 0 : (double)layer.Beta * bias[o]);
        }

        return y;
    }

    static OracleArray Multiply(Shape shape, OracleArray a, OracleArray b)
    {
        var y = new OracleArray(shape);
        int inner = a.Shape[a.Shape.Rank - 1];
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            for (int k = 0; k < inner; k++)
            {
                // Row of a, column of b, both broadcast over the leading axes.
                int[] left = [.. at], right = [.. at];
                left[^1] = right[^2] = k;
                y.Values[i] += a.Values[AlignedIndex.Broadcast(left, a.Shape)] * b.Values[AlignedIndex.Broadcast(right, b.Shape)];
            }
        }

        return y;
    }

    static OracleArray Combine(ArithmeticOperation operation, Shape shape, OracleArray a, OracleArray b)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            double u = a.Values[AlignedIndex.Broadcast(at, a.Shape)], v = b.Values[AlignedIndex.Broadcast(at, b.Shape)];
            y.Values[i] = operation switch
            {
                ArithmeticOperation.Add => u + v,
                ArithmeticOperation.Sub => u - v,
                ArithmeticOperation.Mul => u * v,
                _ => u / v,
            };
        }

        return y;
    }

    static OracleArray Normalise(LocalResponseNormalisation layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        int before = (layer.Size - 1) / 2, plane = x.Shape.H * x.Shape.W;
        for (int i = 0; i < y.Values.Length; i++)
        {
            int channel = i / plane % x.Shape.C;
            double sum = 0;
            for (int q = channel - before; q < channel - before + layer.Size; q++)
            {
                if (q >= 0 && q < x.Shape.C)
                    sum += Math.Pow(x.Values[i + (q - channel) * plane], 2);
            }

            y.Values[i] = x.Values[i] * Math.Pow(layer.Kappa + (double)layer.Alpha / layer.Size * sum, -(double)layer.Beta);
        }

        return y;
    }

    static OracleArray Normalise(BatchNormalisation layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        float[] scale = layer.Scale.ToArray(), shift = layer.Shift.ToArray(), mean = layer.Mean.ToArray(), variance = layer.Variance.ToArray();
        for (int i = 0; i < y.Values.Length; i++)
        {
            int c = i / (x.Shape.SampleCount / x.Shape.C) % x.Shape.C;
            y.Values[i] = scale[c] * (x.Values[i] - mean[c]) / Math.Sqrt((double)variance[c] + layer.Epsilon) + shift[c];
        }

        return y;
    }

    static OracleArray Normalise(InstanceNormalisation layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        int plane = x.Shape.H * x.Shape.W;
        float[] scale = layer.Scale.ToArray(), shift = layer.Shift.ToArray();
        for (int start = 0; start < x.Values.Length; start += plane)
        {
            double[] own = x.Values[start..(start + plane)];
            double mean = own.Average(), variance = own.Average(v => (v - mean) * (v - mean));
            int c = start / plane % x.Shape.C;
            for (int i = 0; i < plane; i++)
                y.Values[start + i] = scale[c] * (own[i] - mean) / Math.Sqrt(variance + layer.Epsilon) + shift[c];
        }

        return y;
    }

    static OracleArray Exponential(Softmax layer, OracleArray x)
    {
        var y = new OracleArray(x.Shape);
        int axis = layer.Axis < 0 ? layer.Axis + x.Shape.Rank : layer.Axis;
        // Elements that share a sum: those that differ on the axis alone, or on it and all further in.
        string Group(int i)
        {
            int[] at = AlignedIndex.Of(i, x.Shape);
            return string.Join(',', at.Where((_, a) => a < axis || (a > axis && !layer.Flattened)));
        }

        foreach (IGrouping<string, int> group in Enumerable.Range(0, x.Values.Length).GroupBy(Group))
        {
            double largest = group.Max(i => x.Values[i]), sum = group.Sum(i => Math.Exp(x.Values[i] - largest));
            foreach (int i in group)
                y.Values[i] = layer.Logarithm ? x.Values[i] - largest - Math.Log(sum) : Math.Exp(x.Values[i] - largest) / sum;
        }

        return y;
    }
}
