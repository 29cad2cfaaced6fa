using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>The search for one natural pre-image in double by plain loops, written from Mahendran and Vedaldi 2016 (spec 6.1 to 6.4) and not from the library.</summary>
internal sealed class PreImageOracle(Network network, double[] factor, double[] shift)
{
    /// <summary>What a part of the objective adds to the energy, given a node's values (the canvas where there is no node), and the derivative.</summary>
    public sealed record Term(Node? Node, Func<double[], double> Energy, Func<double[], double[]> Derivative);

    public List<Term> Terms { get; } = [];

    public double Alpha { get; init; } = 6;

    public double Beta { get; init; } = 2;

    public double B { get; init; } = 80;

    public double V { get; init; } = 80 / 6.5;

    public double LambdaRange { get; init; } = 1;

    public double LambdaVariation { get; init; } = 1;

    /// <summary>weight * sum M (F - F0)^2 / sum (M F0)^2.</summary>
    public static Term Match(Node node, double weight, double[] target, double[]? mask = null)
    {
        double M(int i) => mask is null ? 1 : mask[i];
        double norm = target.Select((t, i) => M(i) * t * M(i) * t).Sum();
        return new Term(node,
            f => weight * f.Select((v, i) => M(i) * (v - target[i]) * (v - target[i])).Sum() / norm,
            f => [.. f.Select((v, i) => 2 * weight * M(i) * (v - target[i]) / norm)]);
    }

    /// <summary>-weight * &lt;F, W&gt;.</summary>
    public static Term Inner(Node node, double weight, double[] direction) => new(node,
        f => -weight * f.Select((v, i) => v * direction[i]).Sum(), f => [.. direction.Select(d => -weight * d)]);

    /// <summary>weight * mean of squares.</summary>
    public static Term Square(Node? node, double weight) => new(node,
        f => weight * f.Sum(v => v * v) / f.Length, f => [.. f.Select(v => 2 * weight * v / f.Length)]);

    /// <summary>The energies of the terms, of the bounded range and of the total variation.</summary>
    public double[] Energies(OracleArray canvas, (int Y, int X) offset)
    {
        NetworkOracle run = Forward(canvas, offset);
        return [.. Terms.Select(t => t.Energy(t.Node is null ? canvas.Values : run[t.Node].Values)), Range(canvas), Variation(canvas)];
    }

    /// <summary>The energies of bounded range and total variation alone.</summary>
    public double Regularisers(OracleArray canvas) => Range(canvas) + Variation(canvas);

    /// <summary>The derivative of their sum by the canvas.</summary>
    public double[] Gradient(OracleArray canvas, (int Y, int X) offset)
    {
        NetworkOracle run = Forward(canvas, offset);
        var gradient = new OracleArray(canvas.Shape);
        foreach (Term term in Terms)
        {
            double[] own = term.Derivative(term.Node is null ? canvas.Values : run[term.Node].Values);
            if (term.Node is null)
            {
                for (int i = 0; i < own.Length; i++) gradient.Values[i] += own[i];
                continue;
            }

            var input = new OracleArray(Input, run.Backward(term.Node, own, BackwardRule.Gradient)[run.InputNode]);
            for (int c = 0; c < Input.C; c++)
                for (int y = 0; y < Input.H; y++)
                    for (int x = 0; x < Input.W; x++)
                        gradient[0, c, y + offset.Y, x + offset.X] += factor[c] * input[0, c, y, x];
        }

        AddRange(canvas, gradient);
        AddVariation(canvas, gradient);
        return gradient.Values;
    }

    /// <summary>Algorithm 1: the energies before each step; the canvas is moved.</summary>
    public List<double[]> Run(OracleArray canvas, IReadOnlyList<(int Y, int X)> offsets, double rate, double rho, double radius, bool window = true)
    {
        var energies = new List<double[]>();
        double[] squares = new double[canvas.Values.Length], momentum = new double[canvas.Values.Length];
        foreach ((int Y, int X) offset in offsets)
        {
            energies.Add(Energies(canvas, offset));
            double[] g = Gradient(canvas, offset);
            for (int i = 0; i < g.Length; i++)
            {
                squares[i] = rho * squares[i] + g[i] * g[i];
                momentum[i] = rho * momentum[i] - (window ? g[i] / (1 / rate + Math.Sqrt(squares[i])) : rate * g[i]);
                canvas.Values[i] += momentum[i];
            }

            Project(canvas, radius);
        }

        return energies;
    }

    /// <summary>Adam as its authors write it, the two means corrected before they are divided.</summary>
    public List<double[]> RunAdam(OracleArray canvas, IReadOnlyList<(int Y, int X)> offsets, double rate, double b1, double radius)
    {
        var energies = new List<double[]>();
        double[] m = new double[canvas.Values.Length], v = new double[canvas.Values.Length];
        for (int t = 1; t <= offsets.Count; t++)
        {
            energies.Add(Energies(canvas, offsets[t - 1]));
            double[] g = Gradient(canvas, offsets[t - 1]);
            for (int i = 0; i < g.Length; i++)
            {
                m[i] = b1 * m[i] + (1 - b1) * g[i];
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                canvas.Values[i] -= rate * (m[i] / (1 - Math.Pow(b1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }

            Project(canvas, radius);
        }

        return energies;
    }

    Shape Input => network.InputShape;

    NetworkOracle Forward(OracleArray canvas, (int Y, int X) offset)
    {
        var seen = new OracleArray(Input);
        for (int c = 0; c < Input.C; c++)
            for (int y = 0; y < Input.H; y++)
                for (int x = 0; x < Input.W; x++)
                    seen[0, c, y, x] = factor[c] * canvas[0, c, y + offset.Y, x + offset.X] + shift[c];
        return new NetworkOracle(network, seen);
    }

    static double Norm(OracleArray x, int v, int u) => Math.Sqrt(Enumerable.Range(0, x.Shape.C).Sum(c => x[0, c, v, u] * x[0, c, v, u]));

    static double Pixels(OracleArray x) => x.Shape.H * x.Shape.W;

    double Range(OracleArray x)
    {
        double sum = 0;
        for (int v = 0; v < x.Shape.H; v++)
            for (int u = 0; u < x.Shape.W; u++) sum += Math.Pow(Norm(x, v, u), Alpha);
        return LambdaRange * sum / (Pixels(x) * Math.Pow(B, Alpha));
    }

    void AddRange(OracleArray x, OracleArray gradient)
    {
        for (int v = 0; v < x.Shape.H; v++)
        {
            for (int u = 0; u < x.Shape.W; u++)
            {
                double norm = Norm(x, v, u);
                for (int c = 0; norm > 0 && c < x.Shape.C; c++)
                    gradient[0, c, v, u] += LambdaRange * Alpha / (Pixels(x) * Math.Pow(B, Alpha)) * x[0, c, v, u] * Math.Pow(norm, Alpha - 2);
            }
        }
    }

    static (double Right, double Down) Differences(OracleArray x, int c, int v, int u) => (
        u + 1 < x.Shape.W ? x[0, c, v, u + 1] - x[0, c, v, u] : 0, v + 1 < x.Shape.H ? x[0, c, v + 1, u] - x[0, c, v, u] : 0);

    double Variation(OracleArray x)
    {
        double sum = 0;
        for (int c = 0; c < x.Shape.C; c++)
        {
            for (int v = 0; v < x.Shape.H; v++)
            {
                for (int u = 0; u < x.Shape.W; u++)
                {
                    (double right, double down) = Differences(x, c, v, u);
                    sum += Math.Pow(right * right + down * down, Beta / 2);
                }
            }
        }

        return LambdaVariation * sum / (Pixels(x) * Math.Pow(V, Beta));
    }

    void AddVariation(OracleArray x, OracleArray gradient)
    {
        for (int c = 0; c < x.Shape.C; c++)
        {
            for (int v = 0; v < x.Shape.H; v++)
            {
                for (int u = 0; u < x.Shape.W; u++)
                {
                    (double right, double down) = Differences(x, c, v, u);
                    double power = Math.Max(Math.Pow(right * right + down * down, Beta / 2), 1e-6);
                    double q = LambdaVariation * Beta / (Pixels(x) * Math.Pow(V, Beta)) * Math.Pow(power, 1 - 2 / Beta);
                    gradient[0, c, v, u] -= q * (right + down);
                    if (u + 1 < x.Shape.W) gradient[0, c, v, u + 1] += q * right;
                    if (v + 1 < x.Shape.H) gradient[0, c, v + 1, u] += q * down;
                }
            }
        }
    }

    static void Project(OracleArray x, double radius)
    {
        for (int v = 0; v < x.Shape.H; v++)
        {
            for (int u = 0; u < x.Shape.W; u++)
            {
                double norm = Norm(x, v, u);
                for (int c = 0; norm > radius && c < x.Shape.C; c++) x[0, c, v, u] *= radius / norm;
            }
        }
    }
}
