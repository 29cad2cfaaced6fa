using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>What a search for images computes beside the network, in doubles and by the definitions of spec section 6.</summary>
internal static class ImageOracle
{
    /// <summary>The total variation of an image of a batch, without a normaliser.</summary>
    public static double Variation(OracleArray x, int image, double beta)
    {
        double sum = 0;
        ForEach(x.Shape, image, (n, c, v, u) => sum += Math.Pow(Squared(x, n, c, v, u, out _, out _), beta / 2));
        return sum;
    }

    /// <summary>What it changes by: each place gives to itself, to the next column and to the next row.</summary>
    public static OracleArray VariationGradient(OracleArray x, double beta)
    {
        var gradient = new OracleArray(x.Shape);
        for (int image = 0; image < x.Shape.N; image++)
        {
            ForEach(x.Shape, image, (n, c, v, u) =>
            {
                double square = Squared(x, n, c, v, u, out double d1, out double d2);
                double q = beta * Math.Pow(Math.Max(Math.Pow(square, beta / 2), 1e-6), 1 - 2 / beta);
                gradient[n, c, v, u] -= q * (d1 + d2);
                if (u + 1 < x.Shape.W)
                    gradient[n, c, v, u + 1] += q * d1;
                if (v + 1 < x.Shape.H)
                    gradient[n, c, v + 1, u] += q * d2;
            });
        }

        return gradient;
    }

    /// <summary>The bounded range of an image of a batch: the sum over pixels of (norm / bound)^alpha.</summary>
    public static double Range(OracleArray x, int image, double alpha, double bound)
    {
        double sum = 0;
        for (int v = 0; v < x.Shape.H; v++)
        {
            for (int u = 0; u < x.Shape.W; u++)
                sum += Math.Pow(Math.Sqrt(Square(x, image, v, u)) / bound, alpha);
        }

        return sum;
    }

    /// <summary>What it changes by; nothing where the norm is 0.</summary>
    public static OracleArray RangeGradient(OracleArray x, double alpha, double bound)
    {
        var gradient = new OracleArray(x.Shape);
        for (int image = 0; image < x.Shape.N; image++)
        {
            ForEach(x.Shape, image, (n, c, v, u) =>
            {
                double square = Square(x, n, v, u);
                gradient[n, c, v, u] = square == 0 ? 0 : alpha / Math.Pow(bound, alpha) * x[n, c, v, u] * Math.Pow(square, alpha / 2 - 1);
            });
        }

        return gradient;
    }

    /// <summary>Central differences of a function of an array, each over twice the step.</summary>
    public static double[] Differences(OracleArray x, double step, Func<OracleArray, double> function)
    {
        var gradient = new double[x.Values.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            double value = x.Values[i];
            x.Values[i] = value + step;
            double above = function(x);
            x.Values[i] = value - step;
            gradient[i] = (above - function(x)) / (2 * step);
            x.Values[i] = value;
        }

        return gradient;
    }

    /// <summary>Algorithm 1: G = rho G + g^2; mu = rho mu - g / (1 / rate + sqrt(G)); x += mu. Without squares mu = rho mu - rate g.</summary>
    public static void MomentumStep(OracleArray x, double[] gradient, double[]? squares, double[] momentum, double rate, double rho)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            double step = rate * gradient[i];
            if (squares is not null)
            {
                squares[i] = rho * squares[i] + gradient[i] * gradient[i];
                step = gradient[i] / (1 / rate + Math.Sqrt(squares[i]));
            }

            momentum[i] = rho * momentum[i] - step;
            x.Values[i] += momentum[i];
        }
    }

    /// <summary>Adam, step t from 1.</summary>
    public static void AdamStep(OracleArray x, double[] gradient, double[] mean, double[] variance, int t, double rate, double b1, double b2, double epsilon)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            mean[i] = b1 * mean[i] + (1 - b1) * gradient[i];
            variance[i] = b2 * variance[i] + (1 - b2) * gradient[i] * gradient[i];
            x.Values[i] -= rate * (mean[i] / (1 - Math.Pow(b1, t))) / (Math.Sqrt(variance[i] / (1 - Math.Pow(b2, t))) + epsilon);
        }
    }

    /// <summary>Puts every pixel whose norm is above the radius on the sphere of that radius.</summary>
    public static void DrawBack(OracleArray x, double radius)
    {
        for (int n = 0; n < x.Shape.N; n++)
        for (int v = 0; v < x.Shape.H; v++)
        for (int u = 0; u < x.Shape.W; u++)
        {
            double norm = Math.Sqrt(Square(x, n, v, u));
            for (int c = 0; c < x.Shape.C && norm > radius; c++)
                x[n, c, v, u] *= radius / norm;
        }
    }

    /// <summary>Bilinear samples at the places an affine map tells, 0 outside.</summary>
    public static OracleArray Warp(OracleArray x, int h, int w, ReadOnlySpan<float> t)
    {
        var y = new OracleArray(new Shape(x.Shape.N, x.Shape.C, h, w));
        for (int v = 0; v < h; v++)
        for (int u = 0; u < w; u++)
        {
            double row = (double)t[0] * v + (double)t[1] * u + t[2], column = (double)t[3] * v + (double)t[4] * u + t[5];
            for (int r = 0; r < x.Shape.H; r++)
            for (int c = 0; c < x.Shape.W; c++)
            {
                // The tent of a pixel reaches to its neighbours.
                double weight = Math.Max(0, 1 - Math.Abs(row - r)) * Math.Max(0, 1 - Math.Abs(column - c));
                for (int n = 0; n < x.Shape.N && weight > 0; n++)
                for (int channel = 0; channel < x.Shape.C; channel++)
                    y[n, channel, v, u] += weight * x[n, channel, r, c];
            }
        }

        return y;
    }

    static double Square(OracleArray x, int n, int v, int u)
    {
        double sum = 0;
        for (int c = 0; c < x.Shape.C; c++)
            sum += x[n, c, v, u] * x[n, c, v, u];
        return sum;
    }

    static double Squared(OracleArray x, int n, int c, int v, int u, out double d1, out double d2)
    {
        d1 = u + 1 < x.Shape.W ? x[n, c, v, u + 1] - x[n, c, v, u] : 0;
        d2 = v + 1 < x.Shape.H ? x[n, c, v + 1, u] - x[n, c, v, u] : 0;
        return d1 * d1 + d2 * d2;
    }

    static void ForEach(Shape shape, int image, Action<int, int, int, int> body)
    {
        for (int c = 0; c < shape.C; c++)
        for (int v = 0; v < shape.H; v++)
        for (int u = 0; u < shape.W; u++)
            body(image, c, v, u);
    }
}
