using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>The numbers of a discrete Fourier transform of real planes by two matrix products.</summary>
/// <remarks>A spectrum has H rows of the real parts of F = W / 2 + 1 frequencies and then their imaginary parts; the other frequencies are conjugates. A plane is
/// x(y, u) = Re sum over k, l of g(k, l) S(k, l) exp(2 pi i (k y / H + l u / W)).</remarks>
/// <param name="height">H.</param>
/// <param name="width">W.</param>
internal sealed class Spectrum(int height, int width)
{
    /// <summary>F.</summary>
    public int Frequencies { get; } = width / 2 + 1;

    /// <summary>2F x 2W: a row of a spectrum times it is sum over l of S(k, l) exp(2 pi i l u / W), W real parts and then W imaginary ones.</summary>
    public float[] AlongRows()
    {
        var matrix = new float[2 * Frequencies * 2 * width];
        for (int l = 0; l < Frequencies; l++)
        {
            for (int u = 0; u < width; u++)
            {
                (double sine, double cosine) = Wave(l, u, width);
                int real = l * 2 * width + u, imaginary = (Frequencies + l) * 2 * width + u;
                (matrix[real], matrix[real + width]) = ((float)cosine, (float)sine);
                (matrix[imaginary], matrix[imaginary + width]) = ((float)-sine, (float)cosine);
            }
        }

        return matrix;
    }

    /// <summary>H x 2H: that times it, the real and the imaginary part of a row being rows of W, is the plane.</summary>
    public float[] AlongColumns()
    {
        var matrix = new float[height * 2 * height];
        for (int y = 0; y < height; y++)
        {
            for (int k = 0; k < height; k++)
            {
                (double sine, double cosine) = Wave(k, y, height);
                int at = (y * height + k) * 2;
                (matrix[at], matrix[at + 1]) = ((float)cosine, (float)-sine);
            }
        }

        return matrix;
    }

    /// <summary>g for the places of a spectrum, both parts: one over the frequency, times how many frequencies (k, l) stands for, times what gives planes the variance of a spectrum of
    /// independent numbers.</summary>
    public double[] Gains()
    {
        var gains = new double[height * 2 * Frequencies];
        double sum = 0;
        for (int k = 0; k < height; k++)
        {
            for (int l = 0; l < Frequencies; l++)
            {
                double gain = Multiplicity(l) / Frequency(k, l);
                int at = k * 2 * Frequencies + l;
                gains[at] = gains[at + Frequencies] = gain;
                sum += gain * gain;
            }
        }

        return Array.ConvertAll(gains, g => g / Math.Sqrt(sum));
    }

    /// <summary>What the adjoint of the products, without gains, is multiplied with to be the spectrum of a plane.</summary>
    public double[] Inverse(double[] gains)
    {
        var inverse = new double[gains.Length];
        for (int i = 0; i < inverse.Length; i++)
            inverse[i] = Multiplicity(i % Frequencies) / ((double)height * width * gains[i]);
        return inverse;
    }

    // Cycles per pixel; the mean counts as the lowest frequency there is.
    double Frequency(int k, int l)
    {
        double y = Math.Min(k, height - k) / (double)height, x = l / (double)width;
        return Math.Max(Math.Sqrt(y * y + x * x), 1.0 / Math.Max(height, width));
    }

    int Multiplicity(int l) => l == 0 || 2 * l == width ? 1 : 2;

    // Reduced before it is multiplied with pi: the angle is then as exact as a double is.
    static (double Sine, double Cosine) Wave(int frequency, int place, int size) => Math.SinCos(2 * Math.PI * ((long)frequency * place % size) / size);
}
