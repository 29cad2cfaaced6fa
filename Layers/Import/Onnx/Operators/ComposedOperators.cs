using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Operators that become several layers, each with a derivative of its own. Definitions as in ONNX's operator schemas.</summary>
internal static class ComposedOperators
{
    static readonly Arithmetic s_add = new(ArithmeticOperation.Add), s_multiply = new(ArithmeticOperation.Mul), s_divide = new(ArithmeticOperation.Div);

    /// <summary>min(max(alpha x + beta, 0), 1).</summary>
    public static void HardSigmoid(OnnxNode n) =>
        n.Emit(new Clip(0, 1), Linear(n, n.Input(0), n.Attributes.Float("alpha") ?? 0.2f, n.Attributes.Float("beta") ?? 0.5f));

    /// <summary>x min(max(x / 6 + 1/2, 0), 1).</summary>
    public static void HardSwish(OnnxNode n) =>
        n.Emit(s_multiply, n.Input(0), n.EmitBetween("gate", new Clip(0, 1), Linear(n, n.Input(0), 1f / 6, 0.5f)));

    /// <summary>x tanh(ln(1 + e^x)).</summary>
    public static void Mish(OnnxNode n) =>
        n.Emit(s_multiply, n.Input(0), n.EmitBetween("gate", new Tanh(), n.EmitBetween("softplus", new Softplus(), n.Input(0))));

    /// <summary>x (1 + erf(x / sqrt 2)) / 2, or x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.</summary>
    public static void Gelu(OnnxNode n)
    {
        GraphValue x = n.Input(0), shape;
        string approximation = n.Attributes.Text("approximate") ?? "none";
        switch (approximation)
        {
            case "none":
                shape = n.EmitBetween("erf", new ErrorFunction(), Times(n, "scaled", x, float.Sqrt(0.5f)));
                break;
            case "tanh":
                GraphValue cubed = n.EmitBetween("cube", s_multiply, n.EmitBetween("square", s_multiply, x, x), x);
                GraphValue bent = n.EmitBetween("bent", s_add, x, Times(n, "part", cubed, 0.044715f));
                shape = n.EmitBetween("tanh", new Tanh(), Times(n, "scaled", bent, float.Sqrt(2 / float.Pi)));
                break;
            default:
                throw new ShapeException($"its approximation '{approximation}' is not supported: none and tanh are");
        }

        n.Emit(s_multiply, x, Linear(n, shape, 0.5f, 0.5f));
    }

    /// <summary>x where x &gt; 0, else alpha (e^x - 1).</summary>
    public static void Elu(OnnxNode n)
    {
        float alpha = n.Attributes.Float("alpha") ?? 1;
        if (alpha == 1)
            n.Emit(new Elu(), n.Input(0));
        else
            n.Emit(s_add, Halves(n, alpha, 1));
    }

    /// <summary>x where x &gt; 0, else alpha (e^(x / alpha) - 1).</summary>
    public static void Celu(OnnxNode n)
    {
        float alpha = n.Attributes.Float("alpha") ?? 1;
        n.Emit(s_add, Halves(n, alpha, 1 / alpha));
    }

    /// <summary>gamma times an exponential linear unit.</summary>
    public static void Selu(OnnxNode n)
    {
        GraphValue whole = n.EmitBetween("elu", s_add, Halves(n, n.Attributes.Float("alpha") ?? 1.67326324f, 1));
        n.Emit(s_multiply, whole, Number(n, "gamma", n.Attributes.Float("gamma") ?? 1.05070102f));
    }

    /// <summary>Powers of which the exponent is constant and one of those that networks use.</summary>
    public static void Power(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        float? exponent = n.Input(1).IsConstant && n.ShapeOf(1).Count == 1 ? n.Scalar(1, "exponent") : null;
        switch (exponent)
        {
            case 1: n.Emit(new Identity(), x); break;
            case 2: n.Emit(s_multiply, x, x); break;
            case 3: n.Emit(s_multiply, n.EmitBetween("square", s_multiply, x, x), x); break;
            case 0.5f: n.Emit(new SquareRoot(), x); break;
            case -0.5f: n.Emit(s_divide, Number(n, "one", 1), n.EmitBetween("root", new SquareRoot(), x)); break;
            case -1: n.Emit(s_divide, Number(n, "one", 1), x); break;
            default:
                string what = exponent is null ? "an exponent that is not one constant" : $"the exponent {exponent}";
                throw n.Unsupported($"{what} is not supported: 1, 2, 3, 0.5, -0.5 and -1 are");
        }
    }

    /// <summary>1 / x.</summary>
    public static void Reciprocal(OnnxNode n) => n.Emit(s_divide, Number(n, "one", 1), n.Input(0));

    /// <summary>(x - mean) / sqrt(variance + epsilon) scale + shift over the axes from one on (Ba, Kiros and Hinton 2016).</summary>
    public static void LayerNormalisation(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = n.ShapeOf(0).Rank, axis = Axes.Normalise(n.Attributes.Integer("axis") ?? -1, rank);
        var mean = new ReduceMean { AxisList = [.. Enumerable.Range(axis, rank - axis).Select(i => (long)i)] };
        GraphValue centred = n.EmitBetween("centred", new Arithmetic(ArithmeticOperation.Sub), x, n.EmitBetween("mean", mean, x));
        GraphValue variance = n.EmitBetween("variance", mean, n.EmitBetween("squares", s_multiply, centred, centred));
        GraphValue raised = n.EmitBetween("raised", s_add, variance, Number(n, "epsilon", n.Attributes.Float("epsilon") ?? 1e-5f));
        GraphValue divisor = n.EmitBetween("deviation", new SquareRoot(), raised);
        if (n.HasInput(2))
            n.Emit(s_add, n.EmitBetween("scaled", s_multiply, n.EmitBetween("normal", s_divide, centred, divisor), n.Input(1)), n.Input(2));
        else
            n.Emit(s_multiply, n.EmitBetween("normal", s_divide, centred, divisor), n.Input(1));
        for (int output = 1; output < n.OutputCount; output++)
            n.Refuse(output, "means and deviations are outputs of training");
    }

    /// <summary>max(x, 0) and alpha (e^(scale min(x, 0)) - 1).</summary>
    static GraphValue[] Halves(OnnxNode n, float alpha, float scale)
    {
        GraphValue below = n.EmitBetween("below", new Clip(maximum: 0), n.Input(0));
        if (scale != 1)
            below = Times(n, "stretched", below, scale);
        return [n.EmitBetween("above", new Relu(), n.Input(0)), Times(n, "bent", n.EmitBetween("curve", new Elu(), below), alpha)];
    }

    static GraphValue Linear(OnnxNode n, GraphValue x, float factor, float summand) =>
        n.EmitBetween("shifted", s_add, Times(n, "factored", x, factor), Number(n, "summand", summand));

    static GraphValue Times(OnnxNode n, string suffix, GraphValue x, float factor) => n.EmitBetween(suffix, s_multiply, x, Number(n, $"{suffix} by", factor));

    static GraphValue Number(OnnxNode n, string suffix, float value) => GraphValue.Of($"{n.Name}/{suffix}", new MemoryWeights([value], 1));
}
