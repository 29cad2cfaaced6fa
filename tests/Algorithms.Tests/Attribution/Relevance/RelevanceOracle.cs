using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>Relevance propagation in double by the rules' definitions, contribution by contribution over a layer's matrix as its forward loop gives it.</summary>
/// <param name="network">A network without batch norms behind convolutions.</param>
/// <param name="rules">The rule of a layer with weights.</param>
internal sealed class RelevanceOracle(Network network, Func<Node, RelevanceRule> rules)
{
    const double Epsilon = 1e-6;

    readonly Dictionary<Node, (double[][] Matrix, double[] Bias)> _matrices = [];
    readonly Dictionary<(Node, int), OracleJacobian> _jacobians = [];

    NetworkOracle? _oracle;

    /// <summary>Runs a sample forward.</summary>
    public void Forward(ReadOnlySpan<float> x)
    {
        _oracle = new NetworkOracle(network, network.InputShape, x);
        _jacobians.Clear();
    }

    /// <summary>The relevance of the sample's values, and what the logit that is the target starts with: its own value.</summary>
    public (double[] Map, double Started) Backward(int target)
    {
        NetworkOracle oracle = _oracle!;
        double[] values = oracle[network.Output].Values, seed = new double[values.Length];
        seed[target] = values[target];
        return (oracle.Backward(network.Output, seed, BackwardRule.Gradient, taken: (node, inputs, signal) => Take(node, inputs, signal, oracle[node]))[network.Input], values[target]);
    }

    double[][]? Take(Node node, OracleArray[] x, double[] signal, OracleArray output)
    {
        switch (node.Layer)
        {
            case Convolution or TransposedConvolution or Dense:
                return [Linear(node, x[0], signal, output)];
            case Elementwise or ParametricRelu or LocalResponseNormalisation:
                return [signal];
            case AveragePool or GlobalPool { Maximum: false } or BatchNormalisation or Arithmetic:
                double[] shares = [.. signal.Zip(output.Values, (r, y) => r / Stable(y, Epsilon))];
                return [.. x.Select((input, i) => Jacobian(node, output.Shape, x, i).Transposed(shares).Zip(input.Values, (s, v) => s * v).ToArray())];
            default:
                return null;
        }
    }

    OracleJacobian Jacobian(Node node, Shape shape, OracleArray[] x, int input)
    {
        if (!_jacobians.TryGetValue((node, input), out OracleJacobian? jacobian))
            _jacobians[(node, input)] = jacobian = new OracleJacobian(node.Layer, shape, x, input);
        return jacobian;
    }

    double[] Linear(Node node, OracleArray x, double[] signal, OracleArray output)
    {
        if (!_matrices.TryGetValue(node, out var layer))
            _matrices[node] = layer = Matrix(node.Layer, x.Shape, output.Shape);
        (double[][] w, double[] b) = layer;
        RelevanceRule rule = rules(node);
        var result = new double[x.Values.Length];
        int plane = x.Shape.H * x.Shape.W;
        for (int j = 0; j < signal.Length; j++)
        {
            double y = output.Values[j];
            Spread(result, rule, j, rule is AlphaBetaRule alpha ? alpha.Alpha * signal[j] : signal[j], (i, v, f) => Contribution(rule, v, f, y, i / plane % x.Shape.C), BiasIn(rule, b[j], y));
            if (rule is AlphaBetaRule { Beta: > 0 } beta)
                Spread(result, rule, j, -beta.Beta * signal[j], (_, v, f) => Math.Min(v * f, 0), Math.Min(b[j], 0));
        }

        return result;

        void Spread(double[] into, RelevanceRule own, int j, double relevance, Func<int, double, double, double> contribution, double bias)
        {
            double z = bias;
            var parts = new double[into.Length];
            for (int i = 0; i < into.Length; i++)
            {
                // What a unit is not connected to has a weight of exactly zero; drawn weights have none.
                parts[i] = w[i][j] == 0 ? 0 : contribution(i, x.Values[i], w[i][j]);
                z += parts[i];
            }

            for (int i = 0; i < into.Length; i++)
                into[i] += parts[i] / Stable(z, own.Epsilon) * relevance;
        }
    }

    static double Contribution(RelevanceRule rule, double x, double w, double y, int channel) => rule switch
    {
        EpsilonRule => x * w,
        GammaRule { SplitsSigns: false } g => x * (w + g.Gamma * Math.Max(w, 0)),
        // What pushes the way the output went counts more.
        GammaRule g => y == 0 ? 0 : x * w * (x * w * y > 0 ? 1 + g.Gamma : 1),
        AlphaBetaRule or ZPlusRule => Math.Max(x * w, 0),
        Alpha1Beta0Rule => x * Math.Max(w, 0),
        FlatRule => 1,
        WSquareRule => w * w,
        ZBoxRule box => x * w - box.Low[channel % box.Low.Count] * Math.Max(w, 0) - box.High[channel % box.High.Count] * Math.Min(w, 0),
        _ => throw new NotSupportedException($"{rule}"),
    };

    static double BiasIn(RelevanceRule rule, double b, double y) => (rule, rule.Bias) switch
    {
        (FlatRule, _) or (_, RelevanceBias.LeftOut) => 0,
        (ZBoxRule, RelevanceBias.AsWeight) => 0,
        (_, RelevanceBias.Unchanged) or (EpsilonRule, _) => b,
        (GammaRule { SplitsSigns: false } g, _) => b + g.Gamma * Math.Max(b, 0),
        (GammaRule g, _) => b * (b * y > 0 ? 1 + g.Gamma : 1),
        (WSquareRule, _) => b * b,
        _ => Math.Max(b, 0),
    };

    static double Stable(double z, double epsilon) => z >= 0 ? z + epsilon : z - epsilon;

    static (double[][] Matrix, double[] Bias) Matrix(Layer layer, Shape input, Shape output)
    {
        var x = new OracleArray(input);
        double[] bias = OracleForward.Run(layer, output, [x]).Values;
        var rows = new double[input.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            x.Values[i] = 1;
            // A sum and its bias taken off again leave a rounding, which is no connection.
            rows[i] = [.. OracleForward.Run(layer, output, [x]).Values.Zip(bias, (v, b) => Math.Abs(v - b) < 1e-12 ? 0 : v - b)];
            x.Values[i] = 0;
        }

        return (rows, bias);
    }
}
