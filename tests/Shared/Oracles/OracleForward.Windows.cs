using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    /// <summary>Rows and columns of padding in front of the first.</summary>
    public static (int Top, int Left) LeadingPads(Window w, Shape x)
    {
        return (Of(w.Pads.Top, x.H, w.Kernel.Y, w.Stride.Y, w.Dilation.Y), Of(w.Pads.Left, x.W, w.Kernel.X, w.Stride.X, w.Dilation.X));

        int Of(int given, int extent, int kernel, int stride, int dilation)
        {
            if (w.AutoPad == AutoPad.Explicit) return given;
            if (w.AutoPad == AutoPad.Valid) return 0;
            int windows = (int)Math.Ceiling(extent / (double)stride);
            int total = Math.Max(0, (windows - 1) * stride + dilation * (kernel - 1) + 1 - extent);
            return w.AutoPad == AutoPad.SameUpper ? total / 2 : (total + 1) / 2;
        }
    }

    public static Window WholePlane(Shape x) => new() { Kernel = (x.H, x.W) };

    static OracleArray Convolve(Convolution layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        float[] f = layer.Weight.ToArray();
        float[]? bias = layer.Bias?.ToArray();
        Window w = layer.Sliding;
        (int top, int left) = LeadingPads(w, x.Shape);
        int perGroup = x.Shape.C / layer.Groups, filters = shape.C / layer.Groups;
        for (int i = 0; i < y.Values.Length; i++)
        {
            int column = i % shape.W, row = i / shape.W % shape.H, k = i / (shape.W * shape.H) % shape.C, n = i / shape.SampleCount;
            double sum = bias is null ? 0 : bias[k];
            for (int c = 0; c < perGroup; c++)
            {
                for (int a = 0; a < w.Kernel.Y; a++)
                {
                    for (int b = 0; b < w.Kernel.X; b++)
                    {
                        int v = row * w.Stride.Y + a * w.Dilation.Y - top, u = column * w.Stride.X + b * w.Dilation.X - left;
                        if (v >= 0 && v < x.Shape.H && u >= 0 && u < x.Shape.W)
                            sum += f[((k * perGroup + c) * w.Kernel.Y + a) * w.Kernel.X + b] * x[n, k / filters * perGroup + c, v, u];
                    }
                }
            }

            y.Values[i] = sum;
        }

        return y;
    }

    static OracleArray Spread(TransposedConvolution layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        float[] f = layer.Weight.ToArray();
        float[]? bias = layer.Bias?.ToArray();
        Window w = layer.Sliding;
        int perGroup = x.Shape.C / layer.Groups, filters = shape.C / layer.Groups, plane = shape.H * shape.W;
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] = bias is null ? 0 : bias[i / plane % shape.C];
        for (int i = 0; i < x.Values.Length; i++)
        {
            Shape s = x.Shape;
            int column = i % s.W, row = i / s.W % s.H, c = i / (s.W * s.H) % s.C, n = i / s.SampleCount;
            for (int k = 0; k < filters; k++)
            {
                for (int a = 0; a < w.Kernel.Y; a++)
                {
                    for (int b = 0; b < w.Kernel.X; b++)
                    {
                        int v = row * w.Stride.Y + a * w.Dilation.Y - w.Pads.Top, u = column * w.Stride.X + b * w.Dilation.X - w.Pads.Left;
                        if (v >= 0 && v < shape.H && u >= 0 && u < shape.W)
                            y[n, c / perGroup * filters + k, v, u] += f[((c * filters + k) * w.Kernel.Y + a) * w.Kernel.X + b] * x.Values[i];
                    }
                }
            }
        }

        return y;
    }

    /// <summary>Max pooling; notes the position of each maximum in its plane where <paramref name="switches"/> is given.</summary>
    public static OracleArray Maximum(Window w, Shape shape, OracleArray x, int[]? switches)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            double best = double.NegativeInfinity;
            int at = -1;
            foreach ((int v, int u) in Inside(w, shape, x.Shape, i))
            {
                double value = x[i / shape.SampleCount, i / (shape.H * shape.W) % shape.C, v, u];
                // The first of equals stays; NaN wins, and the first NaN stays.
                if (at < 0 || value > best || (double.IsNaN(value) && !double.IsNaN(best)))
                    (best, at) = (value, v * x.Shape.W + u);
            }

            y.Values[i] = best;
            if (switches is not null) switches[i] = at;
        }

        return y;
    }

    static OracleArray Mean(Window w, bool countsPads, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        (int top, int left) = LeadingPads(w, x.Shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            double sum = 0;
            int inside = 0;
            foreach ((int v, int u) in Inside(w, shape, x.Shape, i))
            {
                sum += x[i / shape.SampleCount, i / (shape.H * shape.W) % shape.C, v, u];
                inside++;
            }

            // Padding counts, what ceil mode lets stick out beyond it does not.
            int rows = Math.Min(w.Kernel.Y, x.Shape.H + w.Pads.Bottom + top - i / shape.W % shape.H * w.Stride.Y);
            int columns = Math.Min(w.Kernel.X, x.Shape.W + w.Pads.Right + left - i % shape.W * w.Stride.X);
            y.Values[i] = sum / (countsPads ? rows * columns : inside);
        }

        return y;
    }

    /// <summary>The pixels inside the plane that pooled value <paramref name="i"/> sees, row by row.</summary>
    static IEnumerable<(int Y, int X)> Inside(Window w, Shape pooled, Shape x, int i)
    {
        (int top, int left) = LeadingPads(w, x);
        int row = i / pooled.W % pooled.H, column = i % pooled.W;
        for (int a = 0; a < w.Kernel.Y; a++)
        {
            for (int b = 0; b < w.Kernel.X; b++)
            {
                int v = row * w.Stride.Y + a * w.Dilation.Y - top, u = column * w.Stride.X + b * w.Dilation.X - left;
                if (v >= 0 && v < x.H && u >= 0 && u < x.W) yield return (v, u);
            }
        }
    }
}
